import type { TrainingStep } from './model-card.js';

/** How far long work is, for a person. In a training the figures of its last step are there too. */
export interface TaskProgress extends Partial<TrainingStep> {
  readonly phase: string;
  readonly member?: string;
  readonly secondsLeft?: number;
  /** what happened last to this training: resumed, started again, rate cut; told once by itself, then with each step */
  readonly note?: string;
}
