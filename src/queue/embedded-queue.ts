import { Cron } from 'croner';
import { LoadcastError } from '../core/errors.js';
import type { Store } from '../store/store.js';
import { nextCronTimes, parseCron } from './cron-times.js';
import type { JobHandler, JobQueue, JobSchedule } from './job-queue.js';
import { runStored } from './run-stored.js';

/** The part of a pino logger that the queue uses. */
export interface JobLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface EmbeddedQueueOptions {
  readonly store: Pick<Store, 'startJobRun' | 'finishJobRun'>;
  readonly nowMs: () => number;
  readonly logger: JobLogger;
}

/** The job queue of a single process: croner for the times, the store for the runs and against doubles. */
export function createEmbeddedQueue(options: EmbeddedQueueOptions): JobQueue {
  return new EmbeddedQueue(options);
}

class EmbeddedQueue implements JobQueue {
  readonly #handlers = new Map<string, JobHandler>();
  readonly #timers: { readonly schedule: JobSchedule; readonly timer: Cron }[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(private readonly options: EmbeddedQueueOptions) {}

  define(job: string, handler: JobHandler): void {
    if (this.#handlers.has(job))
      throw new LoadcastError('CONFLICT', `The job "${job}" is already defined.`);
    this.#handlers.set(job, handler);
  }

  async run(job: string, seriesId: string | null = null): Promise<void> {
    const handler = this.#handlerOf(job);
    if (this.#stopping.signal.aborted)
      throw new LoadcastError('CANCELLED', `The program is stopping; "${job}" was not started.`);
    const { signal } = this.#stopping;
    const running = runStored({ ...this.options, job, seriesId }, (run) =>
      handler({ run, seriesId, signal }),
    );
    this.#running.add(running);
    try {
      await running;
    } finally {
      this.#running.delete(running);
    }
  }

  schedule(schedule: JobSchedule): void {
    this.#handlerOf(schedule.job);
    parseCron(schedule.cron, schedule.zone);
    const timer = new Cron(schedule.cron, { timezone: schedule.zone, mode: '5-part' }, () =>
      this.#runScheduled(schedule),
    );
    this.#timers.push({ schedule, timer });
  }

  upcoming(): (JobSchedule & { nextMs: number | null })[] {
    const nowMs = this.options.nowMs();
    return this.#timers.map(({ schedule }) => ({
      ...schedule,
      nextMs: nextCronTimes(schedule.cron, schedule.zone, nowMs, 1)[0] ?? null,
    }));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const { timer } of this.#timers) timer.stop();
    await Promise.allSettled(this.#running);
  }

  #handlerOf(job: string): JobHandler {
    const handler = this.#handlers.get(job);
    if (handler) return handler;
    const known = [...this.#handlers.keys()].join(', ');
    throw new LoadcastError('NOT_FOUND', `There is no job "${job}"; there are ${known}.`);
  }

  /** The job boundary: a failure is stored and logged, and the schedule goes on. */
  async #runScheduled({ job, seriesId }: JobSchedule): Promise<void> {
    const startedAtMs = this.options.nowMs();
    const fields = (): object => ({
      job,
      seriesId,
      durationMs: this.options.nowMs() - startedAtMs,
    });
    try {
      await this.run(job, seriesId);
      this.options.logger.info(fields(), 'job succeeded');
    } catch (error) {
      const code = error instanceof LoadcastError ? error.code : null;
      if (code === 'CONFLICT')
        this.options.logger.warn(fields(), 'job skipped: its last run is not over');
      else if (code === 'CANCELLED')
        this.options.logger.info(fields(), 'job ended early: the program is stopping');
      else this.options.logger.error({ ...fields(), err: error }, 'job failed');
    }
  }
}
