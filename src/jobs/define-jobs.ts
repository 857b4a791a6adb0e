import { LoadcastError } from '../core/errors.js';
import { dayMs } from '../core/time.js';
import type { JobHandler, JobQueue } from '../queue/job-queue.js';
import type { Series } from '../store/store.js';
import { evaluateSeries } from './evaluate-series.js';
import { forecastSeries, replaySeries } from './forecast-series.js';
import { ingestSeries } from './ingest/ingest-series.js';
import type { JobControl, JobServices } from './job-services.js';
import { writeReport } from './report-series.js';
import { trainSeries } from './train-series.js';

/** Jobs of one series, in the order of a day. */
export const jobNames = ['ingest', 'forecast', 'retrain', 'evaluate', 'report'] as const;
export type JobName = (typeof jobNames)[number];

/** job runs and fetched weather forecasts older than this are deleted with the daily report */
const keptDays = 400;

/** Shows how far the running jobs are; absent where nobody watches. */
export type WatchJob = (job: JobName, seriesId: string) => JobControl['onProgress'];

/** Gives every job its handler. */
export function defineJobs(queue: JobQueue, services: JobServices, watch?: WatchJob): void {
  const work: Record<JobName, (series: Series, control: JobControl) => Promise<unknown>> = {
    ingest: (series, control) => ingestSeries(services, series, control),
    forecast: (series, control) =>
      series.kind === 'replay'
        ? replaySeries(services, series, control)
        : forecastSeries(services, series, control),
    retrain: (series, control) => trainSeries(services, series, control),
    evaluate: (series, control) => evaluateSeries(services, series, control),
    report: async (series) => {
      await writeReport(services, series);
      await services.store.forgetBefore(series.id, services.nowMs() - keptDays * dayMs);
    },
  };
  for (const job of jobNames) {
    const handler: JobHandler = async ({ seriesId, signal }) => {
      const series = await findSeries(services, seriesId);
      const onProgress = watch?.(job, series.id);
      await work[job](series, { signal, ...(onProgress ? { onProgress } : {}) });
    };
    queue.define(job, handler);
  }
}

/** Cron times by job; null = never. */
export type Schedule = Readonly<Record<JobName, string | null>>;

/** Puts a live series on the schedule, on its own clock. A replay has its own clock and is never scheduled. */
export function scheduleSeries(queue: JobQueue, series: Series, schedule: Schedule): void {
  if (series.kind === 'replay') return;
  for (const job of jobNames) {
    const cron = schedule[job];
    if (cron !== null) queue.schedule({ job, seriesId: series.id, cron, zone: series.place.zone });
  }
}

async function findSeries(services: JobServices, seriesId: string | null): Promise<Series> {
  const series = seriesId === null ? null : await services.store.findSeries(seriesId);
  if (series) return series;
  throw new LoadcastError('NOT_FOUND', `There is no series "${seriesId ?? ''}".`);
}
