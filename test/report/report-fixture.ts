import { readFileSync } from 'node:fs';
import type {
  Accuracy,
  AccuracyByLead,
  Evaluation,
  TrendFigures,
} from '../../src/core/evaluation.js';
import type { Forecast, ForecastValue } from '../../src/core/forecast.js';
import { sliceHours, valueAt, type HourlySeries } from '../../src/core/hourly.js';
import type { ModelCard, TrainingCurve } from '../../src/core/model-card.js';
import { createRandom } from '../../src/core/random.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import type { MarkedStretch, ReportContent } from '../../src/report/report-content.js';

/** Realistic input of the renderer: the project's own data set, a forecast made of last week's load. */

export const zone = 'Australia/Melbourne';
/** Mon 29 Dec 2014 00:00 in Melbourne */
export const replayIssueMs = Date.parse('2014-12-28T13:00:00Z');

interface Year {
  readonly load: HourlySeries;
  readonly temperature: HourlySeries;
}

let cached: Year | null = null;

/** Hourly means of data/victoria_2014_half_hourly.csv. */
export function victoria(): Year {
  if (cached) return cached;
  const file = new URL('../../data/victoria_2014_half_hourly.csv', import.meta.url);
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const hours = Math.floor(rows.length / 2);
  const column = (index: number): Float64Array =>
    Float64Array.from({ length: hours }, (_, hour) => {
      const cells = [rows[2 * hour], rows[2 * hour + 1]].map((row) =>
        Number(row?.split(',')[index]),
      );
      return ((cells[0] ?? 0) + (cells[1] ?? 0)) / 2;
    });
  const startMs = Date.parse(rows[0]?.split(',')[0] ?? '');
  cached = {
    load: { startMs, values: column(1) },
    temperature: { startMs, values: column(2) },
  };
  return cached;
}

/** Three members around the load of a week before; bands that widen with the lead time. */
export function seasonalForecast(issuedAtMs: number, changes: Partial<Forecast> = {}): Forecast {
  const { load, temperature } = victoria();
  const random = createRandom(1, issuedAtMs);
  const values = Array.from({ length: 72 }, (_, leadHours): ForecastValue => {
    const startMs = issuedAtMs + leadHours * hourMs;
    const naive = valueAt(load, startMs - 7 * dayMs);
    const lstm = naive * (1 + 0.02 * random.normal());
    const prophet = naive * (0.97 + 0.015 * Math.sin(leadHours / 5));
    const pointMw = 0.55 * lstm + 0.35 * prophet + 0.1 * naive;
    const spread = pointMw * (0.02 + 0.0004 * leadHours);
    return {
      startMs,
      leadHours,
      pointMw,
      quantilesMw: [-1.64, -1.28, -0.67, 0, 0.67, 1.28, 1.64].map((z) => pointMw + z * spread),
      memberMw: { lstm, prophet, naive },
      memberWeight: { lstm: 0.55, prophet: 0.35, naive: 0.1 },
      temperatureC: valueAt(temperature, startMs),
      quality: 'full',
    };
  });
  return {
    id: 'victoria-20141228T130000Z-1',
    seriesId: 'victoria',
    issuedAtMs,
    createdAtMs: issuedAtMs,
    kind: 'replay',
    quality: 'full',
    reason: null,
    dataCutoffMs: issuedAtMs,
    temperatureSource: 'actual',
    bundleId: 'bundle-1',
    members: [
      member('lstm', [0.58, 0.55, 0.5]),
      member('prophet', [0.34, 0.35, 0.36]),
      member('naive', [0.08, 0.1, 0.14]),
    ],
    values,
    ...changes,
  };
}

function member(name: string, weightsByLeadDay: number[]): Forecast['members'][number] {
  return { name, version: `${name}-20141201-3f2a`, weightsByLeadDay, leftOut: null };
}

/** Everything is there: a replay with evaluation, model card and jobs. */
const markStartMs = replayIssueMs - 50 * hourMs;
const markedStretch: MarkedStretch = {
  mark: {
    id: 7,
    startMs: markStartMs,
    endMs: markStartMs + 3 * hourMs,
    kind: 'stuck',
    treatment: 'mask',
    reason: '3 h at one value <4200 MW>',
    madeBy: 'inspection',
    madeAtMs: replayIssueMs,
    withdrawnAtMs: null,
    values: [0, 1, 2].map((hour) => ({
      startMs: markStartMs + hour * hourMs,
      loadMw: 4_200,
      substituteMw: hour === 2 ? null : 4_300 + 50 * hour,
    })),
  },
  load: {
    startMs: markStartMs - 24 * hourMs,
    values: Float64Array.from({ length: 51 }, (_, hour) =>
      hour < 24 || hour > 26 ? 4_400 + 10 * hour : 4_200,
    ),
  },
};

