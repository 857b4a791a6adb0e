import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { hourMs } from '../../src/core/time.js';
import { answers, localServer, status } from '../ingest/sources/local-server.js';
import { loadcast, type Ended } from './loadcast.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-live-'));
  file = join(folder, 'loadcast.config.json');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** Runs a command as in the folder. */
function run(...args: string[]): Promise<Ended> {
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  return loadcast(args);
}

async function config(): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

describe('init', () => {
  test('writes load, weather of where the people live, and holidays of a country', async () => {
    const { code, out, err } = await run('init', '--country', 'fr', '--since', '2024-05-01');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`Wrote ${file}.`);
    expect(out).toMatch(/Open-Meteo: Paris \d\d %, Lyon \d\d %/);
    expect(await config()).toEqual({
      series: [
        {
          name: 'France',
          zone: 'Europe/Paris',
          holidays: 'FR',
          since: '2024-05-01',
          load: { source: 'energy-charts', country: 'fr' },
          weather: {
            source: 'open-meteo',
            points: expect.arrayContaining([
              { name: 'Paris', latitude: 48.85, longitude: 2.35, weight: expect.any(Number) },
            ]),
          },
        },
      ],
    });
  });

  test('adds to a configuration and keeps what it says', async () => {
    const load = { source: 'energy-charts', country: 'pt' };
    const iberia = { name: 'Iberia', zone: 'Europe/Lisbon', load };
    await writeFile(file, JSON.stringify({ port: 9000, series: [iberia] }));
    const clash = await run('init', '--country', 'ES', '--name', 'IBERIA!');
    expect([clash.code, clash.err]).toEqual([
      5,
      `error: ${file} has a series "Iberia" already; give this one another --name, or change it there.\n`,
    ]);
    const { code, out } = await run('init', '--country', 'UK', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([0, { file, series: { zone: 'Europe/London' } }]);
    expect(await config()).toMatchObject({
      port: 9000,
      series: [iberia, { name: 'United Kingdom', holidays: 'GB', load: { country: 'uk' } }],
    });
  });

  test.each<[string[], object, string]>([
    [['SE', '--load', 'entsoe'], { source: 'entsoe', area: 'SE' }, 'ENTSOE_SECURITY_TOKEN'],
    [
      ['SE', '--load', 'entsoe', '--area', 'SE3'],
      { source: 'entsoe', area: 'SE3' },
      'those of SE3',
    ],
    [
      ['US', '--load', 'eia', '--area', 'ISNE', '--zone', 'America/New_York'],
      { source: 'eia', respondent: 'ISNE' },
      'EIA_API_KEY',
    ],
    [
      ['CN', '--load', 'push', '--zone', 'Asia/Shanghai'],
      { source: 'push' },
      'LOADCAST_PUSH_TOKEN',
    ],
    [['NZ', '--load', 'folder', '--folder', 'in'], { source: 'folder', path: 'in' }, 'folder'],
    [
      ['NZ', '--load', 'sql', '--query', 'SELECT t, kw FROM r WHERE t >= :since'],
      { source: 'sql', query: 'SELECT t, kw FROM r WHERE t >= :since' },
      'LOADCAST_SQL_URL',
    ],
    [
      ['NZ', '--load', 'sql', '--query', 'SELECT 1 WHERE :since', '--database-file', 'm.db'],
      { source: 'sql', database: 'sqlite', path: 'm.db' },
      'from a query',
    ],
  ])('with --country %j takes the load from there', async (options, load, said) => {
    const { code, out } = await run('init', '--country', ...options);
    expect(code).toBe(0);
    expect(out).toContain(said);
    expect(await config()).toMatchObject({ series: [{ load }] });
    expect(await loadConfig({ cwd: folder, env: {} })).toMatchObject({ series: { length: 1 } });
  });

  test('leaves a file alone that it would take comments from, and says what to add', async () => {
    const yaml = join(folder, 'loadcast.config.yaml');
    await writeFile(yaml, 'port: 9000 # ours\n');
    const { code, err } = await run('init', '--country', 'FR');
    expect(code).toBe(5);
    expect(err).toContain('add this to its "series": {"name":"France"');
    expect(await readFile(yaml, 'utf8')).toBe('port: 9000 # ours\n');
  });

  test.each<[string[], number, RegExp]>([
    [[], 2, /Say which country with --country/],
    [['--country', 'France'], 2, /"FRANCE" is no country; write its code of two letters/],
    [['--country', 'US'], 2, /not known to have the load of United States.*try --load eia/],
    [
      ['--country', 'US', '--load', 'entsoe'],
      2,
      /ENTSO-E is not known to have an area "US"; it has AL/,
    ],
    [['--country', 'FR', '--load', 'eia'], 2, /EIA has loads of the United States alone/],
    [['--country', 'FR', '--load', 'folder'], 2, /with --folder/],
    [['--country', 'FR', '--load', 'sql'], 2, /--query is missing; write one like "SELECT/],
    [
      ['--country', 'FR', '--load', 'sql', '--query', 'SELECT 1'],
      2,
      /--query must have :since in it/,
    ],
    [['--country', 'FR', '--load', 'gas'], 2, /Allowed choices are energy-charts, entsoe/],
    [['--country', 'US', '--load', 'eia'], 2, /29 time zones; say which with --zone/],
    [['--country', 'FR', '--zone', 'Mars'], 2, /"Mars" is not an IANA/],
    [['--country', 'FR', '--holidays', 'QQ'], 2, /Unknown holiday region "QQ"/],
    [['--country', 'FR', '--name', '??'], 2, /"\?\?" is no name for a series/],
    [['--country', 'FR', '--since', 'May'], 2, /"May" is not a date/],
  ])('with %j is refused in one line', async (options, code, message) => {
    const ended = await run('init', ...options);
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(message);
    expect(ended.err).not.toMatch(/\n\s+at /);
    await expect(config()).rejects.toThrow('ENOENT');
  });
});

const source = localServer();

/** Loads of 500 MW up to two hours ago. */
const energyCharts: RequestListener = (request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://localhost');
  const untilMs = Math.min(Date.parse(searchParams.get('end') ?? ''), Date.now() - 2 * hourMs);
  const stamps: number[] = [];
  for (let ms = Date.parse(searchParams.get('start') ?? ''); ms < untilMs; ms += hourMs)
    stamps.push(ms / 1_000);
  const load = { name: 'Load', data: stamps.map(() => 500) };
  answers({ unix_seconds: stamps, production_types: [load] })(request, response);
};

/** A configuration with a series of 40 days from a source on this machine. */
async function configure(...handlers: RequestListener[]): Promise<void> {
  const baseUrl = await source.serve(...handlers);
  const since = new Date(Date.now() - 40 * 24 * hourMs).toISOString().slice(0, 10);
  const load = { source: 'energy-charts', country: 'lu' };
  const series = [{ name: 'Luxembourg', zone: 'UTC', since, load }];
  await writeFile(file, JSON.stringify({ energyCharts: { baseUrl, pauseMs: 0 }, series }));
}

describe('ingest', () => {
  test('reads the history, then what is new', async () => {
    await configure(energyCharts);
    const first = await run('ingest');
    expect(first.code).toBe(0);
    expect(first.out).toMatch(
      /^Load: 9\d\d rows of Energy-Charts from .*: 9\d\d new, 0 corrected, 0 rejected\.\n$/,
    );
    const again = await run('ingest', 'luxembourg', '--json');
    expect([again.code, JSON.parse(again.out)]).toEqual([0, { load: null, weather: null }]);
  });

  test('says what its source answered, and that a series without one has no past to ask for', async () => {
    await configure(status(404));
    const { code, err } = await run('ingest');
    expect(code).toBe(8);
    expect(err).toMatch(/Energy-Charts at http.* HTTP 404/);
    vi.spyOn(process, 'cwd').mockReturnValue(tmpdir());
    const home = { LOADCAST_HOME: join(folder, 'var') };
    const since = await loadcast(['ingest', '--since', '2024-01-01'], home);
    expect([since.code, since.err]).toEqual([
      2,
      'error: --since goes with a series of the configuration that has a live source; "Luxembourg" has none.\n',
    ]);
  });
});

const archive = localServer();
const dayOf = (ms: number) => Math.floor(ms / (24 * hourMs));
/** The weather of the day: another one at each latitude. */
const celsiusAt = (latitude: number, ms: number) =>
  5 + 4 * Math.sin(dayOf(ms) * latitude) + 2 * Math.sin(dayOf(ms) / 50);

/** Two years in which the load follows the first of two places alone. */
const heatedLoad: RequestListener = (request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://localhost');
  const untilMs = Math.min(Date.parse(searchParams.get('end') ?? ''), Date.now() - 2 * hourMs);
  const stamps: number[] = [];
  for (let ms = Date.parse(searchParams.get('start') ?? ''); ms < untilMs; ms += hourMs)
    stamps.push(ms / 1_000);
  const data = stamps.map((second) => 500 * Math.exp(-0.02 * celsiusAt(49, second * 1_000)));
  answers({ unix_seconds: stamps, production_types: [{ name: 'Load', data }] })(request, response);
};

const openMeteo: RequestListener = (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  if (pathname !== '/v1/archive') return status(404)(request, response);
  const time: number[] = [];
  const startMs = Date.parse(searchParams.get('start_date') ?? '');
  const endMs = Date.parse(searchParams.get('end_date') ?? '') + 24 * hourMs;
  for (let ms = startMs; ms < endMs; ms += hourMs) time.push(ms);
  const of = (latitude: number) => ({
    utc_offset_seconds: 0,
    hourly_units: { time: 'iso8601', temperature_2m: '°C' },
    hourly: {
      time: time.map((ms) => new Date(ms).toISOString().slice(0, 16)),
      temperature_2m: time.map((ms) => celsiusAt(latitude, ms)),
    },
  });
  const all = (searchParams.get('latitude') ?? '').split(',').map((text) => of(Number(text)));
  answers(all.length === 1 ? all[0] : all)(request, response);
};

describe('points', () => {
  test('learns from the load how much each place counts, and writes it where it is better', async () => {
    const baseUrl = await source.serve(heatedLoad);
    const archiveUrl = await archive.serve(openMeteo);
    const since = new Date(Date.now() - 730 * 24 * hourMs).toISOString().slice(0, 10);
    const points = [
      { name: 'North', latitude: 49, longitude: 6 },
      { name: 'South', latitude: 48, longitude: 6 },
    ];
    const series = {
      name: 'Luxembourg',
      zone: 'UTC',
      since,
      load: { source: 'energy-charts', country: 'lu' },
      weather: { source: 'open-meteo', points },
    };
    const providers = {
      energyCharts: { baseUrl, pauseMs: 0 },
      openMeteo: { baseUrl: archiveUrl, archiveUrl, previousRunsUrl: archiveUrl, pauseMs: 0 },
    };
    await writeFile(file, JSON.stringify({ ...providers, series: [series] }));
    // The forecast is not served: the loads and the past are there all the same.
    expect((await run('ingest')).code).toBe(8);
    const { code, out } = await run('points', '--write');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^North: 50 % given, (9\d|100) % learned\nSouth: 50 % given, \d % learned\n/,
    );
    expect(out).toMatch(/`loadcast ingest luxembourg --since DATE` reads the temperatures/);
    expect(await config()).toMatchObject({
      series: [
        {
          weather: {
            points: [
              { name: 'North', weight: expect.any(Number) },
              { name: 'South', weight: expect.any(Number) },
            ],
          },
        },
      ],
    });
    expect((await loadConfig({ cwd: folder, env: {} })).series).toHaveLength(1);
  });

  test('needs several of them', async () => {
    await configure(energyCharts);
    const { code, err } = await run('points');
    expect(code).toBe(2);
    expect(err).toContain('"Luxembourg" has 0 weather points in the configuration');
  });
});
