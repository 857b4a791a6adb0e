import { LoadcastError, messageOf } from '../core/errors.js';
import type { TrainingCurve, TrainingStep } from '../core/model-card.js';
import type { TrainingEvent } from '../core/training-event.js';
import { rowsOfShard, shardCount } from './batch.js';
import {
  averageGradients,
  meanLoss,
  runShards,
  startWorkers,
  type GradientWorker,
} from './gradient-workers.js';
import { initialParameters } from './initial-parameters.js';
import { clearMoments, moveMoments } from './moving-moments.js';
import { hasExploded, medianNorm, watchNorm } from './norm-monitor.js';
import { adamStep, clipGradients, decayedParameters } from './optimiser.js';
import { parameterLayout, type ParameterLayout } from './parameter-layout.js';
import { afterValidation, learningRateAt } from './schedule.js';
import { decodeCheckpoint, encodeCheckpoint, trainingFingerprint } from './training-checkpoint.js';
import { allocateTrainingMemory, type TrainingMemory } from './training-memory.js';
import { validateTraining, type TrainSeq2SeqOptions } from './training-options.js';
import { initialState, startAgain, type TrainingState } from './training-state.js';

export type { Batch } from './batch.js';
export type { TrainSeq2SeqOptions } from './training-options.js';

export interface TrainedSeq2Seq {
  /** packed by `parameterLayout`: those of the best validation, or of the last step without one */
  readonly parameters: Float32Array;
  readonly curve: TrainingCurve;
  /** steps done at the best validation; null without validation */
  readonly bestStep: number | null;
  /** how often it exploded and was started again at a lower rate */
  readonly retries: number;
}

/** One training under way. */
interface Run {
  readonly options: TrainSeq2SeqOptions;
  readonly layout: ParameterLayout;
  readonly memory: TrainingMemory;
  readonly workers: readonly GradientWorker[];
  readonly state: TrainingState;
  readonly start: Float32Array;
  /** of the checkpoints; null without any */
  readonly fingerprint: string | null;
  /** mean gradient of the step */
  readonly gradient: Float32Array;
  readonly decayed: Uint8Array;
}

const CURVE_POINTS = 200;
const MOST_RETRIES = 1;
const RETRY_RATE_SHARE = 0.5;

/**
 * Trains the network on mini-batches, replicas in worker threads. The calling thread fills the next batch while the
 * workers compute this one, sums gradients and takes the step, and never blocks. The same options give the same bytes
 * for any `threads`. A training that explodes is started again from its start, once, at half the rate: what comes out
 * is the training at that rate. With a checkpoint, one that was killed goes on where it was and ends with the bytes of
 * one that was not.
 * @throws LoadcastError INVALID_INPUT for options that do not fit, DIVERGED if it explodes again, CANCELLED if
 *         `shouldStop` says so; Error if a worker fails
 */
