import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../core/random.js';
import { shardCount, shardOf, type Batch } from './batch.js';
import { parameterLayout } from './parameter-layout.js';
import { countTargets, pinballLossSum } from './pinball-loss.js';
import {
  namedParameters,
  seq2seq,
  stateParts,
  unpackParameters,
  type Seq2SeqInputs,
  type Seq2SeqOptions,
} from './seq2seq.js';
import type { ShardRequest, TrainingMemory } from './training-memory.js';

/** One replica of the network: computes shards of the shared batch into their slots. */
export interface ShardReplica {
  /** Takes shards until none is left. */
  readonly run: (request: ShardRequest) => void;
}

/** Needs `initialiseBackend()` before. */
export function createShardReplica(memory: TrainingMemory): ShardReplica {
  const { network, levels, losses } = memory;
  const layout = parameterLayout(network);

  const runShard = (request: ShardRequest, shard: number, parameters: tf.Tensor[]): void => {
    const rows = shardOf(network, ...sourceOf(memory, request), shard);
    const masks =
      request.kind === 'gradients'
        ? dropoutMasks(network, rows.rows, memory.seed, request.step, shard)
        : null;
    const inputs = inputsOf(network, rows, masks);
    const loss = (): tf.Scalar =>
      pinballLossSum(
        seq2seq(network, namedParameters(layout, parameters), inputs),
        rows.target,
        levels,
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
    losses[2 * shard + 1] = countTargets(rows.target, levels.length);
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
  const source = request.kind === 'gradients' ? memory.training : memory.validation;
  if (!source) throw new RangeError('This training has no validation batch.');
  return [source.batch, source.rows];
}

function inputsOf(
  network: Seq2SeqOptions,
  { encoder, decoder, rows }: Batch & { readonly rows: number },
  masks: readonly tf.Tensor[] | null,
): Seq2SeqInputs {
  return {
    encoder: tf.tensor(encoder.slice(), [rows, network.encoderSteps, network.encoderFeatures]),
    decoder: tf.tensor(decoder.slice(), [rows, network.decoderSteps, network.decoderFeatures]),
    dropoutMasks: masks,
  };
}

/** Dropout (Srivastava et al. 2014): factors 0 or 1 / (1 − rate), fixed by seed, step and shard. */
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
