import { leadDayOf, leadDaysOf, usualHorizonHours } from '../core/horizon.js';
import { finiteMean } from '../core/metrics.js';
import type { BlendWeights } from '../ensemble/blend-weights.js';
import type { ScoredForecast } from '../ensemble/past-forecast.js';
import type { MemberRun } from './run-members.js';

const leastWeight = 0.05;

/**
 * Weights of this run: those of the members that are there, renormalised per lead day; by inverse recent error where
 * the members that are left hold less than 0.05.
 */
export function presentWeights(
  weights: BlendWeights,
  runs: readonly MemberRun[],
  past: readonly ScoredForecast[],
  horizonHours = usualHorizonHours,
): BlendWeights {
  const present = runs.filter((run) => run.pointMw).map((run) => run.name);
  const byDay = leadDaysOf(horizonHours).map((day) => {
    const learned = present.map((name) => weights[name]?.[day - 1] ?? 0);
    const total = learned.reduce((sum, weight) => sum + weight, 0);
    if (total >= leastWeight) return learned.map((weight) => weight / total);
    const inverse = present.map((name) => 1 / recentError(past, name, day));
    const inverseTotal = inverse.reduce((sum, value) => sum + value, 0);
    return inverse.map((value) => value / inverseTotal);
  });
  return Object.fromEntries(
    runs.map((run) => {
      const position = present.indexOf(run.name);
      return [run.name, byDay.map((day) => (position < 0 ? 0 : day[position]!))];
    }),
  );
}

/** Weighted mean of the members that are there; NaN if there is none. Shape (horizon,), MW. */
export function blendPoint(
  runs: readonly MemberRun[],
  weights: BlendWeights,
  horizonHours = usualHorizonHours,
): Float64Array {
  const pointMw = new Float64Array(horizonHours);
  for (let lead = 0; lead < horizonHours; lead++) {
    const day = leadDayOf(lead) - 1;
    let total = 0;
    for (const run of runs) {
      const weight = weights[run.name]?.[day] ?? 0;
      if (!run.pointMw || weight === 0) continue;
      pointMw[lead]! += weight * run.pointMw[lead]!;
      total += weight;
    }
    if (total === 0) pointMw[lead] = Number.NaN;
  }
  return pointMw;
}

/** Mean absolute relative error of a member in the last 28 past forecasts; 1 if it was never scored. */
function recentError(past: readonly ScoredForecast[], name: string, day: number): number {
  const errors = past.slice(-28).flatMap((forecast) =>
    Array.from({ length: 24 }, (_, hour) => {
      const lead = (day - 1) * 24 + hour;
      const actual = forecast.actualMw[lead] ?? Number.NaN;
      return Math.abs((forecast.memberMw[name]?.[lead] ?? Number.NaN) / actual - 1);
    }),
  );
  const error = finiteMean(errors);
  return Number.isFinite(error) ? Math.max(error, 1e-6) : 1;
}
