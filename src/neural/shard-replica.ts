import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../core/random.js';
import { shardCount, shardOf, type Batch } from './batch.js';
import { fusedOperators } from './operators/fused/fused-operators.js';
import type { Moments, Operators } from './operators/operators.js';
import { parameterLayout, type ParameterLayout } from './parameter-layout.js';
import { countTargets, pinballLossSum } from './pinball-loss.js';
import {
  dropoutShapes,
  namedParameters,
  seq2seq,
  unpackParameters,
  type Seq2SeqInputs,
  type Seq2SeqOptions,
  type Seq2SeqTraining,
} from './seq2seq.js';
import type { ShardRequest, TrainingMemory } from './training-memory.js';

/** One replica of the network: computes shards of the shared batch into their slots. */
export interface ShardReplica {
  /** Takes shards until none is left. */
  readonly run: (request: ShardRequest) => void;
}

/** @param operators those of an engine that was started */
export function createShardReplica(
  memory: TrainingMemory,
  operators: Operators = fusedOperators,
): ShardReplica {
  const { network, levels, losses } = memory;
  const layout = parameterLayout(network);
  const trained = [...layout.slots.keys()].filter((i) => hasGradient(layout, i));

  const runShard = (request: ShardRequest, shard: number, parameters: tf.Tensor[]): void => {
    const rows = shardOf(network, ...sourceOf(memory, request), shard);
    const gradients = memory.gradients.subarray(shard * layout.size, (shard + 1) * layout.size);
    const inputs = inputsOf(
      network,
      rows,
      request.kind === 'gradients'
        ? {
            masks: dropoutMasks(network, rows.rows, memory.seed, request.step, shard),
            onMoments: (name, moments) => {
              keepMoments(layout, gradients, name, moments);
            },
          }
        : null,
    );
    const loss = (): tf.Scalar =>
      pinballLossSum(
        seq2seq(operators, network, namedParameters(layout, parameters), inputs),
        rows.target,
        levels,
      );
    if (request.kind === 'gradients') {
      const { value, grads } = tf.engine().gradients(
        loss,
        trained.map((i) => pickTensor(parameters, i)),
      );
      losses[2 * shard] = value.dataSync()[0] ?? NaN;
      for (const [at, i] of trained.entries()) {
        const gradient = grads[at]?.dataSync<'float32'>();
        if (gradient) gradients.set(gradient, layout.slots[i]?.offset);
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
  training: Seq2SeqTraining | null,
): Seq2SeqInputs {
  return {
    encoder: tf.tensor(encoder.slice(), [rows, network.encoderSteps, network.encoderFeatures]),
    decoder: tf.tensor(decoder.slice(), [rows, network.decoderSteps, network.decoderFeatures]),
    training,
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
  const { dropout } = network;
  if (dropout === 0) return null;
  const random = createRandom('dropout', seed, step, shard);
  const kept = 1 / (1 - dropout);
  return dropoutShapes(network, rows).map((shape) => {
    const mask = new Float32Array(tf.util.sizeFromShape(shape));
    for (let i = 0; i < mask.length; i++) mask[i] = random.uniform() < dropout ? 0 : kept;
    return tf.tensor(mask, shape);
  });
}

function hasGradient(layout: ParameterLayout, i: number): boolean {
  const kind = layout.slots[i]?.kind;
  return kind !== 'movingMean' && kind !== 'movingVariance';
}

/** In place of a gradient the moving moments have the moments of the shard. */
function keepMoments(
  layout: ParameterLayout,
  gradients: Float32Array,
  name: string,
  { mean, variance }: Moments,
): void {
  const kept = { movingMean: mean, movingVariance: variance };
  for (const [part, tensor] of Object.entries(kept)) {
    const slot = layout.slots.find((candidate) => candidate.name === `${name}.${part}`);
    if (slot) gradients.set(tensor.dataSync<'float32'>(), slot.offset);
  }
}

function pickTensor(tensors: readonly tf.Tensor[], i: number): tf.Tensor {
  const tensor = tensors[i];
  if (!tensor) throw new RangeError(`There is no parameter ${i}.`);
  return tensor;
}
