import { describe, expect, test } from 'vitest';
import { hourMs } from '../../../src/core/time.js';
import { buildFeatureTable } from '../../../src/features/build-feature-table.js';
import { lstmFeatureNames, lstmFeatures } from '../../../src/models/lstm/feature-names.js';
import { emptyBatch, fillSample, fitScaler, lstmColumns } from '../../../src/models/lstm/inputs.js';
import { sampleHistory } from '../../forecast/sample-history.js';

// Local hours of Paris from Monday 4 December 2023: the forecast starts on the eve of Christmas.
const startMs = Date.parse('2023-12-03T23:00:00Z');
const history = sampleHistory(30, { zone: 'Europe/Paris', holidayRegion: 'FR' }, startMs);
const endMs = startMs + 30 * 24 * hourMs;
const table = buildFeatureTable({ history, issuedAtMs: endMs, endMs });
const scaler = fitScaler(table, 600);
const origin = 480;

const loadZ = (row: number): number =>
  (Math.log(table.loadMw[row]!) - scaler.logLoadMean) / scaler.logLoadDeviation;
const temperatureZ = (celsius: number | undefined): number =>
  (celsius! - scaler.temperatureMean) / scaler.temperatureDeviation;
const turns = (row: number): number => (2 * Math.PI * table.calendar.hour[row]!) / 24;
const sameHour = (row: number, days: number): number =>
  loadZ(origin - 24 * days + ((row - origin) % 24));
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const before = (hours: number): number[] =>
  Array.from({ length: hours }, (_, i) => loadZ(origin - 1 - i));
const weekdays = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');

/** What each name promises, worked out from the table. */
const promised: Readonly<Record<string, (row: number) => number>> = {
  loadZ,
  temperatureZ: (row) => temperatureZ(table.temperatureC[row]),
  temperature24hZ: (row) => temperatureZ(table.temperature24hC[row]),
  temperature72hZ: (row) => temperatureZ(table.temperature72hC[row]),
  hourSin: (row) => Math.sin(turns(row)),
  hourCos: (row) => Math.cos(turns(row)),
  halfDaySin: (row) => Math.sin(2 * turns(row)),
  halfDayCos: (row) => Math.cos(2 * turns(row)),
  weekend: (row) => Number(table.calendar.weekday[row]! >= 5),
  holiday: (row) => table.calendar.holiday[row]!,
  dayBeforeHoliday: (row) => table.calendar.dayBeforeHoliday[row]!,
  dayAfterHoliday: (row) => table.calendar.dayAfterHoliday[row]!,
  yearEnd: (row) => table.calendar.yearEnd[row]!,
  ...Object.fromEntries(
    weekdays.map((name, i) => [name, (row: number) => Number(table.calendar.weekday[row] === i)]),
  ),
  lead: (row) => (row - origin) / 71,
  load1dZ: (row) => sameHour(row, 1),
  load2dZ: (row) => sameHour(row, 2),
  load3dZ: (row) => sameHour(row, 3),
  load1wZ: (row) => loadZ(row - 168),
  load7dMeanZ: (row) => mean([1, 2, 3, 4, 5, 6, 7].map((days) => sameHour(row, days))),
  temperature1dZ: (row) => temperatureZ(table.temperatureC[origin - 24 + ((row - origin) % 24)]),
  temperature1wZ: (row) => temperatureZ(table.temperatureC[row - 168]),
  load24hMeanZ: () => mean(before(24)),
  load168hMeanZ: () => mean(before(168)),
  loadLastZ: () => loadZ(origin - 1),
};

describe.each([true, false])('inputs by name, with temperature: %s', (hasTemperature) => {
  const names = lstmFeatureNames(hasTemperature);
  const columns = lstmColumns(table, scaler, hasTemperature);
  const batch = emptyBatch(columns, 1);
  fillSample(columns, origin, 0, batch, table.length);

  test.each([
    ['encoder', origin - 168, 168],
    ['decoder', origin, 72],
  ] as const)('each input of the %s is what its name says', (part, firstRow, steps) => {
    const width = names[part].length;
    expect(batch[part].length).toBe(steps * width);
    for (let step = 0; step < steps; step++)
      for (const [i, name] of names[part].entries())
        expect(batch[part][step * width + i], `${name}, step ${step}`).toBeCloseTo(
          promised[name]!(firstRow + step),
          5,
        );
  });

  test('each input has a name of its own, and a meaning', () => {
    const { encoder, decoder } = lstmFeatures(hasTemperature);
    for (const features of [encoder, decoder]) {
      expect(new Set(features.map(({ name }) => name)).size).toBe(features.length);
      for (const { meaning } of features) expect(meaning).toMatch(/\w/);
    }
  });
});
