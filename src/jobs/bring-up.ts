import { LoadcastError } from '../core/errors.js';
import { dayMs } from '../core/time.js';
import type { Series } from '../store/store.js';
import type { JobName } from './define-jobs.js';
import { replayIsComplete, replaySeries, forecastSeries } from './forecast-series.js';
import type { JobServices } from './job-services.js';
import { readChampion } from './read-champion.js';

/** Makes sure that a series has a forecast to serve, from the ladder if there are no models yet. */
export async function ensureFirstForecast(services: JobServices, series: Series): Promise<void> {
  if (await services.store.latestForecast(series.id)) return;
  if (series.kind === 'replay') await replaySeries(services, series, {}, true);
  else await forecastSeries(services, series);
}

/**
 * The jobs that a series still needs when the program starts: training where it has no models that can be read, then what follows from
 * it. Empty for a series that is up to date, so that a second start is quick.
 */
export async function missingJobs(services: JobServices, series: Series): Promise<JobName[]> {
  const { store } = services;
  const { record: champion } = await readChampion(services, series);
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
  const due = jobs.length > 0 || stale || latest.bundleId === null;
  // The forecast that follows shall know the newest loads and weather.
  return due ? ['ingest', ...jobs, 'forecast', 'report'] : [];
}

/**
 * Runs the missing jobs of one series, one after the other. One that fails is told and the next ones go on: without
 * weather there is climatology, without models the ladder. Ends early when the program stops.
 * @param run runs one job to its end
 * @param failed is told of each failure; gives whether the jobs after it make sense
 * @returns false if it ended before the last job
 */
export async function bringUp(
  jobs: readonly JobName[],
  run: (job: JobName) => Promise<void>,
  failed: (job: JobName, error: unknown) => boolean | Promise<boolean>,
): Promise<boolean> {
  for (const job of jobs) {
    try {
      await run(job);
    } catch (error) {
      if (error instanceof LoadcastError && error.code === 'CANCELLED') return false;
      if (!(await failed(job, error))) return false;
    }
  }
  return true;
}
