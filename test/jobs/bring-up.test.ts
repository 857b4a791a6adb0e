import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LoadcastError } from '../../src/core/errors.js';
import { dayMs } from '../../src/core/time.js';
import { bringUp } from '../../src/jobs/bring-up.js';
import { defineJobs, jobNames, scheduleSeries } from '../../src/jobs/define-jobs.js';
import { createEmbeddedQueue } from '../../src/queue/embedded-queue.js';
import type { JobQueue } from '../../src/queue/job-queue.js';
import { openJobHome, storeSeries, type JobHome } from './job-home.js';

let home: JobHome;
let queue: JobQueue;
beforeEach(async () => {
  home = await openJobHome();
  const { store, nowMs } = home.services;
  queue = createEmbeddedQueue({ store, nowMs, logger: pino({ level: 'silent' }) });
  defineJobs(queue, home.services);
});
afterEach(async () => {
  await queue.stop();
  await home.close();
});

const daily = {
  ingest: null,
  forecast: '15 0 * * *',
  retrain: '30 5 * * 0',
  evaluate: '0 5 * * *',
  report: '45 0 * * *',
};

test('a live series is scheduled on the clock of its own zone; a job without a time is not', async () => {
  const series = await storeSeries(home, 1);
  home.setNow(Date.parse('2024-06-30T13:00:00Z')); // 23:00 on Sunday in Melbourne
  scheduleSeries(queue, series, daily);
  expect(queue.upcoming().map(({ job, zone }) => [job, zone])).toEqual([
    ['forecast', 'Australia/Melbourne'],
    ['retrain', 'Australia/Melbourne'],
    ['evaluate', 'Australia/Melbourne'],
    ['report', 'Australia/Melbourne'],
  ]);
  const [forecast, retrain] = queue.upcoming().map(({ nextMs }) => nextMs);
  expect(forecast).toBe(Date.parse('2024-06-30T14:15:00Z'));
  expect(retrain).toBe(Date.parse('2024-07-06T19:30:00Z'));
});

test('a replay is never scheduled', async () => {
  const replay = await storeSeries(home, 1, { kind: 'replay' });
  scheduleSeries(queue, replay, { ...daily, ingest: '5 * * * *' });
  expect(queue.upcoming()).toEqual([]);
});

test('every job of a series that is not there says so, and the run is stored as failed', async () => {
  await storeSeries(home, 1, { id: 'other' });
  for (const job of jobNames)
    await expect(queue.run(job, null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const runs = await home.services.store.listJobRuns(10);
  expect(runs.map(({ state }) => state)).toEqual(jobNames.map(() => 'failed'));
});

test('the daily report forgets job runs of more than 400 days ago', async () => {
  const series = await storeSeries(home, 1);
  const { store } = home.services;
  const nowMs = Date.parse('2024-06-30T13:00:00Z');
  home.setNow(nowMs);
  for (const days of [401, 399]) {
    const run = await store.startJobRun('ingest', series.id, nowMs - days * dayMs);
    await store.finishJobRun(run.id, nowMs, null);
  }
  await queue.run('report', series.id);
  expect((await store.listJobRuns(9)).map(({ job, startedAtMs }) => [job, startedAtMs])).toEqual([
    ['report', nowMs],
    ['ingest', nowMs - 399 * dayMs],
  ]);
});

test('a missing job that fails is told, and those after it run', async () => {
  const ran: string[] = [];
  const failures: unknown[] = [];
  const finished = await bringUp(
    ['ingest', 'retrain', 'forecast'],
    (job) => {
      ran.push(job);
      return job === 'retrain' ? Promise.reject(new Error('too short')) : Promise.resolve();
    },
    (job, error) => failures.push([job, String(error)]) > 0,
  );
  expect(finished).toBe(true);
  expect(ran).toEqual(['ingest', 'retrain', 'forecast']);
  expect(failures).toEqual([['retrain', 'Error: too short']]);
});

test('a missing job that fails ends the ones after it where they make no sense', async () => {
  const ran: string[] = [];
  const finished = await bringUp(
    ['ingest', 'retrain'],
    (job) => {
      ran.push(job);
      return Promise.reject(new Error('no load'));
    },
    () => false,
  );
  expect([finished, ran]).toEqual([false, ['ingest']]);
});

test('when the program stops, the missing jobs end without a word', async () => {
  const ran: string[] = [];
  const finished = await bringUp(
    ['retrain', 'forecast'],
    (job) => {
      ran.push(job);
      return Promise.reject(new LoadcastError('CANCELLED', 'stopping'));
    },
    () => {
      throw new Error('told of a stop');
    },
  );
  expect([finished, ran]).toEqual([false, ['retrain']]);
});
