import { performance } from 'node:perf_hooks';
import { startApp, type App, type Workplace } from '../app.js';
import { loadConfig } from '../config.js';
import { messageOf } from '../core/errors.js';
import { bringUp } from '../jobs/bring-up.js';
import type { JobName } from '../jobs/define-jobs.js';
import type { TaskProgress } from '../core/task-progress.js';
import type { Series } from '../store/store.js';
import { runWithProgress, type ProgressTask } from './progress.js';
import { showProgress } from './run-watched.js';
import { version } from './version.js';

const jobTitles: Readonly<Record<JobName, string>> = {
  ingest: 'Read file and weather',
  forecast: 'Issue forecasts',
  retrain: 'Train models',
  evaluate: 'Evaluate forecasts',
  report: 'Write report',
};

/**
 * Runs the service until it is told to stop: listens, brings every series up to date with progress shown, and follows
 * the schedule. Returns when everything is closed.
 */
export async function runService(prepare?: (workplace: Workplace) => Promise<void>): Promise<void> {
  const config = await loadConfig({ cwd: process.cwd(), env: process.env });
  const listeners = new Map<string, (progress: TaskProgress) => void>();
  // From the first moment on: it is ready for others while it still starts.
  const stopped = stopSignal();
  const app = await startApp(
    {
      config,
      version,
      watch: (job, seriesId) => (progress) => listeners.get(`${job} ${seriesId}`)?.(progress),
    },
    prepare,
  );
  process.stdout.write(`listening on ${app.url}\n`);
  const work = bringEverythingUp(app, listeners);
  await Promise.race([stopped, work.then(() => stopped)]);
  process.stderr.write('stopping …\n');
  await app.close();
  await work;
}

/** Failures are said and stored with the job; the service goes on serving what it has. */
async function bringEverythingUp(
  app: App,
  listeners: Map<string, (progress: TaskProgress) => void>,
): Promise<void> {
  const { store } = app.workplace;
  for (const { series, jobs } of app.missing) {
    if (jobs.length === 0) continue;
    if (jobs.includes('retrain')) app.setStatus('Models in training');
    let failures = 0;
    const finished = await bringUp(
      jobs,
      async (job) => {
        await runWithProgress([watchedJob(app, listeners, job, series)]);
        if (job === 'forecast') app.setStatus(null);
      },
      async (job, error) => {
        failures++;
        process.stderr.write(`${series.name}: ${messageOf(error)}\n`);
        if (job !== 'ingest' || (await store.loadSpan(series.id)) !== null) return true;
        process.stderr.write(
          `${series.name} has no load yet; its source is asked again each hour.\n`,
        );
        app.postpone(series);
        return false;
      },
    );
    if (!finished && failures === 0) return;
    if (failures === 0) process.stderr.write(`${series.name} is up to date: ${app.url}\n`);
    app.setStatus(null);
  }
}

function watchedJob(
  { workplace }: App,
  listeners: Map<string, (progress: TaskProgress) => void>,
  job: JobName,
  series: Series,
): ProgressTask {
  const key = `${job} ${series.id}`;
  return {
    title: `${jobTitles[job]} of ${series.name}`,
    run: async (report) => {
      listeners.set(key, (progress) => {
        showProgress(report, progress);
      });
      try {
        await workplace.queue.run(job, series.id);
      } finally {
        listeners.delete(key);
      }
    },
  };
}

/** Resolves at the first SIGINT or SIGTERM; a second one within the shutdown ends the process at once. */
function stopSignal(): Promise<void> {
  const askedAt = { ms: Number.NaN };
  return new Promise((resolve) => {
    const stop = (): void => {
      // A terminal and npm may both pass on one Ctrl-C.
      if (performance.now() - askedAt.ms > 1_000) process.exit(130);
      if (Number.isNaN(askedAt.ms)) askedAt.ms = performance.now();
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
