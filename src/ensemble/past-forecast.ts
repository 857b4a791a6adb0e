import type { HourlySeries } from '../core/hourly.js';
import { valueAt } from '../core/hourly.js';
import { loadScaleOf } from '../core/load-scale.js';
import { hourMs } from '../core/time.js';

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

/**
 * Past forecasts beside the loads that are known now. An hour that has not ended, or has not arrived, stays NaN, so
 * that an error of lead day 3 counts only after its hour. A load that has no logarithm is scored only in a series that
 * comes near zero by its nature.
 * @param load cut at the instant of knowledge
 * @param imputedHours starts of hours whose stored value is suspect; they are not scored
 */
export function scorePastForecasts(
  past: readonly PastForecast[],
  load: HourlySeries,
  imputedHours: ReadonlySet<number> = new Set(),
): ScoredForecast[] {
  const scale = loadScaleOf(load.values);
  return past.map((forecast) => {
    const actualMw = Float64Array.from(forecast.blendMw, (_, lead) => {
      const startMs = forecast.issuedAtMs + lead * hourMs;
      const actual = valueAt(load, startMs);
      const usable = scale === 'linear' || actual > 0;
      return usable && !imputedHours.has(startMs) ? actual : Number.NaN;
    });
    return { ...forecast, actualMw };
  });
}
