import type { TrainingStep } from '../core/model-card.js';
import type { TrainingEvent } from '../core/training-event.js';
import { initialMonitor, type NormMonitor } from './norm-monitor.js';
import { zeroMoments, type AdamMoments } from './optimiser.js';
import { initialPlateau, type Plateau } from './schedule.js';

/** Everything that the rest of a training depends on besides its options; a checkpoint holds it whole. */
export interface TrainingState {
  /** 0, or 1 after an explosion */
  attempt: number;
  /** steps done in this attempt */
  step: number;
  finished: boolean;
  readonly parameters: Float32Array;
  moments: AdamMoments;
  /** of the best validation; null before the first */
  best: BestValidation | null;
  /** validations since the best one */
  checksWithoutGain: number;
  plateau: Plateau;
  monitor: NormMonitor;
  /** curve of this attempt */
  points: TrainingStep[];
  /** of all attempts */
  readonly events: TrainingEvent[];
}

export interface BestValidation {
  readonly loss: number;
  /** steps done by then */
  readonly step: number;
  readonly parameters: Float32Array;
}

/** @param parameters the array that is trained, holding the start */
export function initialState(parameters: Float32Array): TrainingState {
  return {
    attempt: 0,
    step: 0,
    finished: false,
    parameters,
    moments: zeroMoments(parameters.length),
    best: null,
    checksWithoutGain: 0,
    plateau: initialPlateau,
    monitor: initialMonitor,
    points: [],
    events: [],
  };
}

/** Back to the start, with nothing kept of the attempt before but its events. */
export function startAgain(state: TrainingState, start: Float32Array): void {
  state.parameters.set(start);
  Object.assign(state, {
    ...initialState(state.parameters),
    attempt: state.attempt + 1,
    events: state.events,
  });
}
