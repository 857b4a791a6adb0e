import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createForecastWriter } from '../../../src/jobs/backtest/forecasts-csv.js';
import { aForecast } from '../../store/samples.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loadcast-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

const header =
  'issued_at,valid_at,lead_hours,forecast_mw,q0.05,q0.1,q0.25,q0.5,q0.75,q0.9,q0.95,' +
  'member_lstm_mw,weight_lstm,member_prophet_mw,weight_prophet,quality';

test('one row an hour with the columns of the contract; a member left out is blank with weight 0', async () => {
  const file = path.join(folder, 'forecasts.csv');
  const writer = await createForecastWriter(file, ['lstm', 'prophet']);
  const forecast = aForecast();
  await writer.write(forecast);
  await writer.end();
  const [first, ...rows] = (await readFile(file, 'utf8')).split('\n');
  expect(first).toBe(header);
  expect(rows).toHaveLength(73);
  expect(rows[72]).toBe('');
  expect(rows[25]).toBe(
    '2024-01-01T00:00:00Z,2024-01-02T01:00:00Z,25,335.833333,' +
      '39.2857143,53.5714286,67.8571429,82.1428571,96.4285714,110.714286,125,' +
      '142.857143,0.3,,0,degraded',
  );
});

test('a name that ends in .gz is gzipped; every row arrives, however many there are', async () => {
  const file = path.join(folder, 'forecasts.csv.gz');
  const writer = await createForecastWriter(file, ['lstm', 'prophet']);
  for (let i = 0; i < 200; i++) await writer.write(aForecast());
  await writer.end();
  const lines = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(1 + 200 * 72);
  expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([16]));
});

test('a file that cannot be opened is refused before anything is computed', async () => {
  const file = path.join(folder, 'no', 'such', 'folder.csv');
  await expect(createForecastWriter(file, [])).rejects.toMatchObject({
    code: 'UNREADABLE_FILE',
    message: expect.stringContaining(`${file} cannot be written`),
  });
});
