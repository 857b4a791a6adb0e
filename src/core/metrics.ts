import type { Accuracy } from './evaluation.js';
import { quantileLevels } from './forecast.js';

const noFigures: Accuracy = {
  n: 0,
  nonPositive: 0,
  mape: Number.NaN,
  mae: Number.NaN,
  rmse: Number.NaN,
  bias: Number.NaN,
  r2: Number.NaN,
  nmae: Number.NaN,
  pinballPct: Number.NaN,
  coverage1090: Number.NaN,
  widthPct: Number.NaN,
};

/**
 * Accuracy of one set of hours.
 * @param actualMw observed load, shape (n,); hours that are NaN are skipped
 * @param forecastMw point forecast, shape (n,); hours that are NaN are skipped
 * @param quantilesMw row-major, shape (n, 7) in the order of `quantileLevels`; absent for a point forecast
 * @throws {RangeError} if lengths differ
 */
export function accuracy(
  actualMw: ArrayLike<number>,
  forecastMw: ArrayLike<number>,
  quantilesMw?: ArrayLike<number>,
): Accuracy {
  const levels = quantileLevels.length;
  if (
    actualMw.length !== forecastMw.length ||
    (quantilesMw && quantilesMw.length !== actualMw.length * levels)
  )
    throw new RangeError(
      `Lengths differ: ${actualMw.length} actual, ${forecastMw.length} forecast, ${quantilesMw?.length ?? 0} quantiles`,
    );
  const sums = { n: 0, load: 0, error: 0, absolute: 0, square: 0, relative: 0, relativeN: 0 };
  const bands = { pinball: 0, inside: 0, width: 0 };
  for (let i = 0; i < actualMw.length; i++) {
    const actual = at(actualMw, i);
    const error = at(forecastMw, i) - actual;
    if (!Number.isFinite(error)) continue;
    sums.n++;
    sums.load += actual;
    sums.error += error;
    sums.absolute += Math.abs(error);
    sums.square += error * error;
    if (actual > 0) {
      sums.relative += Math.abs(error) / actual;
      sums.relativeN++;
    }
    if (!quantilesMw) continue;
    for (const [q, level] of quantileLevels.entries())
      bands.pinball += pinball(actual, at(quantilesMw, i * levels + q), level) / levels;
    const low = at(quantilesMw, i * levels + 1);
    const high = at(quantilesMw, i * levels + 5);
    bands.width += high - low;
    if (actual >= low && actual <= high) bands.inside++;
  }
  if (sums.n === 0) return noFigures;
  const mean = sums.load / sums.n;
  let spread = 0;
  for (let i = 0; i < actualMw.length; i++) {
    const actual = at(actualMw, i);
    if (Number.isFinite(at(forecastMw, i) - actual)) spread += (actual - mean) ** 2;
  }
  // Sums of a constant load differ from it by rounding; shares of a load that is not positive say nothing.
  const constant = spread <= sums.n * (1e-12 * mean) ** 2;
  const ofMeanLoad = (sum: number): number => (mean > 0 ? sum / sums.n / mean : Number.NaN);
  const share = (sum: number): number => (quantilesMw ? 100 * ofMeanLoad(sum) : Number.NaN);
  return {
    n: sums.n,
    nonPositive: sums.n - sums.relativeN,
    mape: sums.relativeN > 0 ? (100 * sums.relative) / sums.relativeN : Number.NaN,
    mae: sums.absolute / sums.n,
    rmse: Math.sqrt(sums.square / sums.n),
    bias: sums.error / sums.n,
    r2: constant ? Number.NaN : 1 - sums.square / spread,
    nmae: ofMeanLoad(sums.absolute),
    pinballPct: share(bands.pinball),
    coverage1090: quantilesMw ? (100 * bands.inside) / sums.n : Number.NaN,
    widthPct: share(bands.width),
  };
}

/**
 * Pinball loss of one quantile forecast.
 * @param level probability level in (0, 1)
 * @see Koenker & Bassett (1978), Econometrica 46(1)
 */
export function pinball(actual: number, forecast: number, level: number): number {
  const error = actual - forecast;
  return Math.max(level * error, (level - 1) * error);
}

/**
 * Quantile of an ascending sample by linear interpolation (Hyndman & Fan 1996, type 7).
 * @returns NaN for an empty sample
 */
export function sortedQuantile(ascending: ArrayLike<number>, level: number): number {
  if (ascending.length === 0) return Number.NaN;
  const position = level * (ascending.length - 1);
  const below = Math.floor(position);
  const low = at(ascending, below);
  const high = at(ascending, Math.min(below + 1, ascending.length - 1));
  return low + (position - below) * (high - low);
}

/**
 * Quantile of an ascending sample whose values count by their weights, by linear interpolation between the middles of
 * their shares.
 * @param weights above 0, shape of `ascending`
 * @returns NaN for an empty sample
 */
export function weightedQuantile(
  ascending: ArrayLike<number>,
  weights: ArrayLike<number>,
  level: number,
): number {
  const n = ascending.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += at(weights, i);
  let below = 0;
  let middleBefore = 0;
  for (let i = 0; i < n; i++) {
    const middle = (below + at(weights, i) / 2) / total;
    if (middle >= level) {
      if (i === 0) return at(ascending, 0);
      const share = (level - middleBefore) / (middle - middleBefore);
      return at(ascending, i - 1) + share * (at(ascending, i) - at(ascending, i - 1));
    }
    below += at(weights, i);
    middleBefore = middle;
  }
  return n === 0 ? Number.NaN : at(ascending, n - 1);
}

/** Mean of the finite values; NaN if there are none. */
export function finiteMean(values: ArrayLike<number>): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i);
    if (!Number.isFinite(value)) continue;
    sum += value;
    n++;
  }
  return n > 0 ? sum / n : Number.NaN;
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}
