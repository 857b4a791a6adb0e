import { rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hourMs } from '../../../src/core/time.js';
import { ingestFile, ingestSeries } from '../../../src/jobs/ingest/ingest-series.js';
import { rememberSource } from '../../../src/jobs/ingest/source-file.js';
import type { JobServices } from '../../../src/jobs/job-services.js';
import type { Series } from '../../../src/store/store.js';
import { openJobHome, storeSeries, type JobHome } from '../job-home.js';

const start = Date.parse('2024-01-01T00:00Z');
let home: JobHome;
let series: Series;
let file: string;
let written = 1;
beforeEach(async () => {
  home = await openJobHome();
  home.setNow(start + 100 * hourMs);
  series = await storeSeries(home, 0);
  file = path.join(home.folder, 'load.csv');
  await write('1000', '2000', '3000');
  const options = { zone: series.place.zone, loadColumn: 'p', unit: 'kW' } as const;
  await rememberSource(home.services.sourcesFolder, series.id, { file, modifiedMs: 0, options });
});
afterEach(() => home.close());

/** Loads of successive hours; every version of the file is a second newer than the one before. */
async function write(...cells: readonly string[]): Promise<void> {
  const rows = cells.map((cell, i) => `2024-01-01T0${i}:00Z,${cell}`);
  await writeFile(file, ['time,p', ...rows, ''].join('\n'));
  await utimes(file, 1_700_000_000 + written, 1_700_000_000 + written);
  written++;
}

async function loads(): Promise<number[]> {
  return (await home.services.store.readLoad(series.id)).map(({ value }) => value);
}

test('a file is read when it changed, as it was read first; else left alone', async () => {
  expect(await ingestFile(home.services, series)).toMatchObject({ rows: 3, added: 3 });
  expect(await loads()).toEqual([1, 2, 3]);
  expect(await ingestFile(home.services, series)).toBeNull();
  await write('1000', '2500', '3000', '4000');
  expect(await ingestFile(home.services, series)).toMatchObject({
    added: 1,
    revised: 1,
    unchanged: 2,
  });
  expect(await loads()).toEqual([1, 2.5, 3, 4]);
  expect(await home.services.store.listImports(series.id, 5)).toHaveLength(2);
});

test('a series without a file and coordinates has nothing to read', async () => {
  const other = await storeSeries(home, 0, { id: 'other' });
  expect(await ingestSeries(home.services, other)).toEqual({ load: null, weather: null });
  expect(await ingestFile(home.services, other)).toBeNull();
});

test('a file that is gone is reported by name; one that is no load file is read again next time', async () => {
  await write('1000', '', '');
  await writeFile(file, 'nothing\nhere\n');
  await expect(ingestSeries(home.services, series)).rejects.toMatchObject({
    code: 'SOURCE_FAILED',
  });
  await write('1000', '2000', '3000');
  expect(await ingestFile(home.services, series)).toMatchObject({ added: 3 });
  await rm(file);
  await expect(ingestSeries(home.services, series)).rejects.toMatchObject({
    code: 'SOURCE_FAILED',
    message: expect.stringContaining(`The file of "Victoria", ${file}, cannot be read`),
  });
});

test('weather comes as one forecast run; while its source fails, the file is still read', async () => {
  const placed = { ...series, latitude: -37.81, longitude: 144.96 };
  const body = JSON.stringify({
    hourly_units: { time: 'iso8601', temperature_2m: '°C' },
    hourly: { time: ['2024-01-05T04:00', '2024-01-05T05:00'], temperature_2m: [20.5, null] },
    utc_offset_seconds: 0,
  });
  const { server, url } = await serve(body);
  try {
    await ingestSeries(withWeather(home.services, url), placed);
    expect(await home.services.store.readWeatherForecast(series.id)).toEqual({
      source: 'open-meteo',
      readings: [{ startMs: Date.parse('2024-01-05T04:00Z'), minutes: 60, value: 20.5 }],
    });
    expect(await loads()).toEqual([1, 2, 3]);
  } finally {
    server.close();
  }
  await write('1000', '2000', '3000', '4000');
  const refused = { ...series, latitude: 100, longitude: 0 };
  const wrong = await serve('{"reason":"Latitude must be in range"}', 400);
  try {
    await expect(
      ingestSeries(withWeather(home.services, wrong.url), refused),
    ).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining('Latitude must be in range'),
    });
    expect(await loads()).toEqual([1, 2, 3, 4]);
  } finally {
    wrong.server.close();
  }
});

function withWeather(services: JobServices, baseUrl: string): JobServices {
  const { providers } = services;
  const openMeteo = { ...providers.openMeteo, baseUrl, timeoutMs: 5_000 };
  return { ...services, providers: { ...providers, openMeteo } };
}

async function serve(body: string, status = 200): Promise<{ server: Server; url: string }> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, url: `http://127.0.0.1:${address.port}` };
}
