import { quantileLevels } from '../core/forecast.js';
import { leadDayOf } from '../core/horizon.js';
import { errorOn, type LoadScale } from '../core/load-scale.js';
import { weightedQuantile } from '../core/metrics.js';
import type { ScoredForecast } from './past-forecast.js';
import { spreadUnits, type Said } from './spread.js';

const memoryForecasts = 200;
/** lead hours on each side whose errors count for an hour too */
const nearHours = 2;
const enoughErrors = 30;

/** How the bands are made; measured by `npm run benchmark:accuracy` (docs/decisions/0012). */
export interface BandChoices {
  /** errors count half as much after so many forecasts; infinite: all alike */
  readonly halfLifeForecasts: number;
  /** whether errors count in units of how far the members lie apart */
  readonly bySpread: boolean;
  /** share of the usual error that the next forecast is expected to make again */
  readonly keptBias: number;
}

export const bandChoices: BandChoices = { halfLifeForecasts: 40, bySpread: true, keptBias: 0.5 };
/** log errors of a forecast nobody has scored yet, by level: about ±16 % at the 10–90 band */
const unscoredSpread = [-0.25, -0.16, -0.07, 0, 0.07, 0.16, 0.25];

/**
 * Quantile forecasts from past errors (of the logarithm, on that scale) of the blend at the same lead time ± 2 hours
 * within the lead day. The last errors count most. Their median is carried on by half; what they depart from it counts in
 * units of how far the members lay apart, so that a day on which they disagree has a wider band (locally weighted
 * conformal prediction, Lei et al. 2018, with the decay of Barber et al. 2023). With few past forecasts the whole lead day is pooled, then the whole horizon; with none a fixed
 * wide band is given. The point forecast always lies inside the band from 0.1 to 0.9.
 * @param next blend and members, shape (horizon,), MW
 * @param past ascending by issue time, scored with what is known now
 * @returns row-major, shape (horizon, 7), MW; non-decreasing in each row
 */
export function errorQuantiles(
  next: Said,
  past: readonly ScoredForecast[],
  scale: LoadScale = 'log',
  choices: BandChoices = bandChoices,
): Float64Array {
  const pointMw = next.blendMw;
  const recent = past.slice(-memoryForecasts);
  const units = spreadUnits(next, recent, scale);
  const horizonHours = pointMw.length;
  const errors = leadErrors(recent, units.past, horizonHours, scale, choices);
  const unscored =
    scale === 'log' ? unscoredSpread : unscoredSpread.map((spread) => spread * meanSize(pointMw));
  const levels = quantileLevels.length;
  const quantilesMw = new Float64Array(horizonHours * levels);
  for (let lead = 0; lead < horizonHours; lead++) {
    const unit = choices.bySpread ? units.next[leadDayOf(lead) - 1]! : 1;
    const spread = spreadAt(errors, lead, unit, choices.keptBias) ?? unscored;
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

/** Errors of the blend at one lead hour. */
interface LeadErrors {
  readonly errors: readonly number[];
  /** how much they count */
  readonly weights: readonly number[];
  /** spread of the members on that day, relative */
  readonly units: readonly number[];
}

/** Finite errors for each lead hour. */
function leadErrors(
  past: readonly ScoredForecast[],
  unitsByDay: readonly (readonly number[])[],
  horizonHours: number,
  scale: LoadScale,
  { halfLifeForecasts, bySpread }: BandChoices,
): LeadErrors[] {
  const weights = past.map((_, i) => 0.5 ** ((past.length - 1 - i) / halfLifeForecasts));
  return Array.from({ length: horizonHours }, (_, lead) => {
    const errors = past.map(({ actualMw, blendMw }) =>
      errorOn(scale, actualMw[lead]!, blendMw[lead]!),
    );
    const known = [...errors.keys()].filter((i) => Number.isFinite(errors[i]));
    return {
      errors: known.map((i) => errors[i]!),
      weights: known.map((i) => weights[i]!),
      units: known.map((i) => (bySpread ? unitsByDay[i]![leadDayOf(lead) - 1]! : 1)),
    };
  });
}

function spreadAt(
  hours: readonly LeadErrors[],
  lead: number,
  unit: number,
  keptBias: number,
): readonly number[] | null {
  const dayStart = Math.floor(lead / 24) * 24;
  const near = hours.slice(
    Math.max(dayStart, lead - nearHours),
    Math.min(dayStart + 24, lead + nearHours + 1),
  );
  for (const pool of [near, hours.slice(dayStart, dayStart + 24), hours]) {
    const errors = pool.flatMap((hour) => hour.errors);
    if (errors.length < enoughErrors) continue;
    const weights = pool.flatMap((hour) => hour.weights);
    const units = pool.flatMap((hour) => hour.units);
    const [bias = 0] = quantilesOf(errors, weights, [0.5]);
    const departures = errors.map((error, i) => (error - bias) / units[i]!);
    return quantilesOf(departures, weights, quantileLevels).map((departure, q) =>
      around(keptBias * bias + unit * departure, quantileLevels[q]!),
    );
  }
  return null;
}

function quantilesOf(
  values: readonly number[],
  weights: readonly number[],
  levels: readonly number[],
): number[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const ascending = order.map((i) => values[i]!);
  const counts = order.map((i) => weights[i]!);
  return levels.map((level) => weightedQuantile(ascending, counts, level));
}

function meanSize(pointMw: Float64Array): number {
  return pointMw.reduce((sum, value) => sum + Math.abs(value), 0) / pointMw.length;
}

/** Errors that nearly all lay on one side shift the quartiles; the outer band still holds the point forecast. */
function around(error: number, level: number): number {
  if (level <= 0.1) return Math.min(error, 0);
  return level >= 0.9 ? Math.max(error, 0) : error;
}
