import type { Inspection } from './inspection.js';
import { localDayOf, rowsOf, sameClockRow, type LoadGrid } from './load-grid.js';
import { medianOf } from './median.js';

/** A displacement of this many hours either way is looked for. */
export const mostHours = 12;
const comparedWeeks = 4;
const weeksBack = 7;

/** Rows `[from, to)` of one local day. */
export interface DayRows {
  readonly from: number;
  readonly to: number;
}

export function partsOfDays(grid: LoadGrid): DayRows[] {
  const days: DayRows[] = [];
  for (let from = 0; from < grid.localMs.length;) {
    const day = localDayOf(grid, from);
    let to = from + 1;
    while (to < grid.localMs.length && localDayOf(grid, to) === day) to++;
    days.push({ from, to });
    from = to;
  }
  return days;
}

/**
 * Mean |course of the day read `hours` later − usual course|, for hours −12 to 12; NaN where too little is known. The
 * usual course is the median of the same weekday in the weeks before, read where it stood then.
 */
export function misfitsOf(
  { grid, levels }: Inspection,
  { from, to }: DayRows,
  hoursAt: (row: number) => number,
): Float64Array {
  const hour = rowsOf(grid, 1);
  const misfits = new Float64Array(2 * mostHours + 1).fill(Number.NaN);
  const usual = new Float64Array(to - from);
  let known = 0;
  for (let row = from; row < to; row++) {
    let n = 0;
    for (let weeks = 1; weeks <= weeksBack && n < comparedWeeks; weeks++) {
      const source = sameClockRow(grid, row, 7 * weeks);
      if (source < 0) continue;
      const level = levels[source + hoursAt(source) * hour] ?? Number.NaN;
      if (!Number.isNaN(level)) buffer[n++] = level;
    }
    usual[row - from] = n < 2 ? Number.NaN : medianOf(buffer, n);
    if (n >= 2) known++;
  }
  if (known < 0.8 * (to - from)) return misfits;
  for (let hours = -mostHours; hours <= mostHours; hours++) {
    let [sum, n] = [0, 0];
    for (let row = from; row < to; row++) {
      const difference = (levels[row + hours * hour] ?? Number.NaN) - usual[row - from]!;
      if (Number.isNaN(difference)) continue;
      sum += difference;
      n++;
    }
    if (n < 0.8 * (to - from)) continue;
    const mean = sum / n;
    let misfit = 0;
    for (let row = from; row < to; row++) {
      const difference = (levels[row + hours * hour] ?? Number.NaN) - usual[row - from]!;
      if (!Number.isNaN(difference)) misfit += Math.abs(difference - mean);
    }
    misfits[hours + mostHours] = misfit / n;
  }
  if (misfits.some((misfit) => Number.isNaN(misfit))) misfits.fill(Number.NaN);
  return misfits;
}

const buffer = new Float64Array(comparedWeeks);
