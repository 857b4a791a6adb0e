import { LoadcastError } from '../core/errors.js';
import type { TrainingCurve, TrainingStep } from '../core/model-card.js';
import { spawnWorker } from '../threads/spawn-worker.js';
import { openWorkerChannel, type WorkerChannel } from '../threads/worker-channel.js';
import { shardCount, type Batch } from './batch.js';
import type { EngineChoice } from './engines/engine.js';
import { initialParameters } from './initial-parameters.js';
import { clipByNorm, createAdam, rateFactor } from './optimiser.js';
import { parameterLayout } from './parameter-layout.js';
import type { Seq2SeqOptions } from './seq2seq-options.js';
import {
  allocateTrainingMemory,
  type ShardRequest,
  type TrainingMemory,
} from './training-memory.js';

export type { Batch } from './batch.js';

export interface TrainSeq2SeqOptions {
  readonly network: Seq2SeqOptions;
  /** pinball levels in (0, 1), as many as `network.outputs`; [0.5] trains on the absolute error */
  readonly levels: readonly number[];
  readonly steps: number;
  readonly learningRate: number;
  /** share of the steps over which the rate rises; then a cosine brings it to zero */
  readonly warmupShare: number;
  readonly batchRows: number;
  /** largest length of a gradient */
  readonly clipNorm: number;
  readonly seed: number;
  /** worker threads; the result does not depend on it. TensorFlow has threads of its own: one worker is enough */
  readonly threads: number;
  /** our kernels by default; the result depends on it in its last digits */
  readonly engine?: EngineChoice;
  /** Writes the rows of a step (from 0) into the batch, on the calling thread. */
  readonly fillBatch: (step: number, batch: Batch) => void;
  /** Early stopping: checked each `every` steps and at the end, given up after `patience` checks without gain. */
  readonly validation: {
    readonly batch: Batch;
    readonly rows: number;
    readonly every: number;
    readonly patience: number;
  } | null;
  /** warm start in place of the seeded start */
  readonly initial?: Float32Array;
  readonly onStep?: (step: TrainingStep) => void;
  /** asked before each step */
  readonly shouldStop?: () => boolean;
}

export interface TrainedSeq2Seq {
  /** packed by `parameterLayout`: those of the best validation, or of the last step without one */
  readonly parameters: Float32Array;
  readonly curve: TrainingCurve;
  /** steps done at the best validation; null without validation */
  readonly bestStep: number | null;
}

const CURVE_POINTS = 200;

/**
 * Trains the network by Adam on mini-batches, replicas in worker threads. The calling thread only fills batches,
 * sums gradients and takes the step, and never blocks. The same options give the same bytes for any `threads`.
 * @throws LoadcastError INVALID_INPUT for options that do not fit, DIVERGED if a loss or gradient is not finite,
 *         CANCELLED if `shouldStop` says so; Error if a worker fails
 */
