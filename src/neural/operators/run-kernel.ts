import * as tf from '@tensorflow/tfjs-core';
import { LoadcastError } from '../../core/errors.js';

/** Runs one of our registered kernels; the tape records it if gradients are being taken. */
export function runKernel(
  name: string,
  inputs: tf.NamedTensorMap | readonly tf.Tensor[],
  attributes: tf.NamedAttrMap = {},
): tf.Tensor[] {
  const outputs = tf
    .engine()
    .runKernel<tf.Tensor | tf.Tensor[]>(name, inputs as unknown as tf.NamedTensorMap, attributes);
  return Array.isArray(outputs) ? outputs : [outputs];
}

/** The element, or an error of ours in place of an undefined that fails later. */
export function pick<T>(items: readonly T[], index: number, name: string): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`${name}: no element ${index} among ${items.length}.`);
  return item;
}

/** @throws LoadcastError INVALID_INPUT if the shape is another; null stands for any size */
export function requireShape(
  tensor: tf.Tensor,
  name: string,
  expected: readonly (number | null)[],
): void {
  const matches =
    tensor.shape.length === expected.length &&
    expected.every((size, axis) => size === null || size === tensor.shape[axis]);
  if (matches) return;
  const wanted = expected.map((size) => size ?? '*').join(', ');
  throw new LoadcastError(
    'INVALID_INPUT',
    `${name} must have the shape [${wanted}], has [${tensor.shape.join(', ')}].`,
  );
}
