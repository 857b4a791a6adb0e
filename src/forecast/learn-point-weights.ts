import { InsufficientHistoryError, LoadcastError } from '../core/errors.js';
import type { Place } from '../core/history.js';
import { sliceHours, type HourlySeries } from '../core/hourly.js';
import { loadScaleOf } from '../core/load-scale.js';
import { hourMs } from '../core/time.js';
import { minimiseOnSimplex } from '../ensemble/simplex.js';
import { buildCalendar } from '../features/calendar.js';
import { cooling, heating, meanOfDay } from '../features/degree-days.js';
import { choleskyInPlace, solveCholesky } from '../models/linear/cholesky.js';

const leastDays = 365;
/** the last part judges what was learned on the first */
const trainingShare = 0.8;
/** pull towards the given weights, relative to the evidence */
const priorPull = 0.05;
/** what learned weights must bring on the last part, else the given ones stay */
const leastGain = 0.005;
/** the simplex is searched through every support */
const mostPoints = 10;
const rounds = 3;

export interface LearnedWeights {
  /** relative shares, each sum 1 */
  readonly weights: readonly number[];
  readonly given: readonly number[];
  /** false: the learned ones brought nothing on the days that judge, and `weights` are those given */
  readonly better: boolean;
  readonly days: number;
  /** root mean square of what weekday, season and temperature leave unexplained of the last days, % of the load */
  readonly errorPct: { readonly given: number; readonly learned: number };
}

/**
 * Weights of weather points by which their mean explains the load best: daily means of the load (their logarithm, on
 * that scale) on weekday, holiday, trend, two harmonics of the year, and heating and cooling degrees of the weighted
 * temperature. The effect of a degree and the weights are found in turn; the weights stay on the simplex.
 * @param points hourly temperature of each, °C, on the hour grid of the load
 * @param given the weights so far, positive, any sum
 * @throws {InsufficientHistoryError} if load and temperatures have fewer than 365 days in common
 * @throws {LoadcastError} INVALID_INPUT for fewer than two points or more than ten
 */
export function learnPointWeights(
  place: Place,
  load: HourlySeries,
  points: readonly HourlySeries[],
  given: readonly number[],
): LearnedWeights {
  if (points.length < 2 || points.length > mostPoints)
    throw new LoadcastError(
      'INVALID_INPUT',
      `Weights can be learned of 2 to ${mostPoints} points; there are ${points.length}.`,
    );
  const total = given.reduce((sum, weight) => sum + weight, 0);
  const prior = Float64Array.from(given, (weight) => weight / total);
  const days = dailyMeans(place, load, points);
  if (days.length < leastDays)
    throw new InsufficientHistoryError(
      leastDays * 24,
      days.length * 24,
      'learning the weights of weather points',
    );
  const cut = Math.floor(trainingShare * days.length);
  const before = unexplained(days, cut, prior);
  const after = unexplained(days, cut, learn(days.slice(0, cut), prior));
  const better = after < before * (1 - leastGain);
  return {
    weights: [...(better ? learn(days, prior) : prior)],
    given: [...prior],
    better,
    days: days.length,
    errorPct: { given: 100 * before, learned: 100 * after },
  };
}

interface Day {
  /** log of the mean load, or the mean relative to that of all days */
  readonly load: number;
  /** weekday, holiday, trend, season */
  readonly terms: readonly number[];
  /** mean of each point, °C */
  readonly temperatureC: readonly number[];
}

function dailyMeans(place: Place, load: HourlySeries, points: readonly HourlySeries[]): Day[] {
  const hours = load.values.length;
  const calendar = buildCalendar(place, load.startMs, hours);
  const endMs = load.startMs + hours * hourMs;
  const columns = [load, ...points].map((series) => sliceHours(series, load.startMs, endMs).values);
  const linear = loadScaleOf(load.values) === 'linear';
  const size = linear ? meanSize(load.values) : 1;
  const days: Day[] = [];
  for (let from = 0; from < hours;) {
    let to = from + 1;
    while (to < hours && calendar.dayOfYear[to] === calendar.dayOfYear[from]) to++;
    const means = columns.map((column) => meanOfDay(column.subarray(from, to)));
    const [mean = Number.NaN, ...temperatureC] = means;
    const value = linear ? mean / size : Math.log(mean);
    if (Number.isFinite(value) && temperatureC.every(Number.isFinite)) {
      const angle = (2 * Math.PI * calendar.dayOfYear[from]!) / 365.25;
      days.push({
        load: value,
        terms: [
          ...Array.from({ length: 7 }, (_, weekday) =>
            calendar.weekday[from] === weekday ? 1 : 0,
          ),
          calendar.holiday[from + Math.floor((to - from) / 2)]!,
          from / hours,
          Math.sin(angle),
          Math.cos(angle),
          Math.sin(2 * angle),
          Math.cos(2 * angle),
        ],
        temperatureC,
      });
    }
    from = to;
  }
  return days;
}

