import { dayMs } from '../../core/time.js';
import { rounded, type Inspection, type RowFinding } from './inspection.js';
import { localDayOf, rowsOf, sameClockRow, type LoadGrid } from './load-grid.js';
import type { UsualLoad } from './usual-load.js';

/** Days that must be known both ways before a year is judged. */
const leastDays = 30;
/** Exchanged days differ from the weeks around at most by this share of what the days as filed do. */
const mostLeft = 0.75;
/** A difference counts up to this much, so that no wild value decides. */
const mostOfARow = 0.7;

/**
 * Calendar years whose days up to the 12th fit the same weekdays of the weeks around only with day and month exchanged;
 * consecutive ones make one finding.
 */
export function findDayMonth(inspection: Inspection, { byWeeks }: UsualLoad): RowFinding[] {
  const { grid, levels } = inspection;
  const findings: RowFinding[] = [];
  for (const { from, to } of rowsOfYears(grid)) {
    const rows = exchangedRows(grid, [{ from, to }]);
    let [filed, exchanged, known] = [0, 0, 0];
    for (let row = from; row < to; row++) {
      const other = rows[row]!;
      if (other === row || other < 0) continue;
      const [before, after] = [row, other].map((at) => Math.abs(levels[at]! - byWeeks[row]!));
      if (!Number.isFinite(before! + after!)) continue;
      filed += Math.min(mostOfARow, before!);
      exchanged += Math.min(mostOfARow, after!);
      known++;
    }
    if (known < leastDays * rowsOf(grid, 24) || !(exchanged < mostLeft * filed)) continue;
    const reason = `day and month are exchanged in dates up to the 12th: exchanged back, these days lie ${rounded(filed / exchanged)} times as near to the same weekdays of the weeks around; say the order of dates when importing`;
    const last = findings.at(-1);
    if (last?.to === from) findings[findings.length - 1] = { ...last, to };
    else findings.push({ kind: 'day-month', from, to, reason });
  }
  return findings;
}

/**
 * Row that holds the load of each row's own date, where day and month are exchanged in the stretches given; −1 where
 * that date is not there.
 */
export function exchangedRows(
  grid: LoadGrid,
  stretches: readonly Pick<RowFinding, 'from' | 'to'>[],
): Int32Array {
  const rows = Int32Array.from(grid.values, (_, row) => row);
  for (const { from, to } of stretches)
    for (let row = from; row < to; row++) {
      const day = localDayOf(grid, row);
      const other = exchangedDay(day);
      if (other !== day) rows[row] = sameClockRow(grid, row, day - other);
    }
  return rows;
}

/** Day number of the date with day and month exchanged; the day itself beyond the 12th. */
function exchangedDay(day: number): number {
  const date = new Date(day * dayMs);
  const [month, dayOfMonth] = [date.getUTCMonth(), date.getUTCDate()];
  return dayOfMonth > 12 ? day : Date.UTC(date.getUTCFullYear(), dayOfMonth - 1, month + 1) / dayMs;
}

function yearOf(day: number): number {
  return new Date(day * dayMs).getUTCFullYear();
}

function rowsOfYears(grid: LoadGrid): { from: number; to: number }[] {
  const years = new Map<number, { from: number; to: number }>();
  let day = Number.NaN;
  let year = 0;
  for (let row = 0; row < grid.localMs.length; row++) {
    const today = localDayOf(grid, row);
    if (today !== day) [day, year] = [today, yearOf(today)];
    const part = years.get(year);
    if (part) part.to = row + 1;
    else years.set(year, { from: row, to: row + 1 });
  }
  return [...years.values()];
}
