import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../core/random.js';
import { shardCount, shardOf, type Batch } from './batch.js';
import { noisyInputs } from './input-noise.js';
import { countTargets, lossSum } from './losses.js';
import { parameterLayout } from './parameter-layout.js';
import {
  namedParameters,
  seq2seq,
  stateParts,
  unpackParameters,
  type Seq2SeqInputs,
  type Seq2SeqOptions,
} from './seq2seq.js';
import type { ShardRequest, TrainingMemory } from './training-memory.js';

type ShardRows = Batch & { readonly rows: number };

/** One replica of the network: computes shards of the shared batch into their slots. */
export interface ShardReplica {
  /** Takes shards until none is left. */
  readonly run: (request: ShardRequest) => void;
}

/** Needs `initialiseBackend()` before. */
export function createShardReplica(memory: TrainingMemory): ShardReplica {
  const { network, losses } = memory;
  const layout = parameterLayout(network);

  const runShard = (request: ShardRequest, shard: number, parameters: tf.Tensor[]): void => {
    const rows = shardOf(network, ...sourceOf(memory, request), shard);
    const inputs =
      request.kind === 'gradients'
        ? trainingInputs(memory, rows, request.step, shard)
        : inputsOf(network, rows, null);
    const loss = (): tf.Scalar =>
      lossSum(
        memory.loss,
        seq2seq(network, namedParameters(layout, parameters), inputs),
        rows.target,
      );
    if (request.kind === 'gradients') {
      const { value, grads } = tf.engine().gradients(loss, parameters);
      losses[2 * shard] = value.dataSync()[0] ?? NaN;
      for (const [i, { offset }] of layout.slots.entries()) {
        const gradient = grads[i]?.dataSync<'float32'>();
        if (gradient) memory.gradients.set(gradient, shard * layout.size + offset);
      }
    } else {
      losses[2 * shard] = loss().dataSync()[0] ?? NaN;
    }
    losses[2 * shard + 1] = countTargets(memory.loss, rows.target);
  };

  return {
    run: (request) => {
      const [, rows] = sourceOf(memory, request);
      tf.tidy(() => {
        const parameters = unpackParameters(layout, memory.parameters);
        for (;;) {
          const shard = Atomics.add(memory.nextShard, 0, 1);
          if (shard >= shardCount(rows)) return;
          tf.tidy(() => {
            runShard(request, shard, parameters);
          });
        }
      });
    },
  };
}

function sourceOf(memory: TrainingMemory, request: ShardRequest): [batch: Batch, rows: number] {
  const { training, validation } = memory;
  if (request.kind === 'gradients') return [training.batches[request.batch], training.rows];
  if (!validation) throw new RangeError('This training has no validation batch.');
  return [validation.batch, validation.rows];
}

/** With noise and dropout, both fixed by seed, step and shard. */
function trainingInputs(
  memory: TrainingMemory,
  rows: ShardRows,
  step: number,
  shard: number,
): Seq2SeqInputs {
  const { network, inputNoise, seed } = memory;
  return inputsOf(
    network,
    inputNoise ? noisyInputs(rows, inputNoise, seed, step, shard) : rows,
    dropoutMasks(network, rows.rows, seed, step, shard),
  );
}

function inputsOf(
  network: Seq2SeqOptions,
  { encoder, decoder, rows }: ShardRows,
  masks: readonly tf.Tensor[] | null,
): Seq2SeqInputs {
  return {
    encoder: tf.tensor(encoder.slice(), [rows, network.encoderSteps, network.encoderFeatures]),
    decoder: tf.tensor(decoder.slice(), [rows, network.decoderSteps, network.decoderFeatures]),
    dropoutMasks: masks,
  };
}

/** Dropout (Srivastava et al. 2014): factors 0 or 1 / (1 − rate). */
function dropoutMasks(
  network: Seq2SeqOptions,
  rows: number,
  seed: number,
  step: number,
  shard: number,
): tf.Tensor[] | null {
  const { dropout, decoderSteps, units } = network;
  if (dropout === 0) return null;
  const random = createRandom('dropout', seed, step, shard);
  const kept = 1 / (1 - dropout);
  return Array.from({ length: stateParts(network) }, () => {
    const mask = new Float32Array(rows * decoderSteps * units);
    for (let i = 0; i < mask.length; i++) mask[i] = random.uniform() < dropout ? 0 : kept;
    return tf.tensor(mask, [rows, decoderSteps, units]);
  });
}
