import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hourMs } from '../../../src/core/time.js';
import { splitAtLastLoad } from '../../../src/ingest/load-file.js';
import { importFile } from '../../../src/jobs/ingest/import-file.js';
import { openSqliteStore } from '../../../src/store/sqlite-store.js';
import type { Store } from '../../../src/store/store.js';
import { parseLines } from '../../ingest/csv-text.js';
import { aSeries } from '../../store/samples.js';

const start = Date.UTC(2024, 0, 1);
const now = start + 100 * hourMs;
const loadFile = (...loads: readonly string[]) =>
  splitAtLastLoad(
    parseLines([
      'time,load_kw,temp',
      ...loads.map((load, i) => `2024-01-01T0${i}:00Z,${load},${i}`),
      'nonsense,1,1',
    ]),
  );

describe('importing a load file', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'loadcast-import-'));
    store = await openSqliteStore({ file: path.join(folder, 'loadcast.sqlite') });
    await store.saveSeries(aSeries());
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('stores loads, temperatures and the temperatures after them as a forecast, and the summary', async () => {
    const summary = await importFile(store, aSeries(), loadFile('1000', '2000', '3000', ''), now);
    expect(summary).toMatchObject({
      source: 'load.csv',
      rows: 5,
      rejected: 1,
      added: 3,
      unchanged: 0,
      revised: 0,
      firstMs: start,
      endMs: start + 3 * hourMs,
    });
    expect((await store.readLoad('mill')).map(({ value }) => value)).toEqual([1, 2, 3]);
    expect((await store.readTemperature('mill')).map(({ value }) => value)).toEqual([0, 1, 2]);
    expect(await store.readWeatherForecast('mill')).toEqual({
      source: 'file',
      readings: [{ startMs: start + 3 * hourMs, value: 3 }],
    });
    expect(await store.listImports('mill', 1)).toEqual([{ ...summary, atMs: now }]);
  });

  it('twice changes nothing; a corrected file adds a version of each changed value', async () => {
    await importFile(store, aSeries(), loadFile('1000', '2000', '3000'), now);
    const again = await importFile(store, aSeries(), loadFile('1000', '2000', '3000'), now + 1);
    expect(again).toMatchObject({ added: 0, unchanged: 3, revised: 0 });
    const corrected = await importFile(store, aSeries(), loadFile('1000', '2500', '3000'), now + 2);
    expect(corrected).toMatchObject({ added: 0, unchanged: 2, revised: 1 });
    const before = await store.readLoad('mill', { knownAtMs: now + 1 });
    expect(before.map(({ value }) => value)).toEqual([1, 2, 3]);
    const after = await store.readLoad('mill', { knownAtMs: now + 2 });
    expect(after.map(({ value }) => value)).toEqual([1, 2.5, 3]);
  });

  it('into a replay is known by the clock of the replay, corrections too', async () => {
    const replay = aSeries({ kind: 'replay' });
    await store.saveSeries(replay);
    await importFile(store, replay, loadFile('1000', '2000', '3000'), now);
    await importFile(store, replay, loadFile('1000', '2500', '3000'), now);
    const known = await store.readLoad('mill', { knownAtMs: start + 2 * hourMs });
    expect(known.map(({ value }) => value)).toEqual([1, 2.5]);
  });

  it('of another resolution than the series is refused, naming both', async () => {
    const series = aSeries({ resolutionMinutes: 30 });
    await expect(importFile(store, series, loadFile('1', '2', '3'), now)).rejects.toThrow(
      'load.csv has a row every 60 min, series "mill" one every 30 min',
    );
  });
});
