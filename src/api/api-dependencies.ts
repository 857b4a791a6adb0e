import type { Logger } from 'pino';
import type { JobRun, Store } from '../store/store.js';

/** What the composition root hands to the API. */
export interface ApiDependencies {
  readonly store: Store;
  /**
   * HTML of one series' report, or of the page at `/`.
   * @throws {LoadcastError} NOT_FOUND for a series that does not exist
   */
  readonly report: (seriesId?: string) => Promise<string>;
  readonly status: () => ServiceStatus;
  /** how far a run is; null if it has ended, runs in another process or has said nothing yet */
  readonly progressOf: (run: JobRun) => JobProgress | null;
  readonly nowMs: () => number;
  readonly logger: Logger;
  /** of the program, told by `/healthz` */
  readonly version?: string;
}

/** What a running job said last. */
export interface JobProgress {
  readonly phase: string;
  readonly member?: string;
  readonly step?: number;
  readonly steps?: number;
  readonly loss?: number;
  readonly validationLoss?: number | null;
  readonly learningRate?: number;
  readonly gradientNorm?: number;
  readonly secondsLeft?: number;
  readonly note?: string;
}

export interface ServiceStatus {
  /** what the program is doing, such as "models in training"; null when it is idle */
  readonly status: string | null;
}
