import {
  byLead,
  leadRange,
  type LeadKey,
  type TrendConsistency,
  type TrendFigures,
} from '../core/evaluation.js';
import type { Forecast } from '../core/forecast.js';
import { valueAt, type HourlySeries } from '../core/hourly.js';
import { finiteMean } from '../core/metrics.js';
import { dayMs, hourMs, localWallClock } from '../core/time.js';
import { longestOf } from './accuracy-by-lead.js';
import { seasonalNaive } from './seasonal-naive.js';

/** share of mean load below which a change is no direction */
const deadBand = 0.005;
const leastDayHours = 23;

interface Moves {
  right: number;
  scored: number;
}

interface DayShape {
  readonly correlation: number;
  readonly peakHourError: number;
  readonly peakSizeError: number;
}

/** One forecast column against the truth, hour by hour of its horizon. */
interface Curve {
  readonly actualMw: Float64Array;
  readonly forecastMw: Float64Array;
  /** local day number of each hour */
  readonly day: Int32Array;
  /** hours that each local day has in all */
  readonly dayHours: ReadonlyMap<number, number>;
}

/**
 * Does the forecast move as the load moves? Direction of hour-to-hour change, shape and peak of each whole local day,
 * by lead day, beside the seasonal naive forecast.
 * @see PROTOCOL section 2, trend consistency (a), (c), (d), in docs/accuracy.md
 */
export function trendConsistency(
  forecasts: readonly Forecast[],
  load: HourlySeries,
  zone: string,
): TrendConsistency {
  const meanMw = finiteMean(
    forecasts.flatMap((forecast) => forecast.values.map((value) => valueAt(load, value.startMs))),
  );
  const curves = forecasts.map((forecast) => {
    const actualMw = Float64Array.from(forecast.values, (value) => valueAt(load, value.startMs));
    const calendar = localDays(forecast, zone);
    return {
      blend: {
        actualMw,
        forecastMw: Float64Array.from(forecast.values, (v) => v.pointMw),
        ...calendar,
      },
      naive: { actualMw, forecastMw: seasonalNaive(load, zone, forecast), ...calendar },
    };
  });
  const figures = (key: LeadKey, side: 'blend' | 'naive'): TrendFigures =>
    trendFigures(
      curves.map((curve) => curve[side]),
      leadRange(key),
      deadBand * meanMw,
    );
  return {
    byLead: byLead(longestOf(forecasts), (key) => ({
      forecast: figures(key, 'blend'),
      naive: figures(key, 'naive'),
    })),
  };
}

function trendFigures(
  curves: readonly Curve[],
  range: readonly [from: number, to: number],
  deadBandMw: number,
): TrendFigures {
  const moves: Moves = { right: 0, scored: 0 };
  const days: DayShape[] = [];
  for (const curve of curves) {
    countDirections(curve, range, deadBandMw, moves);
    days.push(...dayShapes(curve, range));
  }
  const share = (test: (day: DayShape) => boolean): number =>
    days.length > 0 ? (100 * days.filter(test).length) / days.length : Number.NaN;
  return {
    directionPct: moves.scored > 0 ? (100 * moves.right) / moves.scored : Number.NaN,
    directionN: moves.scored,
    shapeCorrelation: finiteMean(days.map((day) => day.correlation)),
    peakHourExactPct: share((day) => day.peakHourError === 0),
    peakHourWithin1Pct: share((day) => Math.abs(day.peakHourError) <= 1),
    peakSizeErrorPct: 100 * finiteMean(days.map((day) => Math.abs(day.peakSizeError))),
    peakSizeBiasPct: 100 * finiteMean(days.map((day) => day.peakSizeError)),
    days: days.length,
  };
}

/** A flat forecast of a moving load is wrong. */
function countDirections(
  { actualMw, forecastMw }: Curve,
  [from, to]: readonly [number, number],
  deadBandMw: number,
  moves: Moves,
): void {
  for (let lead = Math.max(1, from); lead < to; lead++) {
    const actual = actualMw[lead]! - actualMw[lead - 1]!;
    const forecast = forecastMw[lead]! - forecastMw[lead - 1]!;
    if (!(Math.abs(actual) >= deadBandMw) || !Number.isFinite(forecast)) continue;
    moves.scored++;
    if (Math.sign(actual) === Math.sign(forecast)) moves.right++;
  }
}

/** Whole local days whose last hour lies in the lead range; a day with a missing hour is left out. */
function dayShapes(curve: Curve, [from, to]: readonly [number, number]): DayShape[] {
  const shapes: DayShape[] = [];
  for (const [day, hours] of curve.dayHours) {
    const first = curve.day.indexOf(day);
    const last = curve.day.lastIndexOf(day);
    if (last - first + 1 < hours || last < from || last >= to) continue;
    const actual = curve.actualMw.subarray(first, last + 1);
    const forecast = curve.forecastMw.subarray(first, last + 1);
    if (!actual.every(Number.isFinite) || !forecast.every(Number.isFinite)) continue;
    const actualPeak = Math.max(...actual);
    const forecastPeak = Math.max(...forecast);
    shapes.push({
      correlation: spearman(actual, forecast),
      peakHourError: forecast.indexOf(forecastPeak) - actual.indexOf(actualPeak),
      peakSizeError: (forecastPeak - actualPeak) / actualPeak,
    });
  }
  return shapes;
}

/** Local day of each hour, and how many hours each of those days has (23, 24 or 25). */
function localDays(forecast: Forecast, zone: string): Pick<Curve, 'day' | 'dayHours'> {
  const margin = 26;
  const firstMs = forecast.issuedAtMs - margin * hourMs;
  const length = forecast.values.length + 2 * margin;
  const around = localWallClock(zone, firstMs, hourMs, length).map((localMs) =>
    Math.floor(localMs / dayMs),
  );
  const day = Int32Array.from(around.subarray(margin, margin + forecast.values.length));
  const dayHours = new Map<number, number>();
  for (const number of new Set(day)) {
    const hours = around.filter((other) => other === number).length;
    dayHours.set(number, Math.max(leastDayHours, hours));
  }
  return { day, dayHours };
}

/**
 * Rank correlation with mean ranks for ties (Spearman 1904); NaN for a constant truth, 0 for a constant forecast, which
 * says nothing of the shape.
 */
function spearman(a: Float64Array, b: Float64Array): number {
  const [ranksA, ranksB] = [ranks(a), ranks(b)];
  const centre = (a.length - 1) / 2;
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [ranksA[i]! - centre, ranksB[i]! - centre];
    product += da * db;
    squareA += da * da;
    squareB += db * db;
  }
  if (squareA === 0) return Number.NaN;
  return squareB > 0 ? product / Math.sqrt(squareA * squareB) : 0;
}

function ranks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((i, j) => values[i]! - values[j]!);
  const rank = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) rank[order[i]!] = (from + to - 1) / 2;
    from = to;
  }
  return rank;
}
