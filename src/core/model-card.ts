import type { AccuracyByLead } from './evaluation.js';
import type { LevelShift } from './level-shift.js';
import type { TemperatureSource } from './history.js';
import type { TrainingEvent } from './training-event.js';

/** One line of training progress, as the loop reports it. */
export interface TrainingStep {
  /** from 1 */
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  /** null between validations */
  readonly validationLoss: number | null;
  readonly learningRate: number;
  /** Euclidean length of the gradient before clipping */
  readonly gradientNorm: number;
}

/** What the training loop recorded, thinned to at most a few hundred points. */
export interface TrainingCurve {
  readonly points: readonly TrainingStep[];
  /** step with the lowest validation loss, or null without validation */
  readonly bestStep: number | null;
  /** explosions and cuts of the rate, in their order; absent in cards that were stored before there were any */
  readonly events?: readonly TrainingEvent[];
}

/** What one trained member says of itself. */
export interface MemberCard {
  readonly name: string;
  readonly version: string;
  /** plain facts for the reader: steps, units, terms, … */
  readonly facts: Readonly<Record<string, string | number>>;
  /** why the serving fit failed and the member is missing from every forecast; null if it was fitted */
  readonly notFitted: string | null;
  readonly fitSeconds: number;
  readonly curves: readonly TrainingCurve[];
  /** figures on the last part of the history, which no choice was made on; null if too short */
  readonly test: AccuracyByLead | null;
}

/** What a bundle of members says of itself: spans, split and figures. Stored beside the model files. */
export interface ModelCard {
  readonly bundleId: string;
  readonly seriesId: string;
  readonly trainedAtMs: number;
  readonly seed: number;
  /** history that the serving models know */
  readonly firstHourMs: number;
  readonly endMs: number;
  /** start of validation and of test in the split run; null where the history was too short for one */
  readonly validationStartMs: number | null;
  readonly testStartMs: number | null;
  /** temperature of the horizons behind the figures, weights and quantiles of the split run */
  readonly temperatureSource: TemperatureSource;
  /** changes of level in what the models know; they are fitted at the level of `endMs`; absent in models of before */
  readonly levelShifts?: readonly LevelShift[];
  readonly members: readonly MemberCard[];
  /** figures of the blend on the test part */
  readonly test: AccuracyByLead | null;
  readonly testNaive: AccuracyByLead | null;
}