export function fullContent(changes: Partial<ReportContent> = {}): ReportContent {
  const { load, temperature } = victoria();
  const weekBefore = replayIssueMs - 7 * dayMs;
  return {
    series: {
      id: 'victoria',
      name: 'Victoria, Australia',
      zone,
      holidayRegion: 'AU-VIC',
      loadKind: null,
      resolutionMinutes: 30,
      kind: 'replay',
    },
    generatedAtMs: Date.parse('2026-03-01T08:30:00Z'),
    status: null,
    forecast: seasonalForecast(replayIssueMs),
    recentLoad: sliceHours(load, weekBefore, replayIssueMs),
    recentTemperature: sliceHours(temperature, weekBefore, replayIssueMs),
    actualAfterIssue: sliceHours(load, replayIssueMs, replayIssueMs + 72 * hourMs),
    pastForecasts: Array.from({ length: 28 }, (_, day) => ({
      issuedAtMs: replayIssueMs - (27 - day) * dayMs,
      quality: 'full' as const,
      mapePct: 2 + 1.5 * Math.abs(Math.sin(day)),
      weights: { lstm: 0.7 - day / 70, prophet: 0.3 + day / 70, naive: 0 },
    })),
    evaluation: evaluation(),
    modelCard: modelCard(),
    lastImport: {
      source: 'victoria_2014_half_hourly.csv',
      rows: 17_523,
      rejected: 3,
      added: 17_520,
      unchanged: 0,
      revised: 0,
      firstMs: load.startMs,
      endMs: load.startMs + 365 * dayMs,
      atMs: Date.parse('2026-03-01T08:20:00Z'),
      issues: [
        {
          kind: 'rejected-row',
          line: 812,
          validAtMs: null,
          count: 1,
          reason: 'timestamp has no zone: "2014-01-17 22:00"',
        },
      ],
    },
    marks: [markedStretch.mark],
    markedStretches: [markedStretch],
    issues: [
      {
        kind: 'imputed',
        line: null,
        validAtMs: replayIssueMs - 30 * hourMs,
        count: 3,
        reason: '3 hours without load were filled from the same hours a week before',
      },
    ],
    jobRuns: [
      {
        job: 'forecast',
        state: 'succeeded',
        startedAtMs: Date.parse('2026-03-01T08:25:00Z'),
        finishedAtMs: Date.parse('2026-03-01T08:25:02.400Z'),
        error: null,
      },
      {
        job: 'ingest',
        state: 'failed',
        startedAtMs: Date.parse('2026-03-01T08:24:00Z'),
        finishedAtMs: Date.parse('2026-03-01T08:24:30Z'),
        error: 'Open-Meteo did not answer within 30 s',
      },
    ],
    attribution: ['Load: AEMO, by way of tsibbledata', 'Holidays: date-holidays, CC BY-SA 3.0'],
    otherReports: [],
    ...changes,
  };
}

export function accuracyOf(mape: number, changes: Partial<Accuracy> = {}): Accuracy {
  return {
    n: 672,
    nonPositive: 0,
    mape,
    mae: mape * 45,
    rmse: mape * 60,
    bias: -12.4,
    r2: 0.93,
    nmae: mape / 100,
    pinballPct: mape * 0.38,
    coverage1090: 78.4,
    widthPct: 8.1,
    ...changes,
  };
}

function byLead(day1: number, day2: number, day3: number): AccuracyByLead {
  return {
    all: accuracyOf((day1 + day2 + day3) / 3, { n: 2016 }),
    day1: accuracyOf(day1),
    day2: accuracyOf(day2),
    day3: accuracyOf(day3),
  };
}

function pointOnly(figures: Accuracy): Accuracy {
  return { ...figures, pinballPct: Number.NaN, coverage1090: Number.NaN, widthPct: Number.NaN };
}

function withoutQuantiles(accuracy: AccuracyByLead): AccuracyByLead {
  const { all, day1, day2, day3 } = accuracy;
  return {
    all: pointOnly(all),
    day1: pointOnly(day1),
    day2: pointOnly(day2),
    day3: pointOnly(day3),
  };
}

