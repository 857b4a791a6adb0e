import * as tf from '@tensorflow/tfjs-core';
// oxlint-disable-next-line import/no-unassigned-import
import '@tensorflow/tfjs-backend-cpu';
import { createRandom } from '../../src/core/random.js';
import { plainOperators } from '../../src/neural/operators/plain-operators.js';
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
  tolerance = 1e-5,
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

/** The network of one layer and a forward encoder, in plain operators, written from its description, not from our code. */
export function plainSeq2Seq(
  options: Seq2SeqOptions,
  parameter: (name: string) => tf.Tensor,
  encoder: tf.Tensor,
  decoder: tf.Tensor,
): tf.Tensor {
  const { lstmSequence, dense, attention } = plainOperators;
  const lstm = (name: string, x: tf.Tensor, h: tf.Tensor, c: tf.Tensor) =>
    lstmSequence([x], parameter(`${name}.weights`), parameter(`${name}.bias`), h, c);
  const zeros = tf.zeros([encoder.shape[0] ?? 0, options.units]);
  const { outputs: encoded, h, c } = lstm('encoder', encoder, zeros, zeros);
  let state = lstm('decoder', decoder, h, c).outputs;
  if (options.bidirectionalDecoder) {
    const reversed = lstm('decoderReversed', tf.reverse(decoder, 1), h, c).outputs;
    state = tf.concat([state, tf.reverse(reversed, 1)], 2);
  }
  if (options.attention) {
    const context = attention(dense([state], parameter('query.weights'), null), encoded);
    const joined = tf.concat([state, context], 2);
    state = dense([joined], parameter('combine.weights'), parameter('combine.bias'), 'tanh');
  }
  const seen = tf.concat([state, decoder], 2);
  const hidden = dense([seen], parameter('hidden.weights'), parameter('hidden.bias'), 'relu');
  const { headUnits, decoderFeatures, outputs } = options;
  const outputWeights = parameter('output.weights');
  const headWeights = tf.slice(outputWeights, [0, 0], [headUnits, outputs]);
  const skipWeights = tf.slice(outputWeights, [headUnits, 0], [decoderFeatures, outputs]);
  return tf.add(
    dense([hidden], headWeights, parameter('output.bias')),
    dense([decoder], skipWeights, null),
  );
}
