import type { LoadEvent } from '../../core/calendar-entry.js';
import type { ErrorCode } from '../../core/errors.js';
import type { AnomalySensitivity } from '../../core/evaluation.js';
import type { Forecast } from '../../core/forecast.js';
import type { History, TemperatureSource } from '../../core/history.js';
import type { HourlySeries } from '../../core/hourly.js';
import type { TaskProgress } from '../../core/task-progress.js';
import type { CrossValidation } from '../../evaluate/cross-validate.js';
import type { SavedBundle } from '../../forecast/bundle.js';
import type { ExplainedChange } from '../../forecast/explain-change.js';
import type { Explanation } from '../../forecast/explain.js';
import type { TemperatureRun } from '../../forecast/weather.js';
import type { LstmOptions } from '../../models/lstm/lstm-options.js';
import type { SavedMember } from '../../models/member.js';
import type { EngineChoice } from '../../neural/engines/engine.js';

/** Work of a job thread: plain values in, plain values out, no database. */

export interface TrainTask {
  readonly kind: 'train';
  readonly seriesId: string;
  readonly history: History;
  /** temperature of the horizon in the split run: as it came, or with the error of a forecast */
  readonly weather: 'actual' | 'model';
  /** forecasts of temperature as they were known, which go before that error's model; none with `actual` */
  readonly weatherRuns: readonly TemperatureRun[];
  readonly trainedAtMs: number;
  readonly issueTimes: readonly string[];
  readonly loadDelayHours: number;
  readonly seed: number;
  readonly threads: number;
  readonly engine?: EngineChoice;
  readonly members: readonly string[];
  readonly lstm: LstmOptions;
  /** models that the serving fit starts from; absent = a fresh start */
  readonly warmStart?: readonly SavedMember[];
  /** folder of the checkpoints of this very training; absent = none are kept */
  readonly checkpointsFolder?: string;
}

/** One forecast to issue: when, and what was known of the temperature of its horizon. */
export interface IssueRequest {
  readonly issuedAtMs: number;
  readonly horizonTemperature: HourlySeries | null;
  readonly temperatureSource: TemperatureSource;
  /** other temperatures that may come, °C, shape (horizon,) each; absent: none */
  readonly scenarios?: readonly Float64Array[];
}

export interface IssueTask {
  readonly kind: 'issue';
  readonly seriesId: string;
  readonly forecastKind: Forecast['kind'];
  /** loads as they would have been without events */
  readonly everything: History;
  /** known events, whose effects the forecasts have in them */
  readonly events: readonly LoadEvent[];
  readonly bundle: SavedBundle | null;
  readonly withoutBundle: string | null;
  readonly loadDelayHours: number;
  readonly createdAtMs: number;
  /** ascending by issue time */
  readonly requests: readonly IssueRequest[];
  /** stored forecasts since the bundle was trained, ascending by issue time */
  readonly earlier: readonly Forecast[];
}

/** One forecast to explain, and what is new since the one before it. */
export interface ExplainTask {
  readonly kind: 'explain';
  /** of one request each */
  readonly issue: IssueTask;
  /** null: there is none that shares an hour */
  readonly before: IssueTask | null;
}

export interface AnomalyTask {
  readonly kind: 'anomaly';
  readonly everything: History;
  readonly bundle: SavedBundle;
  readonly origins: readonly number[];
  readonly loadDelayHours: number;
  readonly seed: number;
}

export interface CrossValidateTask {
  readonly kind: 'cross-validate';
  readonly history: History;
  readonly scheme: CrossValidation['scheme'];
  readonly folds: number;
  /** days that each rolling fit knows; null = all before */
  readonly windowDays: number | null;
  /** temperature of the horizon: as it came, or with the error of a forecast */
  readonly weather: 'actual' | 'model';
  /** as for training */
  readonly weatherRuns: readonly TemperatureRun[];
  readonly loadDelayHours: number;
  readonly seed: number;
  readonly threads: number;
  readonly engine?: EngineChoice;
  readonly members: readonly string[];
  readonly lstm: LstmOptions;
}

export interface TaskResults {
  readonly train: SavedBundle;
  readonly issue: readonly Forecast[];
  readonly explain: {
    readonly explanation: Explanation | null;
    readonly change: ExplainedChange | null;
  };
  readonly anomaly: AnomalySensitivity;
  readonly 'cross-validate': CrossValidation;
}

export type Task = TrainTask | IssueTask | ExplainTask | AnomalyTask | CrossValidateTask;

/** What a thread says of a task of kind K. */
export type ThreadMessage<K extends Task['kind'] = Task['kind']> =
  | { readonly kind: 'progress'; readonly progress: TaskProgress }
  | { readonly kind: 'result'; readonly result: TaskResults[K] }
  | { readonly kind: 'error'; readonly code: ErrorCode | null; readonly message: string };
