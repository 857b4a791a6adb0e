import { sortedQuantile } from '../../core/metrics.js';

/**
 * The scale on which loads are compared: logarithms for a positive series, so that differences are ratios; else MW in
 * units of the usual range of a day, for ratios say nothing of a series that crosses zero.
 */
export interface LoadScale {
  readonly kind: 'ratio' | 'range';
  /** MW of one unit on the `range` scale, 1 on the other */
  readonly unitMw: number;
  /** NaN for a missing load, and for one that is not positive on the `ratio` scale */
  readonly of: (loadMw: number) => number;
}

/** A series whose loads are positive but for so few is positive. */
const positiveShare = 0.9;

export function loadScale(loadMw: Float64Array, rowsPerDay: number): LoadScale {
  if (isPositive(loadMw))
    return { kind: 'ratio', unitMw: 1, of: (load) => (load > 0 ? Math.log(load) : Number.NaN) };
  const unitMw = usualDailyRange(loadMw, rowsPerDay);
  return { kind: 'range', unitMw, of: (load) => load / unitMw };
}

export function toScale(loadMw: Float64Array, scale: LoadScale): Float64Array {
  return loadMw.map((load) => scale.of(load));
}

/** Net load behind solar panels may be negative; faults such as zeros and a reversed sign make a tenth at most. */
function isPositive(loadMw: Float64Array): boolean {
  let known = 0;
  let positive = 0;
  for (const load of loadMw) {
    if (Number.isFinite(load)) known++;
    if (load > 0) positive++;
  }
  return positive > positiveShare * known;
}

/** Median over the days of largest less smallest load; 1 where that is nothing. */
function usualDailyRange(loadMw: Float64Array, rowsPerDay: number): number {
  const ranges: number[] = [];
  for (let from = 0; from + rowsPerDay <= loadMw.length; from += rowsPerDay) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let row = from; row < from + rowsPerDay; row++) {
      const load = loadMw[row]!;
      if (Number.isNaN(load)) continue;
      low = Math.min(low, load);
      high = Math.max(high, load);
    }
    if (high > low) ranges.push(high - low);
  }
  return (
    sortedQuantile(
      ranges.sort((a, b) => a - b),
      0.5,
    ) || 1
  );
}
