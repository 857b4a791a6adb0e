import * as tf from '@tensorflow/tfjs-core';
// the gradients of the plain operators come with the layers
// oxlint-disable-next-line import/no-unassigned-import
import '@tensorflow/tfjs-layers';
import {
  VARIANCE_FLOOR,
  type Activation,
  type LstmSequence,
  type Moments,
  type Normalised,
  type Operators,
  type StepOrder,
} from './operators.js';

/**
 * The network's operators composed of TensorFlow.js's own, step by step, differentiated by its autodiff: slow, and the
 * reference that every other engine is held to. They run on any backend of TensorFlow.js.
 */
export const plainOperators: Operators = {
  lstmSequence,
  attention,
  dense,
  layerNormalisation,
  batchNormalisation,
  dropOut: (x, mask) => tf.mul(x, mask),
};

function lstmSequence(
  inputs: readonly tf.Tensor[],
  weights: tf.Tensor,
  bias: tf.Tensor,
  h0: tf.Tensor,
  c0: tf.Tensor,
  order: StepOrder = 'forward',
): LstmSequence {
  const x = sideBySide(inputs);
  const [rows = 0, length = 0, features = 0] = x.shape;
  const units = h0.shape[1] ?? 0;
  const steps = Array.from({ length }, (_, t) =>
    tf.reshape(tf.slice(x, [0, t, 0], [rows, 1, features]), [rows, features]),
  );
  let [h, c] = [h0, c0];
  const outputs = inOrder(steps, order).map((step) => {
    const z = tf.add(tf.matMul(tf.concat([step, h], 1), weights), bias);
    const gate = (k: number): tf.Tensor => tf.slice(z, [0, k * units], [rows, units]);
    const kept = tf.mul(tf.sigmoid(gate(1)), c);
    c = tf.add(kept, tf.mul(tf.sigmoid(gate(0)), tf.tanh(gate(2))));
    h = tf.mul(tf.sigmoid(gate(3)), tf.tanh(c));
    return h;
  });
  return { outputs: tf.stack([...inOrder(outputs, order)], 1), h, c };
}

function inOrder<T>(steps: readonly T[], order: StepOrder): readonly T[] {
  return order === 'reversed' ? steps.toReversed() : steps;
}

function attention(queries: tf.Tensor, encoded: tf.Tensor): tf.Tensor {
  const scores = tf.matMul(queries, encoded, false, true);
  const shares = tf.softmax(tf.div(scores, Math.sqrt(queries.shape.at(-1) ?? 1)));
  return tf.matMul(shares, encoded);
}

const ACTIVATIONS: Readonly<Record<Activation, (z: tf.Tensor) => tf.Tensor>> = {
  linear: (z) => z,
  tanh: (z) => tf.tanh(z),
  relu: (z) => tf.relu(z),
};

function dense(
  inputs: readonly tf.Tensor[],
  weights: tf.Tensor,
  bias: tf.Tensor | null,
  activation: Activation = 'linear',
): tf.Tensor {
  const x = sideBySide(inputs);
  const [rows = 0, steps = 0, width = 0] = x.shape;
  const product = tf.matMul(tf.reshape(x, [rows * steps, width]), weights);
  const z = tf.reshape(product, [rows, steps, weights.shape[1] ?? 0]);
  return ACTIVATIONS[activation](bias ? tf.add(z, bias) : z);
}

function layerNormalisation(x: tf.Tensor, gain: tf.Tensor, offset: tf.Tensor): tf.Tensor {
  const { mean, variance } = momentsOver(x, [2]);
  return scaled(x, mean, variance, gain, offset);
}

function batchNormalisation(
  x: tf.Tensor,
  gain: tf.Tensor,
  offset: tf.Tensor,
  moving: Moments | null,
): Normalised {
  const { mean, variance } = moving ?? momentsOver(x, [0, 1]);
  const columns = [x.shape.at(-1) ?? 0];
  return {
    outputs: scaled(x, mean, variance, gain, offset),
    mean: tf.reshape(mean, columns),
    variance: tf.reshape(variance, columns),
  };
}

function momentsOver(x: tf.Tensor, axes: number[]): Moments {
  const mean = tf.mean(x, axes, true);
  return { mean, variance: tf.mean(tf.square(tf.sub(x, mean)), axes, true) };
}

function scaled(
  x: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  gain: tf.Tensor,
  offset: tf.Tensor,
): tf.Tensor {
  const deviation = tf.sqrt(tf.add(variance, VARIANCE_FLOOR));
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), deviation), gain), offset);
}

function sideBySide(inputs: readonly tf.Tensor[]): tf.Tensor {
  const [first, ...others] = inputs;
  if (!first) throw new RangeError('An operator needs an input.');
  return others.length === 0 ? first : tf.concat([...inputs], 2);
}
