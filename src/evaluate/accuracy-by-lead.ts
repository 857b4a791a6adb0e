import {
  byLead,
  leadRange,
  type Accuracy,
  type AccuracyByLead,
  type LeadKey,
} from '../core/evaluation.js';
import type { Forecast, ForecastValue } from '../core/forecast.js';
import { valueAt, type HourlySeries } from '../core/hourly.js';
import { nativeAt, type NativeLoad } from '../core/native-load.js';
import { accuracy } from '../core/metrics.js';

/** One column of a forecast: a point, and quantiles where it has them. */
export interface ScoredColumn {
  readonly pointMw: (value: ForecastValue, forecast: Forecast) => number;
  readonly quantilesMw?: (value: ForecastValue) => readonly number[];
}

export const blendColumn: ScoredColumn = {
  pointMw: (value) => value.pointMw,
  quantilesMw: (value) => value.quantilesMw,
};

/** A member's own values know of no events: they are scored with the effect that the blend had. */
export function memberColumn(name: string): ScoredColumn {
  return { pointMw: (value) => (value.memberMw[name] ?? Number.NaN) + (value.eventMw ?? 0) };
}

/**
 * Accuracy by lead day of one column of stored forecasts.
 * @param load observed load, MW, in the intervals of the forecasts; what is missing is skipped
 */
export function accuracyByLead(
  forecasts: readonly Forecast[],
  load: HourlySeries | NativeLoad,
  column: ScoredColumn,
): AccuracyByLead {
  return byLead(longestOf(forecasts), (key: LeadKey): Accuracy => {
    const [from, to] = leadRange(key);
    const actualMw: number[] = [];
    const pointMw: number[] = [];
    const quantilesMw: number[] = [];
    for (const forecast of forecasts) {
      for (const value of forecast.values) {
        if (value.leadHours < from || value.leadHours >= to) continue;
        actualMw.push(
          'minutes' in load ? nativeAt(load, value.startMs) : valueAt(load, value.startMs),
        );
        pointMw.push(column.pointMw(value, forecast));
        if (column.quantilesMw) quantilesMw.push(...column.quantilesMw(value));
      }
    }
    return accuracy(actualMw, pointMw, column.quantilesMw ? quantilesMw : undefined);
  });
}

/** Hours of the longest of several forecasts. */
export function longestOf(forecasts: readonly Pick<Forecast, 'values'>[]): number {
  return Math.max(
    0,
    ...forecasts.map(({ values }) => Math.floor(values.at(-1)?.leadHours ?? -1) + 1),
  );
}
