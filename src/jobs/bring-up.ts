import { dayMs } from '../core/time.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { Series } from '../store/store.js';
import type { JobName } from './define-jobs.js';
import { replayIsComplete, replaySeries, forecastSeries } from './forecast-series.js';
import type { JobServices } from './job-services.js';

/** Makes sure that a series has a forecast to serve, from the ladder if there are no models yet. */
export async function ensureFirstForecast(services: JobServices, series: Series): Promise<void> {
  if (await services.store.latestForecast(series.id)) return;
  if (series.kind === 'replay') await replaySeries(services, series, {}, true);
  else await forecastSeries(services, series);
}

/**
 * The jobs that a series still needs when the program starts: training where it has no models, then what follows from
 * it. Empty for a series that is up to date, so that a second start is quick.
 */
export async function missingJobs(services: JobServices, series: Series): Promise<JobName[]> {
  const { store } = services;
  const champion = await store.championBundle(series.id);
  const jobs: JobName[] = champion ? [] : ['retrain'];
  const [evaluation] = await store.listEvaluations(series.id, 1);
  if (series.kind === 'replay') {
    if (!champion || !(await replayIsComplete(services, series))) jobs.push('forecast');
    // A replay is judged once for each set of models.
    if (jobs.length > 0 || !evaluation || evaluation.createdAtMs < (champion?.createdAtMs ?? 0))
      jobs.push('evaluate', 'report');
    return jobs;
  }
  const latest = await store.latestForecast(series.id);
  const stale = !latest || latest.createdAtMs < services.nowMs() - dayMs;
  if (jobs.length > 0 || stale || latest.bundleId === null) jobs.push('forecast', 'report');
  return jobs;
}

/** Runs the missing jobs of one series, one after the other. */
export async function bringUp(
  queue: JobQueue,
  series: Series,
  jobs: readonly JobName[],
): Promise<void> {
  for (const job of jobs) await queue.run(job, series.id);
}
