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
  return byLead((key: LeadKey): Accuracy => {
    const [from, to] = leadRange[key];
    const actualMw = scored.flatMap((forecast) => Array.from(forecast.actualMw.subarray(from, to)));
    const forecastMw = scored.flatMap((forecast) =>
      Array.from(mw(forecast)?.subarray(from, to) ?? new Float64Array(to - from).fill(Number.NaN)),
    );
    return accuracy(actualMw, forecastMw);
  });
}
