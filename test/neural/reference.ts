import * as tf from '@tensorflow/tfjs-core';
// the plain operators' gradients come with the layers, the plain kernels with the cpu backend
// oxlint-disable-next-line import/no-unassigned-import
import '@tensorflow/tfjs-layers';
// oxlint-disable-next-line import/no-unassigned-import
import '@tensorflow/tfjs-backend-cpu';
import { createRandom } from '../../src/core/random.js';
import type { ParameterName } from '../../src/neural/parameter-layout.js';
import type { Seq2SeqOptions } from '../../src/neural/seq2seq.js';

/** Values of a tensor on whichever backend: what tests hand from one to the other. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export function randomValues(seed: string, shape: readonly number[], scale = 1): Values {
  const random = createRandom(seed, ...shape);
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, values: Float32Array.from({ length: size }, () => scale * random.normal()) };
}

export type Compute = (...tensors: tf.Tensor[]) => tf.Tensor[];

/** Value and gradients of Σ outputs · weights-of-the-sum, computed on one backend. */
export async function evaluate(
  backend: 'wasm' | 'cpu' | 'tensorflow',
  inputs: readonly Values[],
  compute: Compute,
): Promise<{ outputs: Float32Array[]; gradients: Float32Array[] }> {
  await tf.setBackend(backend);
  return scoped(() => {
    const tensors = inputs.map(({ values, shape }) =>
      tf.tensor(values.slice(), [...shape], 'float32'),
    );
    const outputs = compute(...tensors).map((output) => output.dataSync<'float32'>());
    const { grads } = tf.engine().gradients(() => {
      const terms = compute(...tensors).map((output, i) => {
        const weights = randomValues(`sum ${i}`, output.shape);
        return tf.sum(tf.mul(output, tf.tensor(weights.values, output.shape)));
      });
      return tf.addN(terms);
    }, tensors);
    return { outputs, gradients: grads.map((gradient) => gradient.dataSync<'float32'>()) };
  });
}

/** Outputs and gradients of ours on wasm that differ from the plain ones on cpu, each with its relative error. */
export async function mismatches(
  inputs: readonly Values[],
  ours: Compute,
  plain: Compute,
  tolerance = 2e-5,
): Promise<string[]> {
  const actual = await evaluate('wasm', inputs, ours);
  const expected = await evaluate('cpu', inputs, plain);
  const compare = (kind: 'outputs' | 'gradients'): string[] =>
    expected[kind].flatMap((values, i) => {
      const error = relativeError(actual[kind][i] ?? new Float32Array(), values);
      return error < tolerance ? [] : [`${kind} ${i}: ${error}`];
    });
  return [...compare('outputs'), ...compare('gradients')];
}

/** tf.tidy for results that are no tensors. */
export function scoped<T>(compute: () => T): T {
  tf.engine().startScope();
  try {
    return compute();
  } finally {
    tf.engine().endScope();
  }
}

/** Largest difference relative to the largest value. */
export function relativeError(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  let error = 0;
  let largest = 0;
  for (const [i, value] of expected.entries()) {
    const difference = Math.abs(value - (actual[i] ?? NaN));
    if (Number.isNaN(difference)) return NaN;
    error = Math.max(error, difference);
    largest = Math.max(largest, Math.abs(value));
  }
  return largest === 0 ? error : error / largest;
}

/** The LSTM step by step, in plain operators. */
export function plainLstm(
  x: tf.Tensor,
  weights: tf.Tensor,
  bias: tf.Tensor,
  h0: tf.Tensor,
  c0: tf.Tensor,
  reversed = false,
): [outputs: tf.Tensor, h: tf.Tensor, c: tf.Tensor] {
  let [h, c] = [h0, c0];
  const [rows = 0, length = 0, features = 0] = x.shape;
  const steps = Array.from({ length }, (_, t) =>
    tf.reshape(tf.slice(x, [0, t, 0], [rows, 1, features]), [rows, features]),
  );
  const outputs = (reversed ? steps.toReversed() : steps).map((step) => {
    const z = tf.add(tf.matMul(tf.concat([step, h], 1), weights), bias);
    const units = h.shape[1] ?? 0;
    const gate = (k: number): tf.Tensor => tf.slice(z, [0, k * units], [rows, units]);
    const [i, f, g, o] = [gate(0), gate(1), gate(2), gate(3)];
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
    return h;
  });
  return [tf.stack(reversed ? outputs.toReversed() : outputs, 1), h, c];
}

export function plainDense(x: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor | null): tf.Tensor {
  const [rows = 0, steps = 0, width = 0] = x.shape;
  const product = tf.matMul(tf.reshape(x, [rows * steps, width]), weights);
  const z = tf.reshape(product, [rows, steps, weights.shape[1] ?? 0]);
  return bias ? tf.add(z, bias) : z;
}

export function plainAttention(queries: tf.Tensor, encoded: tf.Tensor): tf.Tensor {
  const scores = tf.matMul(queries, encoded, false, true);
  const shares = tf.softmax(tf.div(scores, Math.sqrt(queries.shape.at(-1) ?? 1)));
  return tf.matMul(shares, encoded);
}

/** The whole network in plain operators, written from its description, not from our code. */
export function plainSeq2Seq(
  options: Seq2SeqOptions,
  parameter: (name: ParameterName) => tf.Tensor,
  encoder: tf.Tensor,
  decoder: tf.Tensor,
): tf.Tensor {
  const zeros = tf.zeros([encoder.shape[0] ?? 0, options.units]);
  const [encoded, h, c] = plainLstm(
    encoder,
    parameter('encoder.weights'),
    parameter('encoder.bias'),
    zeros,
    zeros,
  );
  let state = plainLstm(decoder, parameter('decoder.weights'), parameter('decoder.bias'), h, c)[0];
  if (options.bidirectionalDecoder) {
    const weights = parameter('decoderReversed.weights');
    const [reversed] = plainLstm(
      tf.reverse(decoder, 1),
      weights,
      parameter('decoderReversed.bias'),
      h,
      c,
    );
    state = tf.concat([state, tf.reverse(reversed, 1)], 2);
  }
  if (options.attention) {
    const context = plainAttention(plainDense(state, parameter('query.weights'), null), encoded);
    const joined = tf.concat([state, context], 2);
    state = tf.tanh(plainDense(joined, parameter('combine.weights'), parameter('combine.bias')));
  }
  const hidden = tf.relu(
    plainDense(
      tf.concat([state, decoder], 2),
      parameter('hidden.weights'),
      parameter('hidden.bias'),
    ),
  );
  const { headUnits, decoderFeatures, outputs } = options;
  const outputWeights = parameter('output.weights');
  const headWeights = tf.slice(outputWeights, [0, 0], [headUnits, outputs]);
  const skipWeights = tf.slice(outputWeights, [headUnits, 0], [decoderFeatures, outputs]);
  return tf.add(
    plainDense(hidden, headWeights, parameter('output.bias')),
    plainDense(decoder, skipWeights, null),
  );
}
