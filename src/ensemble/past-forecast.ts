import type { HourlySeries } from '../core/hourly.js';
import { valueAt } from '../core/hourly.js';
import { loadScaleOf } from '../core/load-scale.js';
import type { LevelShift } from '../core/level-shift.js';
import { dayMs, hourMs } from '../core/time.js';

/** A forecast that was out of sample when it was made: what each member said and what the blend made of it. */
export interface PastForecast {
  readonly issuedAtMs: number;
  /** each member's values, shape (horizon,), MW; NaN where it was left out */
  readonly memberMw: Readonly<Record<string, Float64Array>>;
  /** the blend's point forecast, shape (horizon,), MW */
  readonly blendMw: Float64Array;
  /** how far the blend differed between several weather forecasts, by lead day; absent where there were too few */
  readonly weatherSpread?: readonly number[];
}

/** A past forecast beside what came, as far as it is known by now. */
export interface ScoredForecast extends PastForecast {
  /** observed load, shape (horizon,), MW; NaN where missing or not yet known */
  readonly actualMw: Float64Array;
}

export interface SkippedErrors {
  readonly hours?: ReadonlySet<number>;
  readonly shifts?: readonly LevelShift[];
}

/** a shift is known at the latest so long after it */
const untoldDays = 21;

/** Whether a forecast missed an hour by more than half of a shift that had come shortly before, in its direction. */
function knewNothing(
  { issuedAtMs, blendMw }: PastForecast,
  lead: number,
  actualMw: number,
  shifts: readonly LevelShift[],
): boolean {
  const atMs = issuedAtMs + lead * hourMs;
  return shifts.some(
    ({ startMs, logRatio }) =>
      atMs >= startMs &&
      issuedAtMs < startMs + untoldDays * dayMs &&
      Math.log(actualMw / blendMw[lead]!) / logRatio > 0.5,
  );
}

/**
 * Past forecasts beside the loads that are known now. An hour that has not ended, or has not arrived, stays NaN, so
 * that an error of lead day 3 counts only after its hour. A load that has no logarithm is scored only in a series that
 * comes near zero by its nature.
 * @param load cut at the instant of knowledge
 * @param skipped what is not scored: starts of hours whose stored value is suspect, and what forecasts missed by because
 * they knew nothing of a lasting change of level yet
 */
export function scorePastForecasts(
  past: readonly PastForecast[],
  load: HourlySeries,
  { hours = new Set(), shifts = [] }: SkippedErrors = {},
): ScoredForecast[] {
  const scale = loadScaleOf(load.values);
  return past.map((forecast) => {
    const actualMw = Float64Array.from(forecast.blendMw, (_, lead) => {
      const startMs = forecast.issuedAtMs + lead * hourMs;
      const actual = valueAt(load, startMs);
      const usable = scale === 'linear' || actual > 0;
      const told = !knewNothing(forecast, lead, actual, shifts);
      return usable && told && !hours.has(startMs) ? actual : Number.NaN;
    });
    return { ...forecast, actualMw };
  });
}
