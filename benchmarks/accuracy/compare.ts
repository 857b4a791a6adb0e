import { leadDaysOf, usualHorizonHours } from '../../src/core/horizon.js';
import { loadScaleOf } from '../../src/core/load-scale.js';
import { blendWeights } from '../../src/ensemble/blend-weights.js';
import type { ScoredForecast } from '../../src/ensemble/past-forecast.js';
import { blendPoint, presentWeights } from '../../src/forecast/blend-members.js';
import type { MemberRun } from '../../src/forecast/run-members.js';
import type { ForecastColumn, StoredYear } from './stored-year.js';

/** What a way to blend may use at an issue time: the members' forecasts, and earlier ones with the loads known by then. */
export type Blending = (
  runs: readonly MemberRun[],
  past: readonly ScoredForecast[],
  issuedAtMs: number,
) => Float64Array;

/** Forecasts of the year blended anew from those of some members, in their order. */
export function blendAnew(
  year: StoredYear,
  members: readonly string[],
  blending: Blending,
): ForecastColumn {
  const pointsMw = year.forecasts.map((forecast, i) => {
    const runs = members.map((name): MemberRun => {
      const pointMw = forecast.memberMw[name]!;
      return { name, pointMw: pointMw.every(Number.isFinite) ? pointMw : null, leftOut: null };
    });
    return blending(runs, year.pasts[i]!, forecast.issuedAtMs);
  });
  return { pointsMw, quantilesMw: null };
}

/** The weights of the product. */
export function leastSquares(year: StoredYear): Blending {
  const scale = loadScaleOf(year.history.load.values);
  return (runs, past) => {
    const names = runs.map(({ name }) => name);
    return blendPoint(runs, presentWeights(blendWeights(past, names, scale), runs, past));
  };
}

/** The same weight for each member that is there. */
export const plainMean: Blending = (runs) => {
  const present = runs.filter((run) => run.pointMw !== null);
  const share = leadDaysOf(usualHorizonHours).map(() => 1 / present.length);
  return blendPoint(runs, Object.fromEntries(present.map(({ name }) => [name, share])));
};
