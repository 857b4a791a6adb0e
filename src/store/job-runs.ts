import { randomUUID } from 'node:crypto';
import { LoadcastError } from '../core/errors.js';
import type { Database } from './database.js';
import { isDuplicate, shorten } from './database-error.js';
import { requireSeries } from './series-records.js';
import type { JobRun, Store } from './store.js';

interface JobRow {
  id: string;
  job: string;
  series_id: string | null;
  state: JobRun['state'];
  started_at_ms: number;
  finished_at_ms: number | null;
  error: string | null;
}

const errorLength = 2_000;

export function jobRuns(
  database: Database,
): Pick<Store, 'startJobRun' | 'finishJobRun' | 'abandonRunningJobs' | 'listJobRuns'> {
  return {
    startJobRun: (job, seriesId, atMs) =>
      database.write(async (transaction) => {
        if (seriesId !== null) await requireSeries(transaction, seriesId);
        const row: JobRow = {
          id: randomUUID(),
          job,
          series_id: seriesId,
          state: 'running',
          started_at_ms: atMs,
          finished_at_ms: null,
          error: null,
        };
        try {
          await transaction<JobRow>('job_run').insert(row);
        } catch (error) {
          if (!isDuplicate(error)) throw error;
          const subject = seriesId === null ? '' : ` of series "${seriesId}"`;
          throw new LoadcastError('CONFLICT', `Job "${job}"${subject} is running already.`);
        }
        return fromRow(row);
      }),

    finishJobRun: (id, atMs, error) =>
      database.write(async (transaction) => {
        const finished = await transaction<JobRow>('job_run')
          .where({ id, state: 'running' })
          .update({
            state: error === null ? 'succeeded' : 'failed',
            finished_at_ms: atMs,
            error: error === null ? null : shorten(error, errorLength),
          });
        if (finished === 0)
          throw new LoadcastError('NOT_FOUND', `There is no running job with the id "${id}".`);
      }),

    abandonRunningJobs: (atMs) =>
      database.write((transaction) =>
        transaction<JobRow>('job_run')
          .where({ state: 'running' })
          .update({ state: 'abandoned', finished_at_ms: atMs }),
      ),

    listJobRuns: (limit) =>
      database.read(async (reader) => {
        const rows = await reader<JobRow>('job_run')
          .orderBy([
            { column: 'started_at_ms', order: 'desc' },
            { column: 'id', order: 'desc' },
          ])
          .limit(limit);
        return rows.map(fromRow);
      }),
  };
}

function fromRow(row: JobRow): JobRun {
  return {
    id: row.id,
    job: row.job,
    seriesId: row.series_id,
    state: row.state,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
    error: row.error,
  };
}
