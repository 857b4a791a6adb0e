import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hourMs } from '../../../src/core/time.js';
import { buildFeatureTable } from '../../../src/features/build-feature-table.js';
import type { FeatureTable } from '../../../src/features/feature-table.js';
import {
  emptyBatch,
  fillSample,
  firstOrigin,
  fitScaler,
  lstmColumns,
  type LstmColumns,
} from '../../../src/models/lstm/inputs.js';
import type { Batch } from '../../../src/neural/train.js';
import { changed, sampleHistory } from '../../forecast/sample-history.js';

/** Local hours of Paris from Monday 4 December 2023, so that row 504 is midnight of Christmas Day. */
const startMs = Date.parse('2023-12-03T23:00:00Z');
const place = { zone: 'Europe/Paris', holidayRegion: 'FR' };
const history = sampleHistory(30, place, startMs);
const rows = 30 * 24;
const load = history.load.values;
const temperature = history.temperature.values;
const christmasEve = 480;

function tableOf(of = history): FeatureTable {
  const endMs = startMs + rows * hourMs;
  return buildFeatureTable({ history: of, issuedAtMs: endMs, endMs });
}

function sampleOf(columns: LstmColumns, origin: number, knownRows = rows): Batch {
  const batch = emptyBatch(columns, 1);
  fillSample(columns, origin, 0, batch, knownRows);
  return batch;
}

const angle = (row: number): number => (2 * Math.PI * (row % 24)) / 24;
const mean = (values: ArrayLike<number>, from: number, to: number): number =>
  Array.from(values)
    .slice(from, to)
    .reduce((sum, value) => sum + value, 0) /
  (to - from);

