import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LoadcastError } from '../../src/core/errors.js';
import { createEmbeddedQueue } from '../../src/queue/embedded-queue.js';
import type { JobQueue } from '../../src/queue/job-queue.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import type { Store } from '../../src/store/store.js';

let folder: string;
let store: Store;
let queue: JobQueue;
let nowMs: number;
let logged: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-queue-'));
  store = await openSqliteStore({ file: join(folder, 'loadcast.sqlite') });
  nowMs = Date.parse('2024-03-30T12:00:00Z');
  logged = [];
  queue = createEmbeddedQueue({
    store,
    nowMs: () => nowMs,
    logger: {
      info: (_fields, message) => logged.push(message),
      warn: (_fields, message) => logged.push(message),
      error: (_fields, message) => logged.push(message),
    },
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await queue.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

/** A promise and the function that fulfils it. */
function gate(): Gate {
  const opening: { resolve?: () => void } = {};
  const opened = new Promise<void>((resolve) => {
    opening.resolve = resolve;
  });
  return { opened, open: () => opening.resolve?.() };
}

describe('run', () => {
  test('stores start and end of a run', async () => {
    queue.define('forecast', async () => {
      nowMs += 1500;
      return Promise.resolve();
    });
    await queue.run('forecast');
    expect(await store.listJobRuns(10)).toMatchObject([
      {
        job: 'forecast',
        seriesId: null,
        state: 'succeeded',
        startedAtMs: nowMs - 1500,
        finishedAtMs: nowMs,
        error: null,
      },
    ]);
  });

  test('a failure is stored in words and thrown', async () => {
    const failure = new LoadcastError('SOURCE_FAILED', 'Open-Meteo answered 503 twice.');
    queue.define('ingest', () => Promise.reject(failure));
    await expect(queue.run('ingest')).rejects.toBe(failure);
    expect(await store.listJobRuns(10)).toMatchObject([
      { state: 'failed', error: 'Open-Meteo answered 503 twice.' },
    ]);
  });

  test('never twice at once: the second is refused, and the job can run again afterwards', async () => {
    const { opened, open } = gate();
    const started = gate();
    let runs = 0;
    queue.define('retrain', async () => {
      runs += 1;
      started.open();
      await opened;
    });
    const first = queue.run('retrain');
    await started.opened;
    await expect(queue.run('retrain')).rejects.toMatchObject({ code: 'CONFLICT' });
    open();
    await first;
    await queue.run('retrain');
    expect(runs).toBe(2);
    expect((await store.listJobRuns(10)).map((run) => run.state)).toEqual([
      'succeeded',
      'succeeded',
    ]);
  });

  test('an unknown job is refused by name and leaves no run', async () => {
    queue.define('ingest', () => Promise.resolve());
    await expect(queue.run('ingset')).rejects.toThrow('no job "ingset"; there are ingest');
    expect(await store.listJobRuns(10)).toEqual([]);
  });

  test('a job cannot be defined twice', () => {
    queue.define('ingest', () => Promise.resolve());
    expect(() => {
      queue.define('ingest', () => Promise.resolve());
    }).toThrow(/already defined/);
  });
});

describe('stop', () => {
  test('tells running jobs, waits for them and starts no other', async () => {
    const started = gate();
    queue.define('retrain', async ({ signal }) => {
      started.open();
      while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
      throw new LoadcastError('CANCELLED', 'The training was cancelled.');
    });
    const running = Promise.allSettled([queue.run('retrain')]);
    await started.opened;
    await queue.stop();
    expect(await store.listJobRuns(10)).toMatchObject([
      { state: 'failed', error: 'The training was cancelled.' },
    ]);
    expect(await running).toMatchObject([{ status: 'rejected', reason: { code: 'CANCELLED' } }]);
    await expect(queue.run('retrain')).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('schedule', () => {
  const daily = { seriesId: null, cron: '15 0 * * *', zone: 'Europe/Paris' };

  test('says the next time on the clock of the zone', () => {
    queue.define('forecast', () => Promise.resolve());
    queue.schedule({ job: 'forecast', ...daily });
    expect(queue.upcoming()).toEqual([
      { job: 'forecast', ...daily, nextMs: Date.parse('2024-03-30T23:15:00Z') },
    ]);
  });

  test('runs at its time, again after a failure, and no more after stop', async () => {
    vi.useFakeTimers({ now: nowMs, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    let ran = gate();
    queue.define('forecast', async () => {
      ran.open();
      return Promise.reject(new Error('no load'));
    });
    queue.schedule({ job: 'forecast', ...daily });
    for (const failures of [1, 2]) {
      await vi.advanceTimersByTimeAsync(24 * 3_600_000);
      await ran.opened;
      await vi.waitUntil(() => logged.length === failures);
      ran = gate();
    }
    expect(logged).toEqual(['job failed', 'job failed']);
    await queue.stop();
    await vi.advanceTimersByTimeAsync(48 * 3_600_000);
    vi.useRealTimers();
    expect(await store.listJobRuns(10)).toHaveLength(2);
  });

  test('a run that is due while the last one goes on is skipped', async () => {
    vi.useFakeTimers({ now: nowMs, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const { opened, open } = gate();
    queue.define('forecast', () => opened);
    queue.schedule({ job: 'forecast', ...daily });
    await vi.advanceTimersByTimeAsync(48 * 3_600_000);
    await vi.waitUntil(() => logged.length === 1);
    expect(logged).toEqual(['job skipped: its last run is not over']);
    open();
    await vi.waitUntil(() => logged.length === 2);
    expect(logged[1]).toBe('job succeeded');
  });

  test('refuses an unknown job', () => {
    expect(() => {
      queue.schedule({ job: 'forecast', ...daily });
    }).toThrow(/no job "forecast"/);
  });
});
