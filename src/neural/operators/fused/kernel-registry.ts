import * as tf from '@tensorflow/tfjs-core';
import { LoadcastError } from '../../../core/errors.js';

/** What a kernel of ours is given: tensors by name (by number where they came as a list) and attributes. */
export interface KernelCall {
  readonly input: (name: string) => tf.TensorInfo;
  readonly inputs: readonly tf.TensorInfo[];
  readonly flag: (name: string) => boolean;
  readonly number: (name: string) => number;
}

/** Registers a kernel, for the wasm backend unless another is named. */
export function registerKernel(
  kernelName: string,
  compute: (call: KernelCall) => tf.TensorInfo | tf.TensorInfo[],
  backendName: 'wasm' | 'tensorflow' = 'wasm',
): void {
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      compute({
        input: (name) => required(inputs[name], `${kernelName}: input ${name}`),
        inputs: Object.values(inputs).filter((tensor) => tensor !== undefined),
        flag: (name) => attrs?.[name] === true,
        number: (name) => Number(attrs?.[name]),
      }),
  });
}

/**
 * Runs a kernel; the tape records it if gradients are being taken.
 * @param inputs by name, or as a list for a kernel that takes any number of them
 */
export function runKernel(
  name: string,
  inputs: tf.NamedTensorMap | readonly tf.Tensor[],
  attributes: tf.NamedAttrMap = {},
): tf.Tensor[] {
  // TensorFlow.js takes a list of inputs (its own Concat and Pack do), its types do not
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const named = inputs as tf.NamedTensorMap;
  const outputs = tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, named, attributes);
  return asList(outputs);
}

export function asList<T>(items: T | T[]): T[] {
  return Array.isArray(items) ? items : [items];
}

/** The element, or an error in place of an undefined that fails later. */
export function pick<T>(items: readonly T[], index: number, name: string): T {
  return required(items[index], `${name}: element ${index} of ${items.length}`);
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`${name} is missing.`);
  return value;
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

/** Size of the last axis. */
export function widthOf(tensor: tf.TensorInfo): number {
  return tensor.shape.at(-1) ?? 0;
}

/** Product of all other axes. */
export function rowsOf(tensor: tf.TensorInfo): number {
  return tf.util.sizeFromShape(tensor.shape.slice(0, -1));
}
