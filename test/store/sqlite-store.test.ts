import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import knex, { type Knex } from 'knex';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { aForecast, aSeries } from './samples.js';
import { describeStoreContract } from './store-contract.js';

describeStoreContract('SQLite', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'loadcast-store-'));
  const file = path.join(folder, 'loadcast.sqlite');
  let store = await openSqliteStore({ file });
  return {
    get store() {
      return store;
    },
    async reopen() {
      await store.close();
      store = await openSqliteStore({ file });
    },
    async discard() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe('the SQLite store', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'loadcast-store-'));
    file = path.join(folder, 'new', 'loadcast.sqlite');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function withKnex<T>(query: (database: Knex) => Promise<T>): Promise<T> {
    const database = knex({
      client: 'sqlite3',
      connection: { filename: file },
      useNullAsDefault: true,
    });
    try {
      return await query(database);
    } finally {
      await database.destroy();
    }
  }

  it('makes its folder, writes a WAL and keeps to its tables', async () => {
    const store = await openSqliteStore({ file });
    const mode = await withKnex((database) => database.raw('PRAGMA journal_mode'));
    expect(mode).toEqual([{ journal_mode: 'wal' }]);
    await store.close();
  });

  it('may be opened by two processes at once, and both write', async () => {
    const [a, b] = await Promise.all([openSqliteStore({ file }), openSqliteStore({ file })]);
    await a.saveSeries(aSeries());
    const readings = Array.from({ length: 20_000 }, (_, i) => ({
      startMs: i * 60_000,
      minutes: 1,
      value: i,
    }));
    const counts = await Promise.all([
      a.writeLoad('mill', readings, { kind: 'assumed' }),
      b.writeLoad('mill', readings, { kind: 'assumed' }),
    ]);
    expect(counts.map(({ added }) => added).sort((x, y) => x - y)).toEqual([0, 20_000]);
    await Promise.all([a.close(), b.close()]);
  });

  it('opens where two processes once left two locks', async () => {
    await (await openSqliteStore({ file })).close();
    await withKnex(async (database) => {
      await database('knex_migrations_lock').insert([{ is_locked: 0 }, { is_locked: 0 }]);
      await database('knex_migrations').where('name', 'like', '%load_stage%').delete();
      await database.raw('alter table series drop column load_kind');
      await database.raw('alter table load_observation drop column settlement');
    });
    const store = await openSqliteStore({ file });
    await store.saveSeries(aSeries());
    await store.close();
    expect(await withKnex((database) => database('knex_migrations_lock').select())).toHaveLength(1);
  });

  it('refuses a file that is no database, naming it', async () => {
    file = path.join(folder, 'notes.txt');
    await writeFile(file, 'dear diary, '.repeat(1_000));
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'UNREADABLE_FILE',
      message: expect.stringContaining(file),
    });
  });

  it('refuses a database of a newer loadcast', async () => {
    await (await openSqliteStore({ file })).close();
    await withKnex((database) =>
      database('knex_migrations').insert({ name: '99990101000000_later.mjs', batch: 2 }),
    );
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'UNREADABLE_FILE',
      message: expect.stringContaining('newer loadcast'),
    });
  });

  it('never puts stored values into an error message', async () => {
    const store = await openSqliteStore({ file });
    await store.saveSeries(aSeries());
    const secret = 'consumption of a household';
    const broken = aForecast({ reason: secret });
    Object.assign(broken, { kind: 'guess' });
    const error: unknown = await store.saveForecast(broken).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'INVALID_INPUT' });
    expect(String(error)).toContain('CHECK constraint failed');
    expect(JSON.stringify(error) + String(error)).not.toContain(secret);
    await store.close();
  });

  it('keeps every version of a reading in the table', async () => {
    const store = await openSqliteStore({ file });
    await store.saveSeries(aSeries());
    for (const value of [1, 2])
      await store.writeLoad('mill', [{ startMs: 0, minutes: 60, value }], {
        kind: 'received',
        atMs: value,
      });
    const rows = await withKnex((database) => database('load_observation').select());
    const row = { series_id: 'mill', start_ms: 0, interval_minutes: 60, assumed: 0 };
    expect(rows).toEqual([
      { ...row, version: 1, load_mw: 1, available_at_ms: 1, settlement: 0 },
      { ...row, version: 2, load_mw: 2, available_at_ms: 2, settlement: 0 },
    ]);
    await store.close();
  });

  it('of before the lengths of intervals gives each reading that of its series', async () => {
    const migrations = path.join(folder, 'migrations');
    await mkdir(migrations);
    const first = '20260101000000_first_tables.mjs';
    await copyFile(
      new URL(`../../migrations/${first}`, import.meta.url),
      path.join(migrations, first),
    );
    const old = await openSqliteStore({ file, migrationsFolder: migrations });
    await old.close();
    const key = { series_id: 'mill', start_ms: 0, version: 1, available_at_ms: 1 };
    await withKnex(async (database) => {
      await database('series').insert({
        id: 'mill',
        name: 'The mill',
        zone: 'Australia/Melbourne',
        holiday_region: 'AU-VIC',
        resolution_minutes: 30,
        latitude_deg: -37.81,
        longitude_deg: 144.96,
        kind: 'live',
        source_unit: 'kW',
        reporting_delay_hours: 0,
        created_at_ms: 1_000,
      });
      await database('load_observation').insert({ ...key, load_mw: 5, assumed: 0 });
      const run = { ...key, run_at_ms: 0, temperature_c: 20 };
      await database('weather_forecast').insert({ ...run, source: 'file' });
      await database('weather_forecast').insert({
        ...run,
        source: 'open-meteo',
        start_ms: 7_200_000,
      });
    });
    const store = await openSqliteStore({ file });
    expect(await store.findSeries('mill')).toEqual(aSeries({ resolutionMinutes: 30 }));
    expect(await store.readLoad('mill')).toEqual([{ startMs: 0, minutes: 30, value: 5 }]);
    expect(await store.readLoad('mill', { stage: 'settlement' })).toEqual([]);
    const { readings } = await store.readWeatherForecast('mill');
    expect(readings.map(({ minutes }) => minutes)).toEqual([30, 60]);
    await store.close();
  });
});