export async function trainSeq2Seq(options: TrainSeq2SeqOptions): Promise<TrainedSeq2Seq> {
  validate(options);
  const { network, levels, seed, batchRows, validation } = options;
  const layout = parameterLayout(network);
  const memory = allocateTrainingMemory(network, layout, levels, seed, batchRows, validation);
  memory.parameters.set(initialOf(options, layout.size));
  const shards = shardCount(batchRows);
  const engine = options.engine ?? 'wasm';
  const most = typeof engine === 'object' ? 1 : shards;
  const workers = startWorkers(memory, engine, Math.min(options.threads, most));
  try {
    return await trainSteps(options, memory, workers);
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
}

type GradientWorker = WorkerChannel<ShardRequest, 'done'>;

function startWorkers(
  memory: TrainingMemory,
  engine: EngineChoice,
  count: number,
): GradientWorker[] {
  const url = new URL('./gradient-worker.js', import.meta.url);
  return Array.from({ length: count }, (_, i) =>
    openWorkerChannel(spawnWorker(url, { memory, engine }), `Training worker ${i + 1} of ${count}`),
  );
}

async function trainSteps(
  options: TrainSeq2SeqOptions,
  memory: TrainingMemory,
  workers: readonly GradientWorker[],
): Promise<TrainedSeq2Seq> {
  const { steps, validation } = options;
  const { parameters } = memory;
  const gradient = new Float32Array(parameters.length);
  const adam = createAdam(parameters.length);
  const points: TrainingStep[] = [];
  const pointEvery = Math.ceil(steps / CURVE_POINTS);
  let best: { loss: number; step: number; parameters: Float32Array } | null = null;
  let checksWithoutGain = 0;

  for (let step = 0; step < steps; step++) {
    if (options.shouldStop?.()) {
      throw new LoadcastError('CANCELLED', `Training was cancelled at step ${step} of ${steps}.`);
    }
    const learningRate = options.learningRate * rateFactor(step, steps, options.warmupShare);
    options.fillBatch(step, memory.training.batch);
    await runShards(memory, workers, { kind: 'gradients', step });
    const loss = meanLoss(memory, memory.training.rows, `training batch of step ${step}`);
    averageGradients(memory, gradient);
    const gradientNorm = clipByNorm(gradient, options.clipNorm);
    requireFinite(loss, gradientNorm, step, learningRate);
    adam.step(parameters, gradient, learningRate);

    const done = step + 1;
    let validationLoss: number | null = null;
    if (validation && memory.validation && (done % validation.every === 0 || done === steps)) {
      await runShards(memory, workers, { kind: 'validationLoss' });
      validationLoss = meanLoss(memory, memory.validation.rows, 'validation batch');
      requireFinite(validationLoss, gradientNorm, step, learningRate);
      if (!best || validationLoss < best.loss) {
        best = { loss: validationLoss, step: done, parameters: Float32Array.from(parameters) };
        checksWithoutGain = 0;
      } else {
        checksWithoutGain++;
      }
    }
    const point = { step: done, steps, loss, validationLoss, learningRate, gradientNorm };
    options.onStep?.(point);
    const stopsHere = validation !== null && checksWithoutGain >= validation.patience;
    if (stopsHere || done === steps || validationLoss !== null || step % pointEvery === 0) {
      points.push(point);
    }
    if (stopsHere) break;
  }
  const bestStep = best?.step ?? null;
  return {
    parameters: best?.parameters ?? Float32Array.from(parameters),
    curve: { points, bestStep },
    bestStep,
  };
}

/** Lets the workers take all shards; each takes the next free one, so a slow core does not hold up the others. */
async function runShards(
  memory: TrainingMemory,
  workers: readonly GradientWorker[],
  request: ShardRequest,
): Promise<void> {
  Atomics.store(memory.nextShard, 0, 0);
  await Promise.all(workers.map((worker) => worker.ask(request)));
}

function meanLoss(memory: TrainingMemory, rows: number, name: string): number {
  let sum = 0;
  let count = 0;
  for (let shard = 0; shard < shardCount(rows); shard++) {
    sum += memory.losses[2 * shard] ?? NaN;
    count += memory.losses[2 * shard + 1] ?? NaN;
  }
  if (count === 0) {
    throw new LoadcastError(
      'INVALID_INPUT',
      `The ${name} has no target: all ${rows} rows are NaN.`,
    );
  }
  return sum / count;
}

/** Mean over all targets of the batch, summed in the order of the shards. */
function averageGradients(memory: TrainingMemory, gradient: Float32Array): void {
  const size = gradient.length;
  const shards = shardCount(memory.training.rows);
  let count = 0;
  for (let shard = 0; shard < shards; shard++) count += memory.losses[2 * shard + 1] ?? NaN;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let shard = 0; shard < shards; shard++) sum += memory.gradients[shard * size + i] ?? NaN;
    gradient[i] = sum / count;
  }
}

function requireFinite(
  loss: number,
  gradientNorm: number,
  step: number,
  learningRate: number,
): void {
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return;
  throw new LoadcastError(
    'DIVERGED',
    `Training diverged at step ${step} with learning rate ${learningRate}: loss ${loss}, gradient norm ${gradientNorm}. ` +
      'Use a smaller rate, or look for non-finite inputs.',
  );
}

function initialOf(options: TrainSeq2SeqOptions, size: number): Float32Array {
  const { initial, network, seed } = options;
  if (!initial) return initialParameters(network, seed);
  if (initial.length === size) return initial;
  throw new LoadcastError(
    'INVALID_INPUT',
    `The warm start has ${initial.length} parameters, the network ${size}.`,
  );
}

function validate(options: TrainSeq2SeqOptions): void {
  const { levels, network, validation } = options;
  if (levels.length !== network.outputs) {
    refuse(`${levels.length} pinball levels do not fit ${network.outputs} network outputs.`);
  }
  const badLevel = levels.find((level) => !(level > 0 && level < 1));
  if (badLevel !== undefined) refuse(`A pinball level must lie in (0, 1), one is ${badLevel}.`);
  const counts = {
    steps: options.steps,
    batchRows: options.batchRows,
    threads: options.threads,
    ...(validation && {
      'validation.rows': validation.rows,
      'validation.every': validation.every,
      'validation.patience': validation.patience,
    }),
  };
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isInteger(count) && count > 0 && count <= 10_000_000) continue;
    refuse(`Training option ${name} must be a whole number from 1 to 10000000, is ${count}.`);
  }
  for (const [name, value] of Object.entries({
    learningRate: options.learningRate,
    clipNorm: options.clipNorm,
  })) {
    if (!(value > 0)) refuse(`Training option ${name} must be positive, is ${value}.`);
  }
  if (!(options.warmupShare >= 0 && options.warmupShare < 1)) {
    refuse(`Training option warmupShare must lie in [0, 1), is ${options.warmupShare}.`);
  }
}

function refuse(problem: string): never {
  throw new LoadcastError('INVALID_INPUT', problem);
}
