import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Forecast } from '../../../src/core/forecast.js';
import { hourMs } from '../../../src/core/time.js';
import { historyBefore } from '../../../src/forecast/split-run.js';
import { runInThread } from '../../../src/jobs/thread/job-thread.js';
import { runTask } from '../../../src/jobs/thread/run-task.js';
import type { TaskProgress } from '../../../src/core/task-progress.js';
import type { IssueTask, TrainTask } from '../../../src/jobs/thread/tasks.js';
import { victoriaHistory } from '../../forecast/sample-history.js';
import { bundleOf } from '../../forecast/sample-members.js';
import { dataStartMs } from '../job-home.js';

const history = historyBefore(victoriaHistory(), dataStartMs + 70 * 24 * hourMs);
const training: TrainTask = {
  kind: 'train',
  seriesId: 'victoria',
  history,
  weather: 'actual',
  weatherRuns: [],
  trainedAtMs: 1,
  issueTimes: ['00:00'],
  loadDelayHours: 0,
  seed: 1,
  threads: 1,
  members: ['naive'],
  lstm: {},
};
const issuing: IssueTask = {
  kind: 'issue',
  seriesId: 'victoria',
  forecastKind: 'issued',
  everything: history,
  events: [],
  bundle: null,
  withoutBundle: 'models in training',
  loadDelayHours: 0,
  createdAtMs: 1,
  requests: [
    {
      issuedAtMs: dataStartMs + 70 * 24 * hourMs,
      horizonTemperature: null,
      temperatureSource: 'none',
    },
  ],
  earlier: [],
};

test('a task runs in its thread and tells how far it is', async () => {
  const told: TaskProgress[] = [];
  const saved = await runInThread(training, { onProgress: (progress) => told.push(progress) });
  expect(saved.members.map(({ name }) => name)).toEqual(['naive']);
  expect(saved.card).toMatchObject({ seriesId: 'victoria', trainedAtMs: 1, seed: 1 });
  expect(told).toContainEqual({ phase: 'serving fit' });
});

test('the LSTM is trained as the task says, and the card says so', async () => {
  const lstm = { units: 8, headUnits: 8, seeds: 1, batchRows: 16, steps: { base: 2, perYear: 0 } };
  const saved = await runInThread({ ...training, members: ['lstm'], lstm });
  expect(saved.card.members[0]?.facts).toMatchObject({
    units: 8,
    headUnits: 8,
    'training steps': 2,
    steps: 'base 2, perYear 0',
  });
});

test('an error comes with its code', async () => {
  const short = historyBefore(history, dataStartMs + 20 * hourMs);
  await expect(runInThread({ ...training, history: short })).rejects.toMatchObject({
    code: 'INSUFFICIENT_HISTORY',
    message: expect.stringMatching(/Need 168 h .* have 20 h/),
  });
});

test('a stop ends it with CANCELLED within a second, whatever it is doing', async () => {
  let stopAskedMs = Number.NaN;
  const stopping = new AbortController();
  const stopped = runInThread(
    { ...training, members: ['lstm'] },
    {
      onProgress: ({ member, step }) => {
        if (member !== 'lstm' || step !== 1) return;
        stopAskedMs = performance.now();
        stopping.abort();
      },
      signal: stopping.signal,
    },
  );
  await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(performance.now() - stopAskedMs).toBeLessThan(1_000);
  const late = runInThread(training, { signal: stopping.signal });
  await expect(late).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('models that cannot be restored give a forecast from the ladder that says why', async () => {
  const { card } = bundleOf([]);
  const members = [{ name: 'later', manifest: {}, weights: new Uint8Array(0) }];
  const result = await runTask(
    { ...issuing, bundle: { card, members, past: [] }, withoutBundle: null },
    () => undefined,
  );
  const [forecast] = z.array(z.custom<Forecast>()).parse(result);
  expect(forecast).toMatchObject({ quality: 'fallback', bundleId: null });
  expect(forecast?.reason).toMatch(/the models cannot be used: .*"later".*retrain/);
  expect(forecast?.values.every(({ pointMw }) => Number.isFinite(pointMw))).toBe(true);
});
