import { LoadcastError } from '../core/errors.js';
import type { Seq2SeqOptions } from './seq2seq-options.js';

/** Inputs and targets of some rows, row-major. */
export interface Batch {
  /** (rows, encoderSteps, encoderFeatures) */
  readonly encoder: Float32Array;
  /** (rows, decoderSteps, decoderFeatures) */
  readonly decoder: Float32Array;
  /** (rows, decoderSteps); NaN is left out of the loss */
  readonly target: Float32Array;
}

/** shards of a batch at most: each needs room for all gradients, and more than the cores of a machine gain nothing */
export const MOST_SHARDS = 8;
/** rows that the kernels compute side by side */
const ROW_GROUP = 16;

/**
 * Rows that one gradient is computed over. Fixed by the batch, whatever the number of threads: the sum over a batch is
 * always that of the same shards in the same order, so its bytes are the same.
 */
export function shardRows(rows: number, mostShards = MOST_SHARDS): number {
  return ROW_GROUP * Math.ceil(rows / (ROW_GROUP * mostShards));
}

export function shardCount(rows: number, mostShards = MOST_SHARDS): number {
  return Math.ceil(rows / shardRows(rows, mostShards));
}

/** Rows of one shard; the last may have fewer than the others. */
export function rowsOfShard(rows: number, shard: number, mostShards = MOST_SHARDS): number {
  const most = shardRows(rows, mostShards);
  return Math.min(most, rows - shard * most);
}

/** Values in one row of each array. */
function rowSizes(network: Seq2SeqOptions): Record<keyof Batch, number> {
  return {
    encoder: network.encoderSteps * network.encoderFeatures,
    decoder: network.decoderSteps * network.decoderFeatures,
    target: network.decoderSteps,
  };
}

/** A batch that every thread can see. */
export function allocateSharedBatch(network: Seq2SeqOptions, rows: number): Batch {
  const sizes = rowSizes(network);
  return {
    encoder: allocateShared(rows * sizes.encoder),
    decoder: allocateShared(rows * sizes.decoder),
    target: allocateShared(rows * sizes.target),
  };
}

/** @throws LoadcastError INVALID_INPUT if the source is too short */
export function copyBatch(
  network: Seq2SeqOptions,
  source: Batch,
  rows: number,
  target: Batch,
): void {
  const sizes = rowSizes(network);
  for (const part of ['encoder', 'decoder', 'target'] as const) {
    const needed = rows * sizes[part];
    if (source[part].length < needed) {
      throw new LoadcastError(
        'INVALID_INPUT',
        `Batch ${part}: ${rows} rows need ${needed} values, have ${source[part].length}.`,
      );
    }
    target[part].set(source[part].subarray(0, needed));
  }
}

/** The rows of one shard, as views. */
export function shardOf(
  network: Seq2SeqOptions,
  batch: Batch,
  rows: number,
  shard: number,
  mostShards = MOST_SHARDS,
): Batch & { readonly rows: number } {
  const sizes = rowSizes(network);
  const start = shard * shardRows(rows, mostShards);
  const end = start + rowsOfShard(rows, shard, mostShards);
  const part = (name: keyof Batch): Float32Array =>
    batch[name].subarray(start * sizes[name], end * sizes[name]);
  return {
    encoder: part('encoder'),
    decoder: part('decoder'),
    target: part('target'),
    rows: end - start,
  };
}

export function allocateShared(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
