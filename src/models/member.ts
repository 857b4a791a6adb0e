import type { CheckpointSlots } from '../core/checkpoint-slot.js';
import type { TrainingCurve, TrainingStep } from '../core/model-card.js';
import type { TrainingEvent } from '../core/training-event.js';
import type { FeatureTable } from '../features/feature-table.js';
import type { RowRange } from '../features/folds.js';
import type { EngineChoice } from '../neural/engines/engine.js';

/** What a training may use and whom it tells. Time budgets are worked out by the caller through `shouldStop`. */
export interface FitOptions {
  readonly seed: number;
  /** worker threads a member may use; the fitted model is the same bytes whatever the number */
  readonly threads: number;
  /** what a neural member computes with; our kernels by default */
  readonly engine?: EngineChoice;
  /**
   * First row of the validation part of `table` for members that choose a number of training steps; null trains for
   * `steps` on every row.
   */
  readonly validationStart: number | null;
  /**
   * Rows that the fit must know nothing of: no load of theirs leaves a trace in it, and no training window reaches
   * over them. Absent = none.
   */
  readonly excluded?: RowRange;
  /**
   * Hours of the local day at which the known loads end when forecasts are issued, for members that are fitted to them.
   * Absent = midnight alone.
   */
  readonly loadEndHours?: readonly number[];
  /** training steps found by an earlier split run, or null for the recipe's own count */
  readonly steps: number | null;
  /** model to start from, if it is of the same make; absent = a fresh start */
  readonly previous?: SavedMember;
  /** where a training is kept until its model is stored; absent = nowhere */
  readonly checkpoints?: CheckpointSlots;
  readonly onStep?: (step: TrainingStep) => void;
  readonly onEvent?: (event: TrainingEvent) => void;
  readonly shouldStop?: () => boolean;
}

/** A fitted member as it is stored: JSON and one block of numbers. */
export interface SavedMember {
  readonly name: string;
  /** JSON-safe: options, scaler, shapes */
  readonly manifest: unknown;
  readonly weights: Uint8Array;
}

/** One member's forecast of the whole horizon. */
export interface MemberForecast {
  /** MW, shape (horizon,) */
  readonly pointMw: Float64Array;
}

/** Only a fitted model predicts. */
export interface FittedMember {
  readonly name: string;
  /** plain facts for the model card */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly curves: readonly TrainingCurve[];
  /** steps that the serving fit should run, for members that chose a number; else null */
  readonly steps: number | null;
  /**
   * @param table ends at the last row of the horizon; at least `contextHours` rows before `originIndex`
   * @returns one value for each row from `originIndex` on
   */
  predict(table: FeatureTable): MemberForecast;
  save(): SavedMember;
  /** frees tensors and threads */
  dispose(): void;
}

export interface Member {
  readonly name: string;
  /** least history for a fit, hours */
  readonly requiredHours: number;
  /** rows before the origin that `predict` reads, hours */
  readonly contextHours: number;
  /**
   * @param table history; only rows before `originIndex` are used (before `validationStart` for fitting, if given)
   * @throws {InsufficientHistoryError} if the table is shorter than `requiredHours`
   */
  fit(table: FeatureTable, options: FitOptions): Promise<FittedMember>;
  /** @throws {LoadcastError} DAMAGED_MODEL if the parts do not fit together */
  restore(saved: SavedMember): Promise<FittedMember>;
}
