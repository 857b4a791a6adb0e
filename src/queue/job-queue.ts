import type { JobRun } from '../store/store.js';

/** What a handler is told. */
export interface JobContext {
  readonly run: JobRun;
  /** series the job works on, or null for a job of the whole program */
  readonly seriesId: string | null;
  /** aborted once the queue stops: end soon, with an error of code CANCELLED if the work is not done */
  readonly signal: AbortSignal;
}

export type JobHandler = (context: JobContext) => Promise<void>;

export interface JobSchedule {
  readonly job: string;
  readonly seriesId: string | null;
  /** cron time of five fields, on the clock of `zone` */
  readonly cron: string;
  /** IANA zone, the series' own */
  readonly zone: string;
}

/** Jobs by name. A job of one series never runs twice at once; every run is stored with state, times and error. */
export interface JobQueue {
  define(job: string, handler: JobHandler): void;
  /**
   * Runs a job now and waits for its end.
   * @throws {LoadcastError} NOT_FOUND if no such job is defined, CONFLICT if it is running, CANCELLED if the queue
   * stops; what the handler throws, after it is stored
   */
  run(job: string, seriesId?: string | null): Promise<void>;
  /** @throws {LoadcastError} NOT_FOUND for an unknown job, INVALID_INPUT for a time or zone that cannot be read */
  schedule(schedule: JobSchedule): void;
  /** each schedule with its next time, UTC ms, or null once it has none */
  upcoming(): readonly (JobSchedule & { readonly nextMs: number | null })[];
  /** Ends the schedule, asks running jobs to stop and waits for them. */
  stop(): Promise<void>;
}
