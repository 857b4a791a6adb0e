import { duration, rounded, type Inspection, type RowFinding } from './inspection.js';
import { rowsOf } from './load-grid.js';
import { stuckRuns } from './stuck-values.js';

const stuckHours = 4;
const straightHours = 4;
/** A straight line tells only where a load usually bends by so many times what rounding can do. */
const bendOverRounding = 8;

/** Values that do not move. Zeros are told by `findNotPositive`. */
export function findStuck({ grid }: Inspection): RowFinding[] {
  return stuckRuns(grid.values, rowsOf(grid, stuckHours))
    .filter(({ from }) => grid.values[from] !== 0)
    .map(({ from, to }) => ({
      kind: 'stuck',
      from,
      to,
      reason: `${rounded(grid.values[from]!)} MW repeated for ${duration(grid, to - from + 1)}; the meter or its transmission stood still`,
    }));
}

/**
 * Straight lines between two values, as gap filling leaves them: constant differences but for rounding, over at least
 * 4 h. The ends were measured.
 */
export function findInterpolated({ grid }: Inspection): RowFinding[] {
  const { values } = grid;
  const rounding = roundingOf(values);
  if (usualBend(values) < bendOverRounding * rounding) return [];
  const least = Math.max(3, rowsOf(grid, straightHours));
  const findings: RowFinding[] = [];
  for (let from = 0; from + least + 1 < values.length; from++) {
    const to = endOfLine(values, from, rounding);
    // values[from] and values[to] are the measured ends
    if (to - from - 1 < least) continue;
    findings.push({
      kind: 'interpolated',
      from: from + 1,
      to,
      reason: `a straight line for ${duration(grid, to - from - 1)} from ${rounded(values[from]!)} to ${rounded(values[to]!)} MW; a gap was filled by interpolation`,
    });
    from = to - 1;
  }
  return findings;
}

/** Last row of the straight line that begins at `from`. */
function endOfLine(values: Float64Array, from: number, rounding: number): number {
  const start = values[from]!;
  const first = values[from + 1]! - start;
  if (!(Math.abs(first) > rounding)) return from;
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  let to = from;
  for (let row = from + 1; row < values.length; row++) {
    const rise = values[row]! - start;
    if (Number.isNaN(rise)) break;
    const steps = row - from;
    if (!(rise >= low * steps - rounding * 1e-6 && rise <= high * steps + rounding * 1e-6)) break;
    // Slopes for which the line so far stays within rounding of every value.
    low = Math.max(low, (rise - rounding) / steps);
    high = Math.min(high, (rise + rounding) / steps);
    if (low > high) break;
    to = row;
  }
  return to;
}

/** The largest power of ten that almost all values are multiples of, MW; never below 1e-9 of their size. */
export function roundingOf(values: Float64Array): number {
  let largest = 0;
  for (const value of values)
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  const finest = Math.max(Number.MIN_VALUE, largest * 1e-9);
  for (let unit = 10 ** Math.floor(Math.log10(largest || 1)); unit > finest; unit /= 10) {
    let known = 0;
    let multiples = 0;
    for (let row = 0; row < values.length; row += 7) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      known++;
      if (Math.abs(value / unit - Math.round(value / unit)) < 1e-6) multiples++;
    }
    if (multiples > 0.95 * known) return unit;
  }
  return finest;
}

/** Median |second difference|. */
export function usualBend(values: Float64Array): number {
  const bends: number[] = [];
  for (let row = 1; row < values.length - 1; row += 3) {
    const bend = Math.abs(values[row + 1]! - 2 * values[row]! + values[row - 1]!);
    if (Number.isFinite(bend)) bends.push(bend);
  }
  bends.sort((a, b) => a - b);
  return bends[bends.length >> 1] ?? 0;
}