function trend(directionPct: number): TrendFigures {
  return {
    directionPct,
    directionN: 1532,
    shapeCorrelation: 0.951,
    peakHourExactPct: 46,
    peakHourWithin1Pct: 82,
    peakSizeErrorPct: 3.21,
    peakSizeBiasPct: -0.87,
    days: 84,
  };
}

export function evaluation(): Evaluation {
  const naive = withoutQuantiles(byLead(6.9, 7.3, 7.65));
  const pair = { forecast: trend(91.3), naive: trend(88.2) };
  const fault = { forecasts: 40, gain: 0.08, degradedPct: 100, fallbackPct: 0, nonFinite: 0 };
  return {
    id: 'evaluation-1',
    seriesId: 'victoria',
    createdAtMs: Date.parse('2026-03-01T08:26:00Z'),
    kind: 'replay',
    firstIssuedAtMs: replayIssueMs - 27 * dayMs,
    lastIssuedAtMs: replayIssueMs,
    forecasts: 28,
    blend: byLead(2.81, 3.12, 3.4),
    members: {
      lstm: withoutQuantiles(byLead(3.02, 3.31, 3.52)),
      prophet: withoutQuantiles(byLead(3.6, 3.75, 3.9)),
      naive,
    },
    groups: {
      'ordinary days': { blend: byLead(2.41, 2.62, 2.85), naive: byLead(5.9, 6.3, 6.6) },
      '24 December to 1 January': { blend: byLead(5.2, 5.61, 6.02), naive: byLead(9.1, 9.9, 10.4) },
    },
    trend: { byLead: { all: pair, day1: pair, day2: pair, day3: pair } },
    anomaly: {
      days: 20,
      faults: [
        { fault: 'spike +100 % for 2 h', endedHoursBefore: 0, errorRatio: 1.02, ...fault },
        { fault: '12 h missing', endedHoursBefore: 24, errorRatio: 1.08, ...fault, gain: null },
        { fault: '×10 for 6 h', endedHoursBefore: 0, errorRatio: 1.31, ...fault },
      ],
      detectionRecallPct: 94.2,
      falseAlarmsPerDay: 0.04,
      passed: true,
    },
  };
}

export function trainingCurve(seed: number): TrainingCurve {
  const random = createRandom(seed);
  const points = Array.from({ length: 100 }, (_, index) => {
    const step = (index + 1) * 3;
    const warm = Math.min(1, step / 30);
    return {
      step,
      steps: 300,
      loss: 0.05 + 0.6 * Math.exp(-step / 40) * (1 + 0.1 * random.normal()),
      validationLoss: index % 10 === 9 ? 0.07 + 0.5 * Math.exp(-step / 45) : null,
      learningRate: 0.006 * warm * (0.5 + 0.5 * Math.cos((Math.PI * step) / 300)),
      gradientNorm: 0.4 + Math.abs(random.normal()),
    };
  });
  const events = [{ kind: 'plateau' as const, step: 200, learningRate: 0.003 }];
  return { points, bestStep: 270, events };
}

export function modelCard(): ModelCard {
  const { load } = victoria();
  const card = { fitSeconds: 48.2, notFitted: null, test: byLead(3, 3.2, 3.4), curves: [] };
  return {
    bundleId: 'bundle-1',
    seriesId: 'victoria',
    trainedAtMs: Date.parse('2026-03-01T08:24:00Z'),
    seed: 1,
    firstHourMs: load.startMs,
    endMs: replayIssueMs - 27 * dayMs,
    validationStartMs: load.startMs + 235 * dayMs,
    testStartMs: load.startMs + 302 * dayMs,
    temperatureSource: 'actual',
    members: [
      {
        ...card,
        name: 'lstm',
        version: 'lstm-20141201-3f2a',
        facts: { steps: 270, units: 32, seeds: 2, parameters: 31_415, backend: 'wasm' },
        curves: [trainingCurve(1), trainingCurve(2)],
      },
      {
        ...card,
        name: 'prophet',
        version: 'prophet-20141201-9bc1',
        fitSeconds: 2.31,
        facts: { terms: 61, changepoints: 25, halfLifeHours: 36.5 },
      },
      { ...card, name: 'naive', version: 'naive-1', fitSeconds: 0.01, facts: {} },
    ],
    test: byLead(2.9, 3.1, 3.3),
    testNaive: byLead(6.6, 7, 7.2),
  };
}
