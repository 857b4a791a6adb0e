import type { Logger } from 'pino';
import type { Forecast } from '../core/forecast.js';
import type { DayPaths } from '../core/outlook.js';
import type { PushedReadings } from '../core/pushed-readings.js';
import type { TaskProgress } from '../core/task-progress.js';
import type { JobRun, Series, Store, WriteCounts } from '../store/store.js';

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
  readonly progressOf: (run: JobRun) => TaskProgress | null;
  /**
   * Stores readings that were sent.
   * @throws {LoadcastError} CONFLICT for a series that takes none, INVALID_INPUT if they overlap
   */
  readonly push: (
    series: Series,
    readings: PushedReadings,
  ) => Promise<Readonly<Record<'load' | 'temperature' | 'extras', WriteCounts>>>;
  /**
   * What a forecast's paths say of its whole local days.
   * @throws {LoadcastError} NOT_FOUND for a forecast of before there were paths
   */
  readonly outlook: (series: Series, forecast: Forecast) => Promise<readonly DayPaths[]>;
  /** who sends readings has to show it; null: nobody may */
  readonly pushToken: string | null;
  readonly nowMs: () => number;
  readonly logger: Logger;
  /** of the program, told by `/healthz` */
  readonly version?: string;
}

export interface ServiceStatus {
  /** what the program is doing, such as "models in training"; null when it is idle */
  readonly status: string | null;
}
