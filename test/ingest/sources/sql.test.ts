import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reading } from '../../../src/core/reading.js';
import { dayMs } from '../../../src/core/time.js';
import { fetchLoad } from '../../../src/ingest/fetch-load.js';
import { liveSeriesOptions } from '../../../src/ingest/live-series.js';
import type { Providers } from '../../../src/ingest/providers.js';
import { queryProblem, statementOf } from '../../../src/ingest/sources/sql-statement.js';
import { openJobHome, type JobHome } from '../../jobs/job-home.js';
import { startsOf } from '../csv-text.js';
import { executeSqlite } from './sqlite-kit.js';
import { noPostgres, password, startPostgres, type PostgresServer } from './postgres-server.js';

let home: JobHome;
let folder: string;
beforeAll(async () => {
  home = await openJobHome();
  folder = await mkdtemp(path.join(tmpdir(), 'loadcast-sql-'));
});
afterAll(async () => {
  await home.close();
  await rm(folder, { recursive: true });
});

interface Fetched {
  readonly pages: readonly (readonly Reading[])[];
  readonly load: readonly Reading[];
  readonly rejected: readonly string[];
}

async function fetched(
  load: Record<string, unknown>,
  [from, to]: readonly [string, string],
  changes: Partial<Providers> & {
    readonly url?: string | undefined;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Fetched> {
  const { url, signal, ...others } = changes;
  const series = liveSeriesOptions.parse({
    name: 'Mill',
    zone: 'Europe/Paris',
    load: { source: 'sql', ...load },
  });
  const providers: Providers = {
    ...home.services.providers,
    ...others,
    keys: {
      entsoeToken: null,
      eiaKey: null,
      sqlUrls: url === undefined ? {} : { LOADCAST_SQL_URL: url },
    },
  };
  if (series.load.source !== 'sql') throw new Error(series.load.source);
  const rejected: string[] = [];
  const pages: Reading[][] = [];
  const stream = fetchLoad(
    providers,
    { zone: series.zone, load: series.load },
    { startMs: Date.parse(from), endMs: Date.parse(to) },
    {
      ...(signal ? { signal } : {}),
      onRejected: (rows, issues) => rejected.push(`${rows}: ${issues[0]?.reason ?? ''}`),
    },
  );
  for await (const page of stream) pages.push(page);
  return { pages, load: pages.flat(), rejected };
}

/** The wall clock of Paris for each quarter of an hour from an instant on. */
function clocks(from: string, quarters: number): string[] {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Paris',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return Array.from({ length: quarters }, (_, i) => format.format(Date.parse(from) + i * 900_000));
}

describe('a query', () => {
  it.each<[string, RegExp]>([
    ['select 1', /must have :since in it/],
    ['delete from t where a >= :since', /must begin with SELECT or WITH/],
    ['select 1 where :since = 1; drop table t', /one statement/],
    ["select a::text, ':sincere' from t", /must have :since/],
  ])('%s is refused', (query, problem) => {
    expect(queryProblem(query)).toMatch(problem);
  });

  it('has its parameters bound, with room for clocks of any zone', () => {
    const interval = { startMs: Date.parse('2024-03-01T12:00Z'), endMs: Date.parse('2024-03-05') };
    const query = 'SELECT t::text FROM r WHERE t >= :since AND t < :until OR t = :since; ';
    expect(statementOf(query, interval, (i) => `$${i}`, 9)).toEqual({
      text: 'select * from (SELECT t::text FROM r WHERE t >= $1 AND t < $2 OR t = $3\n) as asked limit 10',
      values: ['2024-02-29', '2024-03-07', '2024-02-29'],
    });
  });
});

describe('an SQLite file', () => {
  let file: string;
  beforeAll(async () => {
    file = path.join(folder, 'meters.db');
    const values = clocks('2024-10-26T22:00Z', 2 * 96 + 4).map(
      (clock, i) => `('${clock}', ${i === 5 ? "'broken'" : 1000.5 + i})`,
    );
    await executeSqlite(file, [
      'create table readings (read_at text, kw real)',
      `insert into readings values ${values.join(',')}`,
      'create table counts (s integer, kwh integer)',
      `insert into counts values ${Array.from({ length: 48 }, (_, i) => `(${Date.parse('2024-01-01') / 1000 + i * 3600}, ${i})`).join(',')}`,
    ]);
  });
  const sqlite = (query: string, options = {}) => ({
    database: 'sqlite',
    path: file,
    query,
    ...options,
  });
  const span = ['2024-10-26T22:00Z', '2024-10-28T23:00Z'] as const;

  it('gives clocks of the zone over the doubled hour of autumn, rows that cannot be read being told', async () => {
    const { load, rejected } = await fetched(
      sqlite('select read_at, kw from readings where read_at >= :since order by read_at'),
      span,
    );
    expect(load).toHaveLength(2 * 96 + 3);
    expect(startsOf(load).slice(15, 17)).toEqual(['2024-10-27T02:00Z', '2024-10-27T02:15Z']);
    expect(load[0]).toEqual({ startMs: Date.parse(span[0]), minutes: 15, value: 1.0005 });
    expect(rejected).toEqual(['1: cannot read the load "broken"']);
  });

  it('takes the first column for the time and the second for the load where names tell nothing, and energy', async () => {
    const query =
      'select s, kwh from counts where s >= unixepoch(:since) and s < unixepoch(:until)';
    const day = ['2024-01-01', '2024-01-02'] as const;
    const { load } = await fetched(sqlite(query, { unit: 'kWh' }), day);
    expect(load.map(({ value }) => value).slice(0, 3)).toEqual([0, 0.001, 0.002]);
    expect(load).toHaveLength(24);
    const year = await fetched(sqlite(query, { unit: 'kWh' }), ['2023-06-01', '2024-06-01']);
    expect(year.pages.map((page) => page.length)).toEqual([48]);
  });

  it.each<[string, string, RegExp]>([
    [
      'of a wrong column',
      'select kva from readings where read_at >= :since',
      /no such column: kva/,
    ],
    [
      'of no time',
      'select kw as a, kw as b, 1 as c, 2 as d from readings where read_at >= :since',
      /no time column/,
    ],
  ])('%s says so', async (_, query, message) => {
    await expect(fetched(sqlite(query), span)).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringMatching(message),
    });
  });

  it('that is missing or none says so, and is never written to', async () => {
    const query = 'select read_at, kw from readings where read_at >= :since';
    const other = path.join(folder, 'other.db');
    await expect(fetched({ database: 'sqlite', path: other, query }, span)).rejects.toThrow(
      /other\.db: there is no such file/,
    );
    await writeFile(other, 'no database at all, but long enough to look at');
    await expect(fetched({ database: 'sqlite', path: other, query }, span)).rejects.toThrow(
      /file is not a database/,
    );
  });

  it('that takes too long is stopped', async () => {
    const endless =
      'with recursive n(i) as (select 1 union all select i + 1 from n) select i, i from n where i < 0 and :since > 1';
    await expect(fetched(sqlite(endless), span, { sql: { timeoutMs: 200 } })).rejects.toThrow(
      /no answer within 0\.2 s/,
    );
    const signal = AbortSignal.timeout(200);
    await expect(fetched(sqlite(endless), span, { signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

describe.skipIf(noPostgres !== null)(`PostgreSQL${noPostgres ? ` (${noPostgres})` : ''}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await server.execute(`
      create table readings (read_at timestamptz, clock timestamp, kw numeric);
      insert into readings select t, t at time zone 'Europe/Paris', 1000.5 + extract(epoch from t - '2024-03-30T23:00Z') / 3600
        from generate_series('2024-03-30T23:00Z'::timestamptz, '2024-04-10', '15 minutes') as t;
      grant all on readings to reader;`);
  }, 60_000);
  afterAll(() => server.close());
  const span = ['2024-03-30T23:00Z', '2024-04-02T00:00Z'] as const;

  it.each(['read_at', 'clock'])('gives %s right over the change to summer', async (column) => {
    const query = `select ${column}, kw from readings where ${column} >= :since and ${column} < :until`;
    const { load, rejected } = await fetched({ query }, span, { url: server.url });
    expect(rejected).toEqual([]);
    expect(load).toHaveLength(49 * 4);
    expect(startsOf(load).slice(7, 9)).toEqual(['2024-03-31T00:45Z', '2024-03-31T01:00Z']);
    expect(load[4]).toEqual({ startMs: Date.parse('2024-03-31'), minutes: 15, value: 1.0015 });
  });

  it('is never written to, whatever the query', async () => {
    await server.execute(
      'create function wipe() returns int language sql as $$ delete from readings; select 1 $$',
    );
    const query = 'select read_at, kw + wipe() as kw from readings where read_at >= :since';
    await expect(fetched({ query }, span, { url: server.url })).rejects.toThrow(
      /cannot execute DELETE in a read-only transaction/,
    );
  });

  it('names what fails, and neither URL nor password', async () => {
    const query = 'select read_at, kw from readings where read_at >= :since';
    const wrong = server.url.replace(encodeURIComponent(password), 'guessed-secret');
    const closed = server.url.replace(/:\d+\//, ':1/');
    for (const [url, message] of [
      [wrong, /password authentication failed for user "reader"/],
      [closed, /ECONNREFUSED/],
      [undefined, /set LOADCAST_SQL_URL in the environment/],
      [server.url.replace(/postgres$/, 'nowhere'), /database "nowhere" does not exist/],
    ] as const) {
      const failure: unknown = await fetched({ query }, span, { url }).catch(
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({
        code: 'SOURCE_FAILED',
        message: expect.stringMatching(message),
      });
      expect(String(failure)).not.toMatch(/guessed-secret|p@ss|p%40ss/);
    }
    await expect(
      fetched({ query: 'select kva from readings where read_at >= :since' }, span, {
        url: server.url,
      }),
    ).rejects.toThrow(/column "kva" does not exist/);
  });

  it('is not waited for longer than its time, nor after a stop', async () => {
    const query = 'select now(), pg_sleep(30) where now() >= :since';
    await expect(
      fetched({ query }, span, { url: server.url, sql: { timeoutMs: 300 } }),
    ).rejects.toThrow(/statement timeout|timeout/);
    const signal = AbortSignal.timeout(300);
    await expect(fetched({ query }, span, { url: server.url, signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('gives nothing where there is nothing', async () => {
    const query = 'select read_at, kw from readings where read_at >= :since';
    const later = [
      new Date(Date.parse(span[1]) + 400 * dayMs).toISOString(),
      '2026-01-01',
    ] as const;
    expect((await fetched({ query }, later, { url: server.url })).load).toEqual([]);
  });
});
