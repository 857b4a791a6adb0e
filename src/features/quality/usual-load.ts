import { sameClockRow, type LoadGrid } from './load-grid.js';
import { medianOf } from './median.js';

/** What a load is compared with: medians of the same local clock on days before and after, on the scale of `levels`. */
export interface UsualLoad {
  /** of the three days before and the three after */
  readonly byDays: Float64Array;
  /** of the same weekday of the four weeks before and the four after */
  readonly byWeeks: Float64Array;
}

const nearDays = [1, 2, 3, -1, -2, -3];
const nearWeeks = [7, 14, 21, 28, -7, -14, -21, -28];
const leastKnown = 3;

/** @param levels load on a scale, shape (rows,), NaN = missing or not believed */
export function usualLoad(grid: LoadGrid, levels: Float64Array): UsualLoad {
  return {
    byDays: medianOfDays(grid, levels, nearDays),
    byWeeks: medianOfDays(grid, levels, nearWeeks),
  };
}

function medianOfDays(grid: LoadGrid, levels: Float64Array, days: readonly number[]) {
  const usual = new Float64Array(levels.length);
  const found = new Float64Array(days.length);
  for (let row = 0; row < levels.length; row++) {
    let n = 0;
    for (const day of days) {
      const at = sameClockRow(grid, row, day);
      if (at >= 0 && !Number.isNaN(levels[at]!)) found[n++] = levels[at]!;
    }
    usual[row] = n < leastKnown ? Number.NaN : medianOf(found, n);
  }
  return usual;
}

/**
 * How much more a load rose from `anchor` to `row` than usual, the smaller by both comparisons; 0 where they disagree on
 * the sign or nothing is known.
 */
export function unusualRise(
  levels: Float64Array,
  { byDays, byWeeks }: UsualLoad,
  anchor: number,
  row: number,
): number {
  const rise = levels[row]! - levels[anchor]!;
  const a = rise - (byDays[row]! - byDays[anchor]!);
  const b = rise - (byWeeks[row]! - byWeeks[anchor]!);
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : b;
  if (Number.isNaN(b)) return a;
  if (a * b <= 0) return 0;
  return Math.abs(a) < Math.abs(b) ? a : b;
}
