import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { LoadcastError } from '../core/errors.js';
import type { Database } from './database.js';
import { isDuplicate, shorten } from './database-error.js';
import { isAlive, thisProcess, type ProcessIdentity } from './process-identity.js';
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
  process_id: number;
  process_start_ticks: number | null;
}

const errorLength = 2_000;

export function jobRuns(
  database: Database,
): Pick<Store, 'startJobRun' | 'finishJobRun' | 'abandonRunningJobs' | 'listJobRuns'> {
  const own = thisProcess();
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
          process_id: own.pid,
          process_start_ticks: own.startTicks ?? null,
        };
        // A command that was killed beside a running service must not keep the service from this job.
        await abandonLeftBehind(transaction, own, atMs);
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
          .where({ id })
          .whereIn('state', ['running', 'abandoned'])
          .update({
            state: error === null ? 'succeeded' : 'failed',
            finished_at_ms: atMs,
            error: error === null ? null : shorten(error, errorLength),
          });
        if (finished === 0)
          throw new LoadcastError(
            'NOT_FOUND',
            `There is no job run with the id "${id}" that has not ended.`,
          );
      }),

    abandonRunningJobs: (atMs) =>
      database.write((transaction) => abandonLeftBehind(transaction, own, atMs)),

    listJobRuns: (limit, seriesId) =>
      database.read(async (reader) => {
        const newest = reader<JobRow>('job_run')
          .orderBy([
            { column: 'started_at_ms', order: 'desc' },
            { column: 'id', order: 'desc' },
          ])
          .limit(limit);
        if (seriesId !== undefined)
          void newest.where('series_id', seriesId).orWhereNull('series_id');
        return (await newest).map(fromRow);
      }),
  };
}

async function abandonLeftBehind(
  transaction: Knex.Transaction,
  own: ProcessIdentity,
  atMs: number,
): Promise<number> {
  const running = await transaction<JobRow>('job_run').where({ state: 'running' });
  const ids = running.filter((row) => isLeftBehind(row, own)).map((row) => row.id);
  return transaction<JobRow>('job_run')
    .whereIn('id', ids)
    .update({ state: 'abandoned', finished_at_ms: atMs });
}

function isLeftBehind(row: JobRow, own: ProcessIdentity): boolean {
  const ticks = row.process_start_ticks;
  const runner = { pid: row.process_id, ...(ticks === null ? {} : { startTicks: ticks }) };
  if (!isAlive(runner)) return true;
  // Without start ticks only the clock tells this process from an earlier one with its id.
  const beganMs = Date.now() - process.uptime() * 1_000;
  return ticks === null && row.process_id === own.pid && row.started_at_ms < beganMs;
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
    processId: row.process_id,
  };
}
