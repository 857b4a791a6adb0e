import { horizonHours, quantileLevels } from '../core/forecast.js';
import { errorOn, type LoadScale } from '../core/load-scale.js';
import { sortedQuantile } from '../core/metrics.js';
import type { ScoredForecast } from './past-forecast.js';

const memoryForecasts = 120;
const enoughErrors = 30;
/** log errors of a forecast nobody has scored yet, by level: about ±16 % at the 10–90 band */
const unscoredSpread = [-0.25, -0.16, -0.07, 0, 0.07, 0.16, 0.25];

/**
 * Quantile forecasts from past errors (of the logarithm, on that scale) of the blend at the same lead time ± 1 hour within the lead day. With few
 * past forecasts the whole lead day is pooled, then the whole horizon; with none a fixed wide band is given. The point
 * forecast always lies inside the band from 0.1 to 0.9.
 * @param pointMw shape (horizon,), MW
 * @param past ascending by issue time, scored with what is known now
 * @returns row-major, shape (horizon, 7), MW; non-decreasing in each row
 */
export function errorQuantiles(
  pointMw: Float64Array,
  past: readonly ScoredForecast[],
  scale: LoadScale = 'log',
): Float64Array {
  const errors = leadErrors(past.slice(-memoryForecasts), scale);
  const unscored =
    scale === 'log' ? unscoredSpread : unscoredSpread.map((spread) => spread * meanSize(pointMw));
  const levels = quantileLevels.length;
  const quantilesMw = new Float64Array(horizonHours * levels);
  for (let lead = 0; lead < horizonHours; lead++) {
    const spread = spreadAt(errors, lead) ?? unscored;
    const sign = Math.sign(pointMw[lead]!); // below zero the larger size is the lower quantile
    let floor = Number.NEGATIVE_INFINITY;
    for (let q = 0; q < levels; q++) {
      const value =
        scale === 'log'
          ? pointMw[lead]! * Math.exp(sign * spread[q]!)
          : pointMw[lead]! + spread[q]!;
      floor = Math.max(floor, value);
      quantilesMw[lead * levels + q] = floor;
    }
  }
  return quantilesMw;
}

/** Finite errors of the blend for each lead hour. */
function leadErrors(past: readonly ScoredForecast[], scale: LoadScale): number[][] {
  return Array.from({ length: horizonHours }, (_, lead) =>
    past
      .map((forecast) => errorOn(scale, forecast.actualMw[lead]!, forecast.blendMw[lead]!))
      .filter(Number.isFinite),
  );
}

function spreadAt(errors: readonly number[][], lead: number): readonly number[] | null {
  const dayStart = Math.floor(lead / 24) * 24;
  const near = errors.slice(Math.max(dayStart, lead - 1), Math.min(dayStart + 24, lead + 2));
  for (const pool of [near, errors.slice(dayStart, dayStart + 24), errors]) {
    const sample = pool.flat().sort((a, b) => a - b);
    if (sample.length >= enoughErrors)
      return quantileLevels.map((level) => around(sortedQuantile(sample, level), level));
  }
  return null;
}

function meanSize(pointMw: Float64Array): number {
  return pointMw.reduce((sum, value) => sum + Math.abs(value), 0) / pointMw.length;
}

/** Errors that nearly all lay on one side shift the quartiles; the outer band still holds the point forecast. */
function around(error: number, level: number): number {
  if (level <= 0.1) return Math.min(error, 0);
  return level >= 0.9 ? Math.max(error, 0) : error;
}
