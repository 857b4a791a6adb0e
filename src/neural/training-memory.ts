import {
  allocateShared,
  allocateSharedBatch,
  copyBatch,
  MOST_SHARDS,
  shardCount,
  type Batch,
} from './batch.js';
import type { EngineChoice } from './engines/engine.js';
import type { InputNoise } from './input-noise.js';
import type { LossOptions } from './losses.js';
import type { ParameterLayout } from './parameter-layout.js';
import type { Seq2SeqOptions } from './seq2seq-options.js';

/** What a training's memory is made for. */
export interface TrainingMemoryOptions {
  readonly network: Seq2SeqOptions;
  readonly loss: LossOptions;
  readonly inputNoise: InputNoise | null;
  readonly engine?: EngineChoice;
  readonly seed: number;
  readonly batchRows: number;
  readonly validation: { readonly batch: Batch; readonly rows: number } | null;
}

/** What coordinator and workers of one training share. All arrays lie in shared memory. */
export interface TrainingMemory {
  readonly network: Seq2SeqOptions;
  readonly loss: LossOptions;
  readonly inputNoise: InputNoise | null;
  readonly engine: EngineChoice;
  /** shards of a batch at most: TensorFlow, which has threads of its own, takes it whole */
  readonly mostShards: number;
  readonly seed: number;
  readonly parameters: Float32Array;
  /** two, so that one can be filled while the other is computed */
  readonly training: { readonly batches: readonly [Batch, Batch]; readonly rows: number };
  readonly validation: { readonly batch: Batch; readonly rows: number } | null;
  /** one slot of all parameters for each training shard */
  readonly gradients: Float32Array;
  /** loss sum and number of targets of each shard */
  readonly losses: Float64Array;
  /** number of the next shard that no worker has taken yet */
  readonly nextShard: Int32Array;
}

/** What a worker is asked to do: take shards until none is left. */
export type ShardRequest =
  | { readonly kind: 'gradients'; readonly step: number; readonly batch: 0 | 1 }
  | { readonly kind: 'validationLoss' };

export function allocateTrainingMemory(
  options: TrainingMemoryOptions,
  layout: ParameterLayout,
): TrainingMemory {
  const { network, loss, inputNoise, seed, batchRows: rows, validation } = options;
  const { engine = 'wasm' } = options;
  const mostShards = typeof engine === 'object' ? 1 : MOST_SHARDS;
  const shards = shardCount(rows, mostShards);
  const validationCopy = validation && {
    batch: allocateSharedBatch(network, validation.rows),
    rows: validation.rows,
  };
  if (validation && validationCopy) {
    copyBatch(network, validation.batch, validation.rows, validationCopy.batch);
  }
  const slots = Math.max(shards, validation ? shardCount(validation.rows, mostShards) : 0);
  return {
    network,
    loss,
    inputNoise,
    engine,
    mostShards,
    seed,
    parameters: allocateShared(layout.size),
    training: {
      batches: [allocateSharedBatch(network, rows), allocateSharedBatch(network, rows)],
      rows,
    },
    validation: validationCopy,
    gradients: allocateShared(shards * layout.size),
    losses: new Float64Array(new SharedArrayBuffer(slots * 2 * Float64Array.BYTES_PER_ELEMENT)),
    nextShard: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  };
}
