import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type App, type WorkplaceOptions } from '../../src/app.js';
import { loadConfig, type Config } from '../../src/config.js';
import { readLoadFile } from '../../src/ingest/load-file.js';
import { importFile } from '../../src/jobs/ingest/import-file.js';
import type { Workplace } from '../../src/app.js';
import { writeLoadCsv } from '../cli/load-csv.js';

let folder: string;
let csv: string;
let config: Config;
const logger = pino({ level: 'silent' });
const running: App[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-app-'));
  csv = join(folder, 'feeder.csv');
  await writeLoadCsv(csv, 60);
  const env = { LOADCAST_HOME: join(folder, 'home'), PORT: '0', LOADCAST_THREADS: '1' };
  config = await loadConfig({ cwd: folder, env });
});
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});
afterAll(() => rm(folder, { recursive: true }));

async function start(
  changes: Partial<WorkplaceOptions> = {},
  prepare?: (workplace: Workplace) => Promise<void>,
): Promise<App> {
  const app = await startApp({ config, logger, ...changes }, prepare);
  running.push(app);
  return app;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A live series of 60 days: enough for every member, so that its training takes long. */
async function importFeeder({ services }: Workplace): Promise<void> {
  const file = await readLoadFile(csv);
  const series = {
    id: 'feeder',
    name: 'Feeder',
    place: { zone: 'Australia/Melbourne', holidayRegion: 'AU-VIC' },
    resolutionMinutes: 60,
    latitude: null,
    longitude: null,
    kind: 'live',
    loadKind: null,
    sourceUnit: 'MW',
    reportingDelayHours: 0,
    createdAtMs: 1,
  } as const;
  await services.store.saveSeries(series);
  await importFile(services.store, series, file, services.nowMs());
}

describe('the service', () => {
  test('without a series listens, is not ready, and says what to do', async () => {
    const app = await start();
    expect(app.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
    const page = await fetch(app.url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('loadcast -- import load.csv');
  });

  test('takes up a series only once its import is over', async () => {
    const app = await start({}, async (workplace) => {
      await importFeeder(workplace);
      const [series] = await workplace.store.listSeries();
      if (series) await workplace.store.saveSeries({ ...series, id: 'half', name: 'Half' });
    });
    expect(app.missing.map(({ series }) => series.id)).toEqual(['feeder']);
    expect(app.workplace.queue.upcoming().map(({ seriesId }) => seriesId)).not.toContain('half');
  });

  test('serves a new series at once from the ladder, and names the jobs it lacks', async () => {
    const app = await start();
    expect(app.missing).toMatchObject([
      { series: { id: 'feeder' }, jobs: ['ingest', 'retrain', 'forecast', 'report'] },
    ]);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    const latest = await fetch(`${app.url}/api/v1/series/feeder/forecasts/latest`);
    expect(await latest.json()).toMatchObject({
      seriesId: 'feeder',
      quality: 'fallback',
      reason: expect.stringMatching(/^models in training; /),
      values: { length: 72 },
    });
    app.setStatus('Models in training');
    const page = await fetch(app.url);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await page.text()).toContain('Models in training');
    expect((await fetch(`${app.url}/reports/nobody`)).status).toBe(404);
  });

  test('schedules a live series on its own clock and no job that is turned off', async () => {
    const schedule = { ...config.schedule, ingest: null };
    const app = await start({ config: { ...config, schedule } });
    expect(app.workplace.queue.upcoming().map(({ job, zone }) => `${job} ${zone}`)).toEqual([
      'forecast Australia/Melbourne',
      'retrain Australia/Melbourne',
      'evaluate Australia/Melbourne',
      'report Australia/Melbourne',
    ]);
  });

  test('closes within two seconds while models train; the run is stored, the home is free again', async () => {
    const progress = new EventEmitter();
    const app = await start({ watch: () => () => progress.emit('training') });
    const training = once(progress, 'training');
    const retrain = app.workplace.queue.run('retrain', 'feeder').catch((error: unknown) => error);
    await training;
    const jobs = await fetch(`${app.url}/api/v1/series/feeder/jobs?limit=1`);
    expect(await jobs.json()).toMatchObject({
      items: [{ job: 'retrain', state: 'running', progress: { phase: expect.any(String) } }],
    });
    const startedMs = performance.now();
    await app.close();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await retrain).toMatchObject({ code: 'CANCELLED' });
    running.length = 0;
    expect(existsSync(join(config.home, 'loadcast.lock'))).toBe(false);
    await expect(fetch(`${app.url}/healthz`)).rejects.toThrow('fetch failed');
    const next = await start();
    const [run] = await next.workplace.store.listJobRuns(1);
    expect(run).toMatchObject({ job: 'retrain', seriesId: 'feeder', state: 'failed' });
    await expect(app.workplace.queue.run('retrain', 'feeder')).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  test('closes within two seconds while a weather source does not answer', async () => {
    const asked = new EventEmitter();
    const silent = createServer(() => asked.emit('request')).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    try {
      const baseUrl = `http://127.0.0.1:${portOf(silent)}`;
      const openMeteo = { ...config.openMeteo, baseUrl, timeoutMs: 30_000 };
      const app = await start({ config: { ...config, openMeteo } });
      const feeder = await app.workplace.store.findSeries('feeder');
      if (!feeder) throw new Error('no feeder');
      await app.workplace.store.saveSeries({ ...feeder, latitude: -37.8, longitude: 145 });
      const request = once(asked, 'request');
      const ingest = app.workplace.queue.run('ingest', 'feeder').catch((error: unknown) => error);
      await request;
      const startedMs = performance.now();
      await app.close();
      running.length = 0;
      expect(performance.now() - startedMs).toBeLessThan(2_000);
      expect(await ingest).toMatchObject({ code: 'CANCELLED' });
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  test('is refused beside another one in the same home, with its address', async () => {
    const app = await start();
    await expect(start()).rejects.toMatchObject({
      code: 'ALREADY_RUNNING',
      message: expect.stringContaining(app.url),
    });
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  });

  test('is refused on a port that is taken, and leaves the home free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = portOf(other);
    try {
      await expect(start({ config: { ...config, port } })).rejects.toMatchObject({
        code: 'PORT_TAKEN',
        message: expect.stringContaining(`Port ${port} of 127.0.0.1 is taken`),
      });
    } finally {
      other.close();
    }
    await expect(start()).resolves.toBeDefined();
  });
});
