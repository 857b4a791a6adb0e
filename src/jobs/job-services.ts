import type { LiveSeries } from '../ingest/live-series.js';
import type { Resolution } from '../core/native-load.js';
import type { Providers } from '../ingest/providers.js';
import type { QualityPolicy } from '../ingest/quality-policy.js';
import type { LstmOptions } from '../models/lstm/lstm-options.js';
import type { EnginePreference } from '../neural/engines/choose-engine.js';
import type { ModelFiles } from '../store/model-files.js';
import type { Store } from '../store/store.js';
import type { TrainingCheckpoints } from './training-checkpoints.js';
import type { TaskProgress } from '../core/task-progress.js';

/** What every job handler works with. */
export interface JobServices {
  readonly store: Store;
  readonly modelFiles: ModelFiles;
  readonly checkpoints: TrainingCheckpoints;
  /** folder that reports are written to */
  readonly reportsFolder: string;
  /** folder that remembers how each series' file is read */
  readonly sourcesFolder: string;
  /** series that are read from live sources, by id */
  readonly live: ReadonlyMap<string, LiveSeries>;
  readonly providers: Providers;
  /** what is done with doubtful loads of a series */
  readonly policyOf: (seriesId: string) => QualityPolicy;
  /** what a forecast without models says of them, such as "models in training" */
  readonly withoutModels: string;
  /** names of the members that a series is trained with, or `all` alone */
  readonly membersOf: (seriesId: string) => readonly string[];
  /** whether a training starts from the series' present models */
  readonly warmStart: boolean;
  /** cron time at which live series' forecasts are issued; null = whenever somebody asks */
  readonly forecastCron: string | null;
  /** hours that forecasts cover, whole days */
  readonly horizonHours: number;
  /** whether forecasts are as fine as the loads, or of hours */
  readonly resolution: Resolution;
  /** what the LSTM is trained with, where that is not the default */
  readonly lstm: LstmOptions;
  readonly threads: number;
  /** what training computes with, and the folder that TensorFlow would be in */
  readonly engine: { readonly preference: EnginePreference; readonly folder: string };
  readonly seed: number;
  readonly nowMs: () => number;
  /** what a job did otherwise than one might think, for the log */
  readonly note: (message: string) => void;
  /** a job's warning for the log */
  readonly warn: (message: string) => void;
}

/** How one run of a job is watched and stopped. */
export interface JobControl {
  readonly onProgress?: (progress: TaskProgress) => void;
  /** aborted when the job is to end soon, with an error of code CANCELLED if its work is not done */
  readonly signal?: AbortSignal;
}