export async function trainSeq2Seq(options: TrainSeq2SeqOptions): Promise<TrainedSeq2Seq> {
  validateTraining(options);
  const layout = parameterLayout(options.network);
  const start = startOf(options, layout.size);
  const memory = allocateTrainingMemory(options, layout);
  memory.parameters.set(start);
  const fingerprint = fingerprintOf(options, memory, start);
  const state =
    (await savedState(options, fingerprint, memory.parameters)) ?? initialState(memory.parameters);
  if (state.finished) return resultOf(state);
  const workers: GradientWorker[] = [];
  try {
    const mostWorkers = shardCount(options.batchRows, memory.mostShards);
    startWorkers(memory, Math.min(options.threads, mostWorkers), workers);
    await trainSteps({
      options,
      layout,
      memory,
      workers,
      state,
      start,
      fingerprint,
      gradient: new Float32Array(layout.size),
      decayed: decayedParameters(layout),
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
  return resultOf(state);
}

async function trainSteps(run: Run): Promise<void> {
  const { options, state } = run;
  fillBatch(run, state.step);
  while (!state.finished) {
    if (options.shouldStop?.()) {
      const { step } = state;
      throw new LoadcastError(
        'CANCELLED',
        `Training was cancelled at step ${step} of ${options.steps}.`,
      );
    }
    const taken = await takeStep(run);
    if (taken) await finishStep(run, taken);
    await saveIfDue(run);
  }
}

/** Null without checkpoints. Fills the first batch, by which it knows the data. */
function fingerprintOf(
  options: TrainSeq2SeqOptions,
  { training }: TrainingMemory,
  start: Float32Array,
): string | null {
  if (!options.checkpoint) return null;
  const [batch] = training.batches;
  options.fillBatch(0, batch);
  return trainingFingerprint(options, start, batch);
}

/** The state of the checkpoint, or null where there is none to go on from. */
async function savedState(
  options: TrainSeq2SeqOptions,
  fingerprint: string | null,
  parameters: Float32Array,
): Promise<TrainingState | null> {
  const bytes = (await options.checkpoint?.load()) ?? null;
  if (bytes === null || fingerprint === null) return null;
  try {
    const state = decodeCheckpoint(bytes, fingerprint, parameters);
    options.onEvent?.({ kind: 'resumed', step: state.step });
    return state;
  } catch (error) {
    options.onEvent?.({ kind: 'checkpoint refused', reason: messageOf(error) });
    return null;
  }
}

async function saveIfDue({ options, state, fingerprint }: Run): Promise<void> {
  const { checkpoint } = options;
  if (!checkpoint || fingerprint === null) return;
  if (state.finished || state.step % checkpoint.every === 0)
    await checkpoint.save(encodeCheckpoint(state, fingerprint));
}

type TakenStep = Pick<TrainingStep, 'loss' | 'learningRate' | 'gradientNorm'>;

/** @returns null if the training exploded and is to start again */
async function takeStep(run: Run): Promise<TakenStep | null> {
  const { options, memory, state, gradient } = run;
  const { step } = state;
  const learningRate = currentRate(options, state);
  const request = { kind: 'gradients', step, batch: batchOf(step) } as const;
  await Promise.all([runShards(memory, run.workers, request), fillNext(run)]);
  const loss = meanLoss(memory, memory.training.rows, `training batch of step ${step + 1}`);
  averageGradients(memory, gradient);
  clearMoments(run.layout, gradient);
  const gradientNorm = clipGradients(gradient, options.clip);
  const median = medianNorm(state.monitor);
  state.monitor = watchNorm(state.monitor, gradientNorm);
  if (!areFinite(loss, gradientNorm) || hasExploded(state.monitor)) {
    explode(run, { loss, gradientNorm, learningRate }, step + 1, median);
    return null;
  }
  adamStep(
    options.optimiser,
    state.moments,
    step + 1,
    state.parameters,
    gradient,
    run.decayed,
    learningRate,
  );
  moveMoments(run.layout, memory.gradients, rowsOfShards(memory), state.parameters);
  state.step++;
  return { loss, learningRate, gradientNorm };
}

function rowsOfShards({ training: { rows }, mostShards }: TrainingMemory): number[] {
  const count = shardCount(rows, mostShards);
  return Array.from({ length: count }, (_, shard) => rowsOfShard(rows, shard, mostShards));
}

/** Validates where it is time to, and writes the step down. */
async function finishStep(run: Run, taken: TakenStep): Promise<void> {
  const { options, state } = run;
  const { steps, validation } = options;
  const isLast = state.step === steps;
  let validationLoss: number | null = null;
  if (validation && (isLast || state.step % validation.every === 0)) {
    validationLoss = await validate(run);
    if (!Number.isFinite(validationLoss)) {
      explode(run, { ...taken, loss: validationLoss }, state.step, medianNorm(state.monitor));
      return;
    }
    judgeValidation(run, validationLoss);
  }
  state.finished =
    isLast || (validation !== null && state.checksWithoutGain >= validation.patience);
  const point = { step: state.step, steps, validationLoss, ...taken };
  const every = Math.ceil(steps / CURVE_POINTS);
  if (state.finished || validationLoss !== null || (state.step - 1) % every === 0)
    state.points.push(point);
  options.onStep?.(point);
}

async function validate({ memory, workers }: Run): Promise<number> {
  await runShards(memory, workers, { kind: 'validationLoss' });
  return meanLoss(memory, memory.validation?.rows ?? 0, 'validation batch');
}

function judgeValidation({ options, state }: Run, loss: number): void {
  if (!state.best || loss < state.best.loss) {
    state.best = { loss, step: state.step, parameters: Float32Array.from(state.parameters) };
    state.checksWithoutGain = 0;
  } else {
    state.checksWithoutGain++;
  }
  const before = currentRate(options, state);
  state.plateau = afterValidation(options.schedule, state.plateau, loss);
  const learningRate = currentRate(options, state);
  if (learningRate < before)
    record(options, state, { kind: 'plateau', step: state.step, learningRate });
}

/**
 * Writes an explosion down and goes back to the start at a lower rate.
 * @throws LoadcastError DIVERGED if it has done so before
 */
function explode(run: Run, taken: TakenStep, step: number, median: number | null): void {
  const { options, state, start } = run;
  const { loss, gradientNorm, learningRate } = taken;
  const retries = state.attempt < MOST_RETRIES;
  record(options, state, {
    kind: 'exploded',
    step,
    gradientNorm: finiteOrNaN(gradientNorm),
    medianNorm: median ?? Number.NaN,
    loss: finiteOrNaN(loss),
    learningRate,
    retryRate: retries ? startRate(options, state.attempt + 1) : null,
  });
  if (retries) {
    startAgain(state, start);
    fillBatch(run, 0);
    return;
  }
  throw new LoadcastError(
    'DIVERGED',
    `Training diverged at step ${step} with learning rate ${learningRate}, after a new start at ` +
      `${RETRY_RATE_SHARE} of the rate: loss ${loss.toPrecision(3)}, ` +
      `gradient norm ${gradientNorm.toPrecision(3)}` +
      `${median === null ? '' : ` (median of the steps before ${median.toPrecision(3)})`}. ` +
      'Use a smaller rate, or look for non-finite or extreme inputs.',
  );
}

function record(options: TrainSeq2SeqOptions, state: TrainingState, event: TrainingEvent): void {
  state.events.push(event);
  options.onEvent?.(event);
}

function currentRate(options: TrainSeq2SeqOptions, state: TrainingState): number {
  const rate = startRate(options, state.attempt);
  return learningRateAt(options.schedule, rate, state.step, options.steps, state.plateau);
}

function startRate({ learningRate }: TrainSeq2SeqOptions, attempt: number): number {
  return learningRate * RETRY_RATE_SHARE ** attempt;
}

function batchOf(step: number): 0 | 1 {
  return step % 2 === 0 ? 0 : 1;
}

/** Asynchronous, so that what `fillBatch` throws ends the step and not the loop around it. */
async function fillNext(run: Run): Promise<void> {
  const next = run.state.step + 1;
  if (next < run.options.steps) fillBatch(run, next);
}

function fillBatch({ options, memory }: Run, step: number): void {
  options.fillBatch(step, memory.training.batches[batchOf(step)]);
}

function startOf({ initial, network, seed }: TrainSeq2SeqOptions, size: number): Float32Array {
  if (!initial) return initialParameters(network, seed);
  if (initial.length === size) return initial;
  throw new LoadcastError(
    'INVALID_INPUT',
    `The warm start has ${initial.length} parameters, the network ${size}.`,
  );
}

function resultOf({ best, parameters, points, events, attempt }: TrainingState): TrainedSeq2Seq {
  const bestStep = best?.step ?? null;
  return {
    parameters: best?.parameters ?? Float32Array.from(parameters),
    curve: { points, bestStep, events },
    bestStep,
    retries: attempt,
  };
}

function areFinite(...values: readonly number[]): boolean {
  return values.every(Number.isFinite);
}

function finiteOrNaN(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}
