import { messageOf } from '../core/errors.js';
import type { JobRun, Store } from '../store/store.js';

export interface StoredRun {
  readonly store: Pick<Store, 'startJobRun' | 'finishJobRun'>;
  readonly nowMs: () => number;
  readonly job: string;
  readonly seriesId: string | null;
}

/**
 * Does a piece of work as a job run whose start, end and error are stored.
 * @throws {LoadcastError} CONFLICT if the same job of the same series is running; what the work throws, after it is
 * stored
 */
export async function runStored<T>(
  { store, nowMs, job, seriesId }: StoredRun,
  work: (run: JobRun) => Promise<T>,
): Promise<T> {
  const run = await store.startJobRun(job, seriesId, nowMs());
  let result: T;
  try {
    result = await work(run);
  } catch (error) {
    await store.finishJobRun(run.id, nowMs(), messageOf(error));
    throw error;
  }
  await store.finishJobRun(run.id, nowMs(), null);
  return result;
}
