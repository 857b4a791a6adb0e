import type {
  Accuracy,
  AccuracyByLead,
  Evaluation,
  TrendFigures,
} from '../../src/core/evaluation.js';
import type { Forecast } from '../../src/core/forecast.js';
import { hourMs } from '../../src/core/time.js';
import type { BundleRecord, Series } from '../../src/store/store.js';

/** Whole, valid results to store; each test changes only what it is about. */

const start = Date.UTC(2024, 0, 1);

export function aSeries(changes: Partial<Series> = {}): Series {
  return {
    id: 'mill',
    name: 'The mill',
    place: { zone: 'Australia/Melbourne', holidayRegion: 'AU-VIC' },
    resolutionMinutes: 60,
    latitude: -37.81,
    longitude: 144.96,
    kind: 'live',
    loadKind: null,
    sourceUnit: 'kW',
    reportingDelayHours: 0,
    createdAtMs: 1_000,
    ...changes,
  };
}

export function aForecast(changes: Partial<Forecast> = {}): Forecast {
  return {
    id: 'f1',
    seriesId: 'mill',
    issuedAtMs: start,
    createdAtMs: start + 5,
    kind: 'issued',
    quality: 'degraded',
    reason: 'Prophet was left out: it threw "no".',
    dataCutoffMs: start - hourMs,
    temperatureSource: 'climatology',
    bundleId: null,
    members: [
      { name: 'lstm', version: 'lstm-1', weightsByLeadDay: [0.7, 2 / 3, 0.1 + 0.2], leftOut: null },
      { name: 'prophet', version: 'p-1', weightsByLeadDay: [0, 0, 0], leftOut: 'threw "no"' },
    ],
    values: Array.from({ length: 72 }, (_, lead) => ({
      startMs: start + lead * hourMs,
      leadHours: lead,
      pointMw: 1_000 / 3 + lead * 0.1,
      quantilesMw: [1, 2, 3, 4, 5, 6, 7].map((k) => (k * 100) / 7 + lead),
      memberMw: { lstm: 1_000 / 7, prophet: null },
      memberWeight: { lstm: 0.1 + 0.2, prophet: 0 },
      temperatureC: lead % 2 === 0 ? -1 / 3 : null,
      quality: lead < 24 ? 'full' : 'degraded',
    })),
    ...changes,
  };
}

export function anAccuracy(mape: number): AccuracyByLead {
  const one: Accuracy = {
    n: 72,
    nonPositive: 0,
    mape,
    mae: 1 / 3,
    rmse: 2,
    bias: -0.5,
    r2: 0.9,
    nmae: 0.01,
    pinballPct: Number.NaN,
    coverage1090: 80,
    widthPct: 5,
  };
  return { all: one, day1: one, day2: one, day3: { ...one, n: 0, mape: Number.NaN } };
}

export function anEvaluation(): Evaluation {
  const trend: TrendFigures = {
    directionPct: 90,
    directionN: 71,
    shapeCorrelation: Number.NaN,
    peakHourExactPct: 50,
    peakHourWithin1Pct: 75,
    peakSizeErrorPct: 2,
    peakSizeBiasPct: -1,
    days: 3,
  };
  const both = { forecast: trend, naive: trend };
  return {
    id: 'e1',
    seriesId: 'mill',
    createdAtMs: 1_000,
    kind: 'replay',
    firstIssuedAtMs: start,
    lastIssuedAtMs: start + 24 * hourMs,
    forecasts: 2,
    blend: anAccuracy(3),
    members: { lstm: anAccuracy(4), naive: anAccuracy(7) },
    groups: { 'ordinary days': { blend: anAccuracy(2), naive: anAccuracy(6) } },
    trend: { byLead: { all: both, day1: both, day2: both, day3: both } },
    anomaly: {
      days: 20,
      faults: [
        {
          fault: 'missing',
          endedHoursBefore: 0,
          forecasts: 20,
          errorRatio: Number.NaN,
          gain: null,
          degradedPct: 100,
          fallbackPct: 0,
          nonFinite: 0,
        },
      ],
      detectionRecallPct: 95,
      falseAlarmsPerDay: 0.1,
      passed: true,
    },
  };
}

export function aBundle(id: string, state: BundleRecord['state']): BundleRecord {
  return {
    id,
    seriesId: 'mill',
    createdAtMs: 1_000,
    state,
    card: {
      bundleId: id,
      seriesId: 'mill',
      trainedAtMs: 1_000,
      seed: 1,
      firstHourMs: start,
      endMs: start + 500 * hourMs,
      validationStartMs: null,
      testStartMs: null,
      temperatureSource: 'actual',
      members: [
        {
          name: 'lstm',
          version: 'lstm-1',
          facts: { steps: 400, cell: 'LSTM' },
          notFitted: null,
          fitSeconds: 12.5,
          curves: [
            {
              points: [
                {
                  step: 1,
                  steps: 400,
                  loss: 0.5,
                  validationLoss: null,
                  learningRate: 0.001,
                  gradientNorm: Number.NaN,
                },
              ],
              bestStep: null,
            },
          ],
          test: null,
        },
      ],
      test: anAccuracy(3),
      testNaive: null,
    },
    files: [{ path: `${id}/lstm.bin`, sha256: 'ab'.repeat(32), bytes: 1_234 }],
  };
}
