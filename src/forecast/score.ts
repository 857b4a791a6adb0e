import {
  byLead,
  leadRange,
  type Accuracy,
  type AccuracyByLead,
  type LeadKey,
} from '../core/evaluation.js';
import { accuracy } from '../core/metrics.js';
import type { PastForecast, ScoredForecast } from '../ensemble/past-forecast.js';

/** Point accuracy by lead day of one column of scored forecasts. */
export function scoreByLead(
  scored: readonly ScoredForecast[],
  mw: (forecast: PastForecast) => Float64Array | undefined,
): AccuracyByLead {
  const horizonHours = Math.max(0, ...scored.map((forecast) => forecast.actualMw.length));
  return byLead(horizonHours, (key: LeadKey): Accuracy => {
    const [from, to] = leadRange(key);
    const actualMw: number[] = [];
    const forecastMw: number[] = [];
    for (const forecast of scored) {
      const own = mw(forecast);
      for (const [hour, actual] of forecast.actualMw.subarray(from, to).entries()) {
        actualMw.push(actual);
        forecastMw.push(own?.[from + hour] ?? Number.NaN);
      }
    }
    return accuracy(actualMw, forecastMw);
  });
}