describe('inputs of recipe A', () => {
  const table = tableOf();
  const trainingRows = 600;
  const scaler = fitScaler(table, trainingRows);
  const columns = lstmColumns(table, scaler, true);
  const logLoads = Array.from(load, Math.log);
  const zLoad = (row: number): number =>
    ((logLoads[row] ?? 0) - scaler.logLoadMean) / scaler.logLoadDeviation;
  const zCelsius = (celsius: number): number =>
    (celsius - scaler.temperatureMean) / scaler.temperatureDeviation;
  const zTemperatures = (row: number): number[] => [
    zCelsius(temperature[row] ?? 0),
    zCelsius(mean(temperature, row - 23, row + 1)),
    zCelsius(mean(temperature, row - 71, row + 1)),
  ];

  test('the sample history passes the screening whole', () => {
    expect(table.loadImputed.every((one) => one === 0)).toBe(true);
    expect(table.length).toBe(rows);
  });

  test.each([
    [0, [1, 0]],
    [77, [0, 0]],
    [161, [1, 0]],
  ])('encoder step %i: load, three temperatures, hour, weekend, holiday', (step, flags) => {
    const batch = sampleOf(columns, christmasEve);
    const row = christmasEve - 168 + step;
    const expected = [
      zLoad(row),
      ...zTemperatures(row),
      Math.sin(angle(row)),
      Math.cos(angle(row)),
      ...flags,
    ];
    const inputs = Array.from(batch.encoder.subarray(step * 8, step * 8 + 8));
    expect(columns.encoderFeatures).toBe(8);
    expect(batch.encoder).toHaveLength(168 * 8);
    for (const [i, value] of expected.entries()) expect(inputs[i]).toBeCloseTo(value, 5);
  });

  // weekday one-hot; holiday, day before, day after, 24 December to 5 January
  const sunday = [0, 0, 0, 0, 0, 0, 1];
  const monday = [1, 0, 0, 0, 0, 0, 0];
  const tuesday = [0, 1, 0, 0, 0, 0, 0];
  test.each([
    [0, sunday, [0, 1, 0, 1]],
    [29, monday, [1, 0, 0, 1]],
    [71, tuesday, [0, 0, 1, 1]],
  ])('decoder step %i: 29 known and lagged inputs', (step, weekday, flags) => {
    const origin = christmasEve;
    const row = origin + step;
    const sameHour = origin - 24 + (step % 24);
    const weekOfHour = [0, 1, 2, 3, 4, 5, 6].map((day) => zLoad(sameHour - 24 * day));
    const expected = [
      ...zTemperatures(row),
      Math.sin(angle(row)),
      Math.cos(angle(row)),
      Math.sin(2 * angle(row)),
      Math.cos(2 * angle(row)),
      ...weekday,
      ...flags,
      step / 71,
      ...weekOfHour.slice(0, 3),
      zLoad(row - 168),
      mean(weekOfHour, 0, 7),
      zCelsius(temperature[sameHour] ?? 0),
      zCelsius(temperature[row - 168] ?? 0),
      mean(
        Array.from({ length: 24 }, (_, i) => zLoad(origin - 1 - i)),
        0,
        24,
      ),
      mean(
        Array.from({ length: 168 }, (_, i) => zLoad(origin - 1 - i)),
        0,
        168,
      ),
      zLoad(origin - 1),
    ];
    const batch = sampleOf(columns, origin);
    const inputs = Array.from(batch.decoder.subarray(step * 29, step * 29 + 29));
    expect(columns.decoderFeatures).toBe(29);
    expect(expected).toHaveLength(29);
    expect(batch.decoder).toHaveLength(72 * 29);
    for (const [i, value] of expected.entries()) expect(inputs[i]).toBeCloseTo(value, 5);
    expect(batch.target[step]).toBeCloseTo(zLoad(row), 5);
  });

  test('several samples lie one after the other', () => {
    const batch = emptyBatch(columns, 2);
    fillSample(columns, 408, 0, batch, rows);
    fillSample(columns, 500, 1, batch, rows);
    const second = sampleOf(columns, 500);
    expect(batch.encoder.subarray(168 * 8)).toEqual(second.encoder);
    expect(batch.decoder.subarray(72 * 29)).toEqual(second.decoder);
    expect(batch.target.subarray(72)).toEqual(second.target);
  });

  test('an hour that was imputed, or is not known, is no target', () => {
    const gap = changed(history, {
      loadMw: (value, atMs) => (atMs === startMs + 500 * hourMs ? Number.NaN : value),
    });
    const { target } = sampleOf(lstmColumns(tableOf(gap), scaler, true), christmasEve, 540);
    const missing = [...target.entries()].filter(([, value]) => Number.isNaN(value));
    expect(missing.map(([step]) => step)).toEqual([
      20, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71,
    ]);
  });

  test('no lag reads the origin or what follows: poisoned there, all inputs stay the same', () => {
    const { encoderFeatures } = columns;
    assert(
      property(integer({ min: firstOrigin, max: rows - 72 }), (origin) => {
        const poisoned: LstmColumns = {
          ...columns,
          encoder: columns.encoder.slice().fill(Number.NaN, origin * encoderFeatures),
          logLoad: columns.logLoad.slice().fill(Number.NaN, origin),
          temperature: columns.temperature.slice().fill(Number.NaN, origin),
        };
        const clean = sampleOf(columns, origin);
        const batch = sampleOf(poisoned, origin);
        expect(batch.encoder).toEqual(clean.encoder);
        expect(batch.decoder).toEqual(clean.decoder);
        expect(batch.decoder.every(Number.isFinite)).toBe(true);
        expect(batch.target.every(Number.isNaN)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('the scaler comes from the training rows alone', () => {
    const logs = logLoads.slice(0, trainingRows);
    const centre = mean(logs, 0, trainingRows);
    const variance = mean(
      logs.map((value) => (value - centre) ** 2),
      0,
      trainingRows,
    );
    expect(scaler.logLoadMean).toBeCloseTo(centre, 10);
    expect(scaler.logLoadDeviation).toBeCloseTo(Math.sqrt(variance), 10);
    expect(scaler.temperatureMean).toBeCloseTo(mean(temperature, 0, trainingRows), 10);
    const afterMs = startMs + trainingRows * hourMs;
    const later = changed(history, {
      loadMw: (value, atMs) => (atMs >= afterMs ? value * 1.1 : value),
      temperatureC: (value, atMs) => (atMs >= afterMs ? value + 5 : value),
    });
    expect(fitScaler(tableOf(later), trainingRows)).toEqual(scaler);
  });

  test('a constant load or temperature is centred, not divided by nothing', () => {
    const constant = changed(history, { loadMw: () => 50, temperatureC: () => 10 });
    expect(fitScaler(tableOf(constant), rows)).toMatchObject({
      logLoadDeviation: 1,
      temperatureMean: 10,
      temperatureDeviation: 1,
    });
  });

  test('without temperature its inputs are left out: 5 in the encoder, 24 in the decoder', () => {
    const without = changed(history, { temperatureC: () => Number.NaN });
    const bare = tableOf(without);
    expect(bare.hasTemperature).toBe(false);
    const bareColumns = lstmColumns(bare, fitScaler(bare, rows), bare.hasTemperature);
    const batch = sampleOf(bareColumns, christmasEve);
    expect([bareColumns.encoderFeatures, bareColumns.decoderFeatures]).toEqual([5, 24]);
    expect([batch.encoder.length, batch.decoder.length]).toEqual([168 * 5, 72 * 24]);
    expect(batch.encoder.every(Number.isFinite)).toBe(true);
    expect(batch.decoder.every(Number.isFinite)).toBe(true);
  });
});
