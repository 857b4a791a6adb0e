import { aboveOrBelow, duration, type Inspection, type RowFinding } from './inspection.js';
import { rowsOf, sameClockRow, type LoadGrid } from './load-grid.js';
import { medianOf, median } from './median.js';
import { spikeHours } from './spikes.js';
import { unitFactor } from './unit-factors.js';
import type { UsualJumps } from './usual-jumps.js';

/** Longer stretches are changes of level, which may be real: `findLevelShifts`. */
export const longestDays = 60;
/** Breaks that may end a stretch, tried in order of time. */
const triedEnds = 16;
/** More breaks than one row in so many are the nature of the series. */
const rowsPerBreak = 200;
const padHours = 24;
/** Without having seen the load come back, only a clearer jump within the last days counts. */
const open = { days: 7, factor: 2, least: 0.3 };

const weeksInOrder = [1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8, 9, -9];
const comparedWeeks = 6;

interface Stretch {
  readonly from: number;
  readonly to: number;
  /** on the scale */
  readonly difference: number;
}

/** Stretches of hours to weeks at another level, begun and ended from one row to the next. */
export function findWrongLevels(inspection: Inspection, jumps: UsualJumps): RowFinding[] {
  const { grid, scale } = inspection;
  return wrongStretches(inspection, jumps).map(({ from, to, difference }) => {
    const unit = scale.kind === 'ratio' ? unitFactor(difference) : null;
    const span = duration(grid, to - from);
    const where = to === grid.values.length ? ' up to the end' : '';
    return unit
      ? {
          kind: 'wrong-unit',
          from,
          to,
          factor: unit.factor,
          reason: `${span}${where} at ${unit.reason}`,
        }
      : {
          kind: 'wrong-level',
          from,
          to,
          ...(scale.kind === 'ratio' ? { factor: Math.exp(difference) } : {}),
          reason: `${span}${where} ${aboveOrBelow(scale, difference)} the expected load, begun ${where ? '' : 'and ended '}from one value to the next`,
        };
  });
}

/** The shortest first, so that what stands between two of them is not taken for one. */
function wrongStretches(given: Inspection, { rises, breakLeast }: UsualJumps): Stretch[] {
  const inspection = { ...given, levels: given.levels.slice() };
  const found: Stretch[] = [];
  const take = (stretch: Stretch | null): void => {
    if (!stretch) return;
    found.push(stretch);
    inspection.levels.fill(Number.NaN, stretch.from, stretch.to);
  };
  for (const { from, to } of candidates(given.grid, rises, breakLeast)) {
    if (found.some((stretch) => from < stretch.to && to > stretch.from)) continue;
    take(measuredStretch(inspection, from, to, breakLeast));
  }
  for (const { from, to } of openEnds(given.grid, rises, breakLeast)) {
    if (found.some((stretch) => from < stretch.to && to > stretch.from)) continue;
    take(measuredStretch(inspection, from, to, openLeast(breakLeast)));
  }
  return found.toSorted((a, b) => a.from - b.from);
}

interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Pairs of breaks that may begin and end a stretch, shortest first. */
function candidates(grid: LoadGrid, rises: Float64Array, least: number): RowRange[] {
  const breaks = largestRises(rises, least);
  const [shortest, longest] = [rowsOf(grid, spikeHours), rowsOf(grid, 24 * longestDays)];
  return breaks
    .flatMap((from, i) =>
      breaks
        .slice(i + 1)
        .filter((to) => to - from > shortest && to - from <= longest)
        .filter((to) => isReturn(rises[from]!, rises[to]!))
        .slice(0, triedEnds)
        .map((to) => ({ from, to })),
    )
    .toSorted((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from);
}

/** Stretches that had begun before the first row, or last at the end. */
function openEnds(grid: LoadGrid, rises: Float64Array, least: number): RowRange[] {
  const rows = rises.length;
  const [shortest, longest] = [rowsOf(grid, spikeHours), rowsOf(grid, 24 * open.days)];
  const clear = [...rises.keys()].filter((row) => Math.abs(rises[row]!) >= openLeast(least));
  const first = clear.find((row) => row > shortest && row <= longest);
  const last = clear.findLast((row) => rows - row > shortest && rows - row <= longest);
  return [
    ...(first === undefined ? [] : [{ from: 0, to: first }]),
    ...(last === undefined ? [] : [{ from: last, to: rows }]),
  ];
}

function openLeast(breakLeast: number): number {
  return Math.max(open.least, open.factor * breakLeast);
}

function isReturn(rise: number, back: number): boolean {
  return (
    rise * back < 0 &&
    Math.abs(back) >= 0.5 * Math.abs(rise) &&
    Math.abs(back) <= 2 * Math.abs(rise)
  );
}

/** Rows of the largest unusual rises, ascending; never more than lie in the nature of any series. */
function largestRises(rises: Float64Array, least: number): number[] {
  const rows = [...rises.keys()].filter((row) => Math.abs(rises[row]!) >= least);
  const most = Math.max(20, Math.ceil(rises.length / rowsPerBreak));
  if (rows.length <= most) return rows;
  return rows
    .toSorted((a, b) => Math.abs(rises[b]!) - Math.abs(rises[a]!))
    .slice(0, most)
    .toSorted((a, b) => a - b);
}

/**
 * How far the rows `[from, to)` lie off what the weeks outside of them let expect, beside how far the day before and the
 * day after do; null if that is not one clear step up and one down.
 */
function measuredStretch(
  inspection: Inspection,
  from: number,
  to: number,
  least: number,
): Stretch | null {
  const { grid, levels } = inspection;
  const pad = rowsOf(grid, padHours);
  const offsetsOf = (first: number, end: number): number[] => {
    const offsets: number[] = [];
    for (let row = Math.max(0, first); row < Math.min(levels.length, end); row++) {
      const offset = levels[row]! - expectedOutside(inspection, row, from, to);
      if (!Number.isNaN(offset)) offsets.push(offset);
    }
    return offsets;
  };
  const inside = offsetsOf(from, to);
  const before = offsetsOf(from - pad, from);
  const after = offsetsOf(to, to + pad);
  if (inside.length < 0.5 * (to - from) || before.length + after.length < 3) return null;
  const base = median([...before, ...after]);
  const difference = median(inside) - base;
  if (Math.abs(difference) < 0.8 * least) return null;
  // What stands between two wrong stretches is not wrong itself.
  if (Math.abs(median(inside)) < Math.abs(base)) return null;
  const sides = [before, after]
    .filter((side) => side.length > 2)
    .map((side) => median(side) - base);
  if (sides.some((side) => Math.abs(side) > 0.3 * Math.abs(difference))) return null;
  const standing = inside.filter((offset) => (offset - base) / difference > 0.45).length;
  return standing >= 0.85 * inside.length ? { from, to, difference } : null;
}

/** Median of the same clock and weekday in the nearest weeks outside of `[from, to)`; NaN if fewer than two are known. */
function expectedOutside(
  { grid, levels }: Inspection,
  row: number,
  from: number,
  to: number,
): number {
  let n = 0;
  for (const weeks of weeksInOrder) {
    const at = sameClockRow(grid, row, 7 * weeks);
    if (at < 0 || (at >= from && at < to) || Number.isNaN(levels[at]!)) continue;
    buffer[n++] = levels[at]!;
    if (n === comparedWeeks) break;
  }
  return n < 2 ? Number.NaN : medianOf(buffer, n);
}

const buffer = new Float64Array(comparedWeeks);