function meanSize(values: Float64Array): number {
  const known = values.filter(Number.isFinite);
  return known.reduce((sum, value) => sum + Math.abs(value), 0) / known.length;
}

function weighted({ temperatureC }: Day, weights: Float64Array, degrees: (c: number) => number) {
  return temperatureC.reduce((sum, celsius, p) => sum + weights[p]! * degrees(celsius), 0);
}

function learn(days: readonly Day[], prior: Float64Array): Float64Array {
  const k = prior.length;
  let weights = prior;
  for (let round = 0; round < rounds; round++) {
    const effects = fit(days, weights);
    const { heat, cool, rest } = split(effects);
    const q = new Float64Array(k * k);
    const b = new Float64Array(k);
    for (const day of days) {
      const effect = day.temperatureC.map((c) => heat * heating(c) + cool * cooling(c));
      const left = day.load - dot(rest, day.terms);
      for (let i = 0; i < k; i++) {
        b[i]! += (effect[i]! * left) / days.length;
        for (let j = 0; j < k; j++) q[i * k + j]! += (effect[i]! * effect[j]!) / days.length;
      }
    }
    // What tells points apart is how their effects differ; the mean of all says nothing of the weights.
    const spread = meanSpread(q, k);
    for (let i = 0; i < k; i++) {
      q[i * k + i]! += priorPull * spread;
      b[i]! += priorPull * spread * prior[i]!;
    }
    weights = minimiseOnSimplex(q, b);
  }
  return weights;
}

/** Mean squared difference of two points' effects. */
function meanSpread(q: Float64Array, k: number): number {
  let sum = 0;
  for (let i = 0; i < k; i++)
    for (let j = 0; j < i; j++) sum += q[i * k + i]! + q[j * k + j]! - 2 * q[i * k + j]!;
  return Math.max(sum / ((k * (k - 1)) / 2), Number.MIN_VALUE);
}

/** Root mean square of what a fit on the first days leaves of the others. */
function unexplained(days: readonly Day[], cut: number, weights: Float64Array): number {
  const effects = fit(days.slice(0, cut), weights);
  const errors = days.slice(cut).map((day) => day.load - dot(effects, rowOf(day, weights)));
  // A trend that goes on is no matter of the weather.
  const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return Math.sqrt(errors.reduce((sum, error) => sum + (error - bias) ** 2, 0) / errors.length);
}

function rowOf(day: Day, weights: Float64Array): number[] {
  return [...day.terms, weighted(day, weights, heating), weighted(day, weights, cooling)];
}

/** Least squares of the load on calendar, heating and cooling degrees. */
function fit(days: readonly Day[], weights: Float64Array): Float64Array {
  const n = (days[0]?.terms.length ?? 0) + 2;
  const matrix = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (const day of days) {
    const row = rowOf(day, weights);
    for (let i = 0; i < n; i++) {
      right[i]! += row[i]! * day.load;
      for (let j = 0; j <= i; j++) matrix[i * n + j]! += row[i]! * row[j]!;
    }
  }
  // A column that is zero throughout, such as holidays where there are none, gets no effect.
  for (let i = 0; i < n; i++) matrix[i * n + i]! += 1e-9 * days.length;
  choleskyInPlace(matrix, n);
  return solveCholesky(matrix, n, right);
}

function split(effects: Float64Array) {
  const n = effects.length;
  return { rest: effects.subarray(0, n - 2), heat: effects[n - 2]!, cool: effects[n - 1]! };
}

function dot(a: Float64Array, b: readonly number[]): number {
  return b.reduce((sum, value, i) => sum + a[i]! * value, 0);
}
