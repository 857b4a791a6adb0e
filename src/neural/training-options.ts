import type { CheckpointSlot } from '../core/checkpoint-slot.js';
import { LoadcastError } from '../core/errors.js';
import type { TrainingStep } from '../core/model-card.js';
import type { TrainingEvent } from '../core/training-event.js';
import type { Batch } from './batch.js';
import type { EngineChoice } from './engines/engine.js';
import { validateInputNoise, type InputNoise } from './input-noise.js';
import { validateLoss, type LossOptions } from './losses.js';
import { validateOptimiser, type ClipOptions, type OptimiserOptions } from './optimiser.js';
import { validateSchedule, type ScheduleOptions } from './schedule.js';
import type { Seq2SeqOptions } from './seq2seq-options.js';

export interface TrainSeq2SeqOptions {
  readonly network: Seq2SeqOptions;
  readonly loss: LossOptions;
  readonly optimiser: OptimiserOptions;
  readonly learningRate: number;
  readonly schedule: ScheduleOptions;
  readonly clip: ClipOptions;
  readonly inputNoise: InputNoise | null;
  readonly steps: number;
  readonly batchRows: number;
  readonly seed: number;
  /** worker threads; the result does not depend on it */
  readonly threads: number;
  /** our kernels by default; the result depends on it in its last digits */
  readonly engine?: EngineChoice;
  /**
   * Writes the rows of a step (from 0) into the batch, on the calling thread and while the step before is computed.
   * The rows must depend on the step alone: a training that goes on or starts again asks for any step.
   */
  readonly fillBatch: (step: number, batch: Batch) => void;
  readonly validation: ValidationOptions | null;
  /** warm start in place of the seeded start */
  readonly initial?: Float32Array;
  readonly checkpoint?: CheckpointOptions;
  readonly onStep?: (step: TrainingStep) => void;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** asked before each step */
  readonly shouldStop?: () => boolean;
}

/** Saved each `every` steps and at the end. */
export interface CheckpointOptions extends CheckpointSlot {
  readonly every: number;
}

/** Early stopping: checked each `every` steps and at the end, given up after `patience` checks without gain. */
export interface ValidationOptions {
  readonly batch: Batch;
  readonly rows: number;
  readonly every: number;
  readonly patience: number;
}

const LARGEST_COUNT = 10_000_000;

/** @throws LoadcastError INVALID_INPUT naming the option at fault */
export function validateTraining(options: TrainSeq2SeqOptions): void {
  const { network, validation, inputNoise } = options;
  validateLoss(options.loss, network.outputs);
  validateOptimiser(options.optimiser, options.clip);
  validateSchedule(options.schedule, validation !== null);
  if (inputNoise) validateInputNoise(inputNoise, network);
  const counts = {
    steps: options.steps,
    batchRows: options.batchRows,
    threads: options.threads,
    ...(options.checkpoint && { 'checkpoint.every': options.checkpoint.every }),
    ...(validation && {
      'validation.rows': validation.rows,
      'validation.every': validation.every,
      'validation.patience': validation.patience,
    }),
  };
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isInteger(count) && count > 0 && count <= LARGEST_COUNT) continue;
    refuse(
      `Training option ${name} must be a whole number from 1 to ${LARGEST_COUNT}, is ${count}.`,
    );
  }
  if (!(options.learningRate > 0))
    refuse(`Training option learningRate must be positive, is ${options.learningRate}.`);
}

function refuse(problem: string): never {
  throw new LoadcastError('INVALID_INPUT', problem);
}
