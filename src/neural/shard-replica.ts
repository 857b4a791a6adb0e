import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../core/random.js';
import { shardCount, shardOf, type Batch } from './batch.js';
import { parameterLayout } from './parameter-layout.js';
import { countTargets, pinballLossSum } from './pinball-loss.js';
import { namedParameters, seq2seq, stateParts, unpackParameters } from './seq2seq.js';
import type { Seq2SeqOptions } from './seq2seq-options.js';
import type { ShardRequest, TrainingMemory } from './training-memory.js';

/** One replica of the network: computes shards of the shared batch into their slots. */
export interface ShardReplica {
  /** Takes shards until none is left. */
  run(request: ShardRequest): void;
}

/** Needs `initialiseBackend()` before. */
export function createShardReplica(memory: TrainingMemory): ShardReplica {
  const layout = parameterLayout(memory.network);
  return {
    run: (request) => {
      const source = request.kind === 'gradients' ? memory.training : memory.validation;
      if (!source) throw new RangeError('This training has no validation batch.');
      const count = shardCount(source.rows);
      tf.tidy(() => {
        const parameters = unpackParameters(layout, memory.parameters);
        for (;;) {
          const shard = Atomics.add(memory.nextShard, 0, 1);
          if (shard >= count) return;
          const rows = shardOf(memory.network, source.batch, source.rows, shard);
          const masks =
            request.kind === 'gradients'
              ? () => dropoutMasks(memory.network, rows.rows, memory.seed, request.step, shard)
              : () => null;
          tf.tidy(() => {
            const loss = (): tf.Scalar => shardLoss(memory, parameters, rows, masks());
            if (request.kind === 'gradients') storeGradients(memory, shard, loss, parameters);
            else memory.losses[2 * shard] = loss().dataSync()[0] ?? NaN;
          });
          memory.losses[2 * shard + 1] = countTargets(rows.target, memory.levels.length);
        }
      });
    },
  };

  function shardLoss(
    { network, levels }: TrainingMemory,
    parameters: readonly tf.Tensor[],
    rows: Batch & { readonly rows: number },
    masks: readonly tf.Tensor3D[] | null,
  ): tf.Scalar {
    const outputs = seq2seq(network, namedParameters(layout, parameters), {
      encoder: tf.tensor3d(rows.encoder.slice(), [
        rows.rows,
        network.encoderSteps,
        network.encoderFeatures,
      ]),
      decoder: tf.tensor3d(rows.decoder.slice(), [
        rows.rows,
        network.decoderSteps,
        network.decoderFeatures,
      ]),
      dropoutMasks: masks,
    });
    return pinballLossSum(outputs, rows.target, levels);
  }

  function storeGradients(
    { gradients, losses }: TrainingMemory,
    shard: number,
    loss: () => tf.Scalar,
    parameters: readonly tf.Tensor[],
  ): void {
    const { value, grads } = tf.engine().gradients(loss, [...parameters]);
    losses[2 * shard] = value.dataSync()[0] ?? NaN;
    for (const [i, { offset }] of layout.slots.entries()) {
      const gradient = grads[i]?.dataSync<'float32'>();
      if (gradient) gradients.set(gradient, shard * layout.size + offset);
    }
  }
}

/** Dropout (Srivastava et al. 2014): factors 0 or 1 / (1 − rate), fixed by seed, step and shard. */
function dropoutMasks(
  network: Seq2SeqOptions,
  rows: number,
  seed: number,
  step: number,
  shard: number,
): tf.Tensor3D[] | null {
  const { dropout, decoderSteps, units } = network;
  if (dropout === 0) return null;
  const random = createRandom('dropout', seed, step, shard);
  const kept = 1 / (1 - dropout);
  return Array.from({ length: stateParts(network) }, () => {
    const mask = new Float32Array(rows * decoderSteps * units);
    for (let i = 0; i < mask.length; i++) mask[i] = random.uniform() < dropout ? 0 : kept;
    return tf.tensor3d(mask, [rows, decoderSteps, units]);
  });
}
