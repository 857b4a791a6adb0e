import { LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import type { ExplainedChange } from '../forecast/explain-change.js';
import type { Explanation } from '../forecast/explain.js';
import type { Series } from '../store/store.js';
import { findForecast } from './find-forecast.js';
import { issueTask } from './forecast-series.js';
import type { JobControl, JobServices } from './job-services.js';
import { storedState } from './stored-state.js';
import { runInThread } from './thread/job-thread.js';
import type { IssueTask } from './thread/tasks.js';

/** A stored forecast with what its inputs make of it, and what is new since the one before it. */
export interface ExplainedForecast {
  readonly forecast: Forecast;
  readonly explanation: Explanation;
  /** null if the series had no forecast with models before it that shares an hour */
  readonly change: ExplainedChange | null;
}

/**
 * Explains a stored forecast with the models it was made with and what was known then. Nothing is stored.
 * @param id absent: the newest
 * @throws {LoadcastError} NOT_FOUND if there is no such forecast, its models are gone, or it was made without any
 */
export async function explainStored(
  services: JobServices,
  series: Series,
  id: string | undefined,
  control: JobControl = {},
): Promise<ExplainedForecast> {
  const { store } = services;
  const forecast = await findForecast(store, series, id);
  const before = await store.latestForecast(series.id, forecast.issuedAtMs);
  const { explanation, change } = await runInThread(
    {
      kind: 'explain',
      issue: await taskOf(services, series, forecast),
      before: before?.bundleId ? await taskIfThere(services, series, before) : null,
    },
    control,
  );
  if (explanation) return { forecast, explanation, change };
  throw new LoadcastError(
    'NOT_FOUND',
    `Forecast "${forecast.id}" was made without models: there is nothing to explain${forecast.reason === null ? '' : ` (${forecast.reason})`}.`,
  );
}

async function taskOf(
  services: JobServices,
  series: Series,
  forecast: Forecast,
): Promise<IssueTask> {
  const { work, context } = await storedState(services, series, forecast);
  return issueTask(series, work, context);
}

/** The models of an older forecast may be gone; the newer one is explained all the same. */
async function taskIfThere(
  services: JobServices,
  series: Series,
  forecast: Forecast,
): Promise<IssueTask | null> {
  try {
    return await taskOf(services, series, forecast);
  } catch (error) {
    if (error instanceof LoadcastError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
