import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hourMs } from '../../../src/core/time.js';
import { liveSeriesOptions } from '../../../src/ingest/live-series.js';
import {
  folderHasNews,
  ingestFolder,
  type FolderLoad,
} from '../../../src/jobs/ingest/ingest-folder.js';
import { ingestSeries } from '../../../src/jobs/ingest/ingest-series.js';
import type { JobServices } from '../../../src/jobs/job-services.js';
import type { Series } from '../../../src/store/store.js';
import { openJobHome, storeSeries, type JobHome } from '../job-home.js';

const start = Date.parse('2024-01-01T00:00Z');
let home: JobHome;
let services: JobServices;
let series: Series;
let load: FolderLoad;
let written = 0;
beforeEach(async () => {
  home = await openJobHome();
  home.setNow(start + 100 * hourMs);
  series = await storeSeries(home, 0);
  const folder = path.join(home.folder, 'incoming');
  await mkdir(folder);
  const live = liveSeriesOptions.parse({
    name: 'Victoria',
    zone: 'Australia/Melbourne',
    load: { source: 'folder', path: folder, loadColumn: 'p', unit: 'kW' },
  });
  if (live.load.source !== 'folder') throw new Error('no folder');
  ({ load } = live);
  services = { ...home.services, live: new Map([[series.id, live]]) };
});
afterEach(() => home.close());

/** A file of successive hours in kW from an hour on; each one written is a second newer than the one before. */
async function put(name: string, fromHour: number, ...cells: readonly string[]): Promise<void> {
  const rows = cells.map(
    (cell, i) => `2024-01-01T${String(fromHour + i).padStart(2, '0')}:00Z,${cell}`,
  );
  const file = path.join(load.path, name);
  await writeFile(file, ['time,p', ...rows, ''].join('\n'));
  written++;
  await utimes(file, 1_700_000_000 + written, 1_700_000_000 + written);
}

async function loads(): Promise<number[]> {
  return (await services.store.readLoad(series.id)).map(({ value }) => value);
}

it('reads each file once, and again when it changed', async () => {
  await put('b.csv', 3, '4000', '5000', '6000');
  await put('a.csv', 0, '1000', '2000', '3000');
  expect(await folderHasNews(services, series, load)).toBe(true);
  expect(await ingestFolder(services, series, load)).toMatchObject({
    source: `2 files of ${load.path}`,
    rows: 6,
    added: 6,
    firstMs: start,
    endMs: start + 6 * hourMs,
  });
  expect(await loads()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await folderHasNews(services, series, load)).toBe(false);
  expect(await ingestFolder(services, series, load)).toBeNull();
  await put('a.csv', 0, '1000', '2500', '3000');
  expect(await ingestFolder(services, series, load)).toMatchObject({ rows: 3, revised: 1 });
  expect(await ingestFolder(services, series, load, {}, true)).toMatchObject({
    rows: 6,
    unchanged: 6,
  });
});

it('names a file that cannot be read, reads the others, and tries it again until it is mended', async () => {
  await put('a.csv', 0, '1000', '2000', '3000');
  await writeFile(path.join(load.path, 'b.csv'), 'nothing\nhere\n');
  await utimes(path.join(load.path, 'b.csv'), 1_700_000_000, 1_700_000_000);
  const failing = /b\.csv/;
  await expect(ingestSeries(services, series)).rejects.toThrow(failing);
  expect(await loads()).toEqual([1, 2, 3]);
  expect(await folderHasNews(services, series, load)).toBe(false);
  await expect(ingestSeries(services, series)).rejects.toThrow(failing);
  await put('b.csv', 3, '4000', '5000', '6000');
  expect(await ingestSeries(services, series)).toMatchObject({ load: { added: 3 } });
  expect(await ingestSeries(services, series)).toEqual({ load: null, weather: null });
});

it('reads extra columns, and settled loads as such', async () => {
  await writeFile(
    path.join(load.path, 'sunny.csv'),
    ['time,p,sun', '2024-01-01T00:00Z,1000,5', '2024-01-01T01:00Z,2000,6', ''].join('\n'),
  );
  home.setNow(Date.now() + hourMs);
  await ingestFolder(services, series, { ...load, extraColumns: ['sun'], stage: 'settlement' });
  const sun = await services.store.readExtra(series.id, 'sun');
  expect(sun.map(({ value }) => value)).toEqual([5, 6]);
  expect(await services.store.readLoad(series.id, { stage: 'settlement' })).toHaveLength(2);
});

it('leaves alone what is hidden, no file, or may still be written', async () => {
  await mkdir(path.join(load.path, 'old.csv'));
  for (const name of ['.a.csv', '~a.csv', 'a.csv.part', 'b.csv.tmp']) await put(name, 0, '1', '2');
  const file = path.join(load.path, 'c.csv');
  await put('c.csv', 0, '1000', '2000', '3000');
  const seconds = services.nowMs() / 1_000;
  await utimes(file, seconds - 1, seconds - 1);
  expect(await folderHasNews(services, series, load)).toBe(false);
  home.setNow(services.nowMs() + 5_000);
  expect(await ingestFolder(services, series, load)).toMatchObject({ rows: 3 });
});

it('says that there is no load yet, and that the folder is gone', async () => {
  await expect(ingestSeries(services, series)).rejects.toThrow(
    `There is no load file in ${load.path} yet.`,
  );
  await rm(load.path, { recursive: true });
  await expect(ingestSeries(services, series)).rejects.toThrow(
    `The folder ${load.path} cannot be read: ENOENT`,
  );
  expect(await folderHasNews(services, series, load)).toBe(false);
});

it('stops between two files when it is told to', async () => {
  await put('a.csv', 0, '1000', '2000', '3000');
  const signal = AbortSignal.abort();
  await expect(ingestFolder(services, series, load, { signal })).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});
