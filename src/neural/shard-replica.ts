import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../core/random.js';
import { shardCount, shardOf, type Batch } from './batch.js';
import { addInputNoise } from './input-noise.js';
import { KeptArrays } from './kept-arrays.js';
import { countTargets, lossSum } from './losses.js';
import { isMoment } from './moving-moments.js';
import { fusedOperators } from './operators/fused/fused-operators.js';
import type { Moments, Operators } from './operators/operators.js';
import { parameterLayout, type ParameterLayout } from './parameter-layout.js';
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

type ShardRows = Batch & { readonly rows: number };
type ShardInputs = Omit<ShardRows, 'target'>;

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
  const { network, losses } = memory;
  const layout = parameterLayout(network);
  const kept = new KeptArrays();
  const trained = [...layout.slots.entries()].flatMap(([i, { kind }]) =>
    isMoment(kind) ? [] : [i],
  );

  const runShard = (request: ShardRequest, shard: number, parameters: tf.Tensor[]): void => {
    const rows = shardOf(network, ...sourceOf(memory, request), shard, memory.mostShards);
    const gradients = memory.gradients.subarray(shard * layout.size, (shard + 1) * layout.size);
    const inputs =
      request.kind === 'gradients'
        ? trainingInputs(memory, kept, rows, request.step, shard, (name, moments) => {
            keepMoments(layout, gradients, name, moments);
          })
        : inputsOf(network, copyInputs(kept, rows), null);
    const loss = (): tf.Scalar =>
      lossSum(
        memory.loss,
        seq2seq(operators, network, namedParameters(layout, parameters), inputs),
        rows.target,
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
    losses[2 * shard + 1] = countTargets(memory.loss, rows.target);
  };

  return {
    run: (request) => {
      const [, rows] = sourceOf(memory, request);
      tf.tidy(() => {
        const parameters = unpackParameters(layout, kept.copy('parameters', memory.parameters));
        for (;;) {
          const shard = Atomics.add(memory.nextShard, 0, 1);
          if (shard >= shardCount(rows, memory.mostShards)) return;
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
  kept: KeptArrays,
  rows: ShardRows,
  step: number,
  shard: number,
  onMoments: Seq2SeqTraining['onMoments'],
): Seq2SeqInputs {
  const { network, inputNoise, seed } = memory;
  const inputs = copyInputs(kept, rows);
  if (inputNoise) addInputNoise(inputs, inputNoise, seed, step, shard);
  return inputsOf(network, inputs, {
    masks: dropoutMasks(network, kept, rows.rows, seed, step, shard),
    onMoments,
  });
}

/** Out of the memory that threads share, which not every backend takes tensors from. */
function copyInputs(kept: KeptArrays, { encoder, decoder, rows }: ShardRows): ShardInputs {
  return { encoder: kept.copy('encoder', encoder), decoder: kept.copy('decoder', decoder), rows };
}

function inputsOf(
  network: Seq2SeqOptions,
  { encoder, decoder, rows }: ShardInputs,
  training: Seq2SeqTraining | null,
): Seq2SeqInputs {
  return {
    encoder: tf.tensor(encoder, [rows, network.encoderSteps, network.encoderFeatures]),
    decoder: tf.tensor(decoder, [rows, network.decoderSteps, network.decoderFeatures]),
    training,
  };
}

/** Dropout (Srivastava et al. 2014): factors 0 or 1 / (1 − rate). */
function dropoutMasks(
  network: Seq2SeqOptions,
  kept: KeptArrays,
  rows: number,
  seed: number,
  step: number,
  shard: number,
): tf.Tensor[] | null {
  const { dropout } = network;
  if (dropout === 0) return null;
  const random = createRandom('dropout', seed, step, shard);
  const scale = 1 / (1 - dropout);
  return dropoutShapes(network, rows).map((shape, layer) => {
    const mask = kept.take(`mask ${layer}`, tf.util.sizeFromShape(shape));
    for (let i = 0; i < mask.length; i++) mask[i] = random.uniform() < dropout ? 0 : scale;
    return tf.tensor(mask, shape);
  });
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
