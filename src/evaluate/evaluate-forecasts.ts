import type { AnomalySensitivity, Evaluation } from '../core/evaluation.js';
import type { Forecast } from '../core/forecast.js';
import type { HourlySeries } from '../core/hourly.js';
import { localDate } from '../core/time.js';
import {
  accuracyByLead,
  blendColumn,
  memberColumn,
  type ScoredColumn,
} from './accuracy-by-lead.js';
import { seasonalNaive } from './seasonal-naive.js';
import { trendConsistency } from './trend.js';

export interface EvaluateOptions {
  readonly seriesId: string;
  readonly zone: string;
  readonly evaluatedAtMs: number;
  /** ascending by issue time, at least one */
  readonly forecasts: readonly Forecast[];
  readonly load: HourlySeries;
  readonly anomaly: AnomalySensitivity | null;
}

/**
 * Accuracy of stored forecasts, ordinary days and the turn of the year apart, with trend consistency beside it.
 */
export function evaluateForecasts(options: EvaluateOptions): Evaluation {
  const { forecasts, load, zone } = options;
  const names = new Set(forecasts.flatMap((forecast) => forecast.members.map((m) => m.name)));
  const naive = naiveColumn(load, zone);
  const first = forecasts[0];
  const last = forecasts.at(-1);
  return {
    id: `${options.seriesId}-${options.evaluatedAtMs.toString(36)}`,
    seriesId: options.seriesId,
    createdAtMs: options.evaluatedAtMs,
    kind: first?.kind ?? 'issued',
    firstIssuedAtMs: first?.issuedAtMs ?? options.evaluatedAtMs,
    lastIssuedAtMs: last?.issuedAtMs ?? options.evaluatedAtMs,
    forecasts: forecasts.length,
    blend: accuracyByLead(forecasts, load, blendColumn),
    members: {
      ...Object.fromEntries(
        [...names].map((name) => [name, accuracyByLead(forecasts, load, memberColumn(name))]),
      ),
      naive: accuracyByLead(forecasts, load, naive),
    },
    groups: Object.fromEntries(
      Object.entries(dayGroups(zone)).flatMap(([group, belongs]) => {
        const part = forecasts.map((forecast) => ({
          ...forecast,
          values: forecast.values.filter((value) => belongs(value.startMs)),
        }));
        if (part.every((forecast) => forecast.values.length === 0)) return [];
        const figures = {
          blend: accuracyByLead(part, load, blendColumn),
          naive: accuracyByLead(part, load, naive),
        };
        return [[group, figures]];
      }),
    ),
    trend: trendConsistency(forecasts, load, zone),
    anomaly: options.anomaly,
  };
}

/** Christmas and New Year are seen once a year at most: their hours are shown apart. */
function dayGroups(zone: string): Record<string, (startMs: number) => boolean> {
  const turnOfYear = (startMs: number): boolean => {
    const monthDay = localDate(startMs, zone).slice(5);
    return monthDay >= '12-24' || monthDay === '01-01';
  };
  return {
    'ordinary days': (startMs) => !turnOfYear(startMs),
    '24 December to 1 January': turnOfYear,
  };
}

/** The baseline at the forecast's own hours, whether or not it was a member. */
export function naiveColumn(load: HourlySeries, zone: string): ScoredColumn {
  let last: { forecast: Forecast; byStart: Map<number, number> } | null = null;
  return {
    pointMw: (value, forecast) => {
      if (last?.forecast !== forecast) {
        const naiveMw = seasonalNaive(load, zone, forecast);
        last = {
          forecast,
          byStart: new Map(forecast.values.map((v, i) => [v.startMs, naiveMw[i]!])),
        };
      }
      return last.byStart.get(value.startMs) ?? Number.NaN;
    },
  };
}
