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

const quarters = (from: string, ...loads: readonly string[]) =>
  splitAtLastLoad(
    parseLines([
      'time,load_kw,temp',
      ...loads.map((load, i) => `2024-01-01T${from}:${15 * i || '00'}Z,${load},1`),
    ]),
  );

const fileWith = (column: string, ...values: readonly string[]) =>
  splitAtLastLoad(
    parseLines(
      [`time,load,${column}`, ...values.map((value, i) => `2024-01-01T0${i}:00Z,${value}`)],
      { extraColumns: [column] },
    ),
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
      readings: [{ startMs: start + 3 * hourMs, minutes: 60, value: 3 }],
    });
    expect(await store.listImports('mill', 1)).toEqual([{ ...summary, atMs: now }]);
  });

  it('stores extra inputs, as known from now on where they are forecasts; at most 20 of them', async () => {
    const sunny = fileWith('sun', '5,10', '6,', ',30');
    await importFile(store, aSeries(), sunny, start + 2 * hourMs);
    const known = (hours: number) =>
      store
        .readExtra('mill', 'sun', { knownAtMs: start + hours * hourMs })
        .then((readings) => readings.map(({ value }) => value));
    expect([await known(1), await known(1.5), await known(2)]).toEqual([[10], [10], [10, 30]]);
    for (let n = 0; n < 19; n++)
      await importFile(store, aSeries(), fileWith(`x${n}`, '5,1', '6,2', '7,3'), now);
    await expect(
      importFile(store, aSeries(), fileWith('one more', '9,1', '9,2', '9,3'), now),
    ).rejects.toThrow('would have 21 extra inputs; at most 20 are kept');
    expect((await store.readLoad('mill')).map(({ value }) => value)).toEqual([5, 6, 7]);
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

  it('of another resolution is one series with it, which goes on with that of its newest load', async () => {
    await importFile(store, aSeries(), loadFile('1000', '2000', '3000'), now);
    await importFile(store, aSeries(), quarters('03', '4000', '5000', '6000', '7000'), now);
    const later = await store.findSeries('mill');
    expect(later?.resolutionMinutes).toBe(15);
    expect((await store.readLoad('mill')).map(({ minutes, value }) => [minutes, value])).toEqual([
      [60, 1],
      [60, 2],
      [60, 3],
      [15, 4],
      [15, 5],
      [15, 6],
      [15, 7],
    ]);

    await importFile(store, later ?? aSeries(), loadFile('1000', '2500', '3000'), now + 1);
    expect((await store.findSeries('mill'))?.resolutionMinutes).toBe(15);
  });
});
