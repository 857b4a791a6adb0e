import * as tf from '@tensorflow/tfjs-core';
import type { KernelHeap } from '../kernels/kernel-heap.js';
import { pick, requireShape, runKernel } from './run-kernel.js';

const FORWARD = 'LoadcastDense';
const ACTIVATION_GRADIENT = 'LoadcastDenseActivationGradient';
const WEIGHT_GRADIENT = 'LoadcastDenseWeightGradient';
const INPUT_GRADIENT = 'LoadcastDenseInputGradient';

/** The numbers are those of assembly/dense.ts. */
const ACTIVATIONS = { linear: 0, tanh: 1, relu: 2 } as const;
export type Activation = keyof typeof ACTIVATIONS;

/**
 * activation([x₁ x₂ …] W + b) as one operator. The inputs stand side by side as if concatenated, without a copy.
 * @param inputs  each [B, T, Nᵢ]
 * @param weights [Σ Nᵢ, N]
 * @param bias    [N], or null for none
 * @returns [B, T, N]
 * @throws LoadcastError INVALID_INPUT if the shapes do not fit
 */
export function dense(
  inputs: readonly tf.Tensor3D[],
  weights: tf.Tensor2D,
  bias: tf.Tensor1D | null,
  activation: Activation = 'linear',
): tf.Tensor3D {
  const first = pick(inputs, 0, 'dense inputs');
  const [rows, steps] = first.shape;
  for (const input of inputs) requireShape(input, 'Dense input', [rows, steps, null]);
  const width = inputs.reduce((sum, input) => sum + input.shape[2], 0);
  requireShape(weights, 'Dense weights', [width, null]);
  const offset = bias ?? tf.zeros([weights.shape[1]]);
  requireShape(offset, 'Dense bias', [weights.shape[1]]);
  const outputs = runKernel(FORWARD, [weights, offset, ...inputs], {
    activation: ACTIVATIONS[activation],
  });
  return pick(outputs, 0, 'dense') as tf.Tensor3D;
}

export function registerDense(heap: KernelHeap): void {
  const register = (
    kernelName: string,
    compute: (inputs: tf.TensorInfo[], attributes: Attributes) => tf.TensorInfo[],
  ): void => {
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      // the inputs come as an array, which TensorFlow.js allows but does not type
      kernelFunc: ({ inputs, attrs }) =>
        compute(Object.values(inputs) as tf.TensorInfo[], attrs as unknown as Attributes),
    });
  };
  register(FORWARD, (inputs, { activation }) => [forward(heap, inputs, activation)]);
  register(ACTIVATION_GRADIENT, (inputs, { activation }) => [
    activationGradient(heap, inputs, activation),
  ]);
  register(WEIGHT_GRADIENT, (inputs) => weightGradient(heap, inputs));
  register(INPUT_GRADIENT, (inputs, { offset, width }) => [
    inputGradient(heap, inputs, offset, width),
  ]);
  tf.registerGradient({
    kernelName: FORWARD,
    saveAllInputs: true,
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) =>
      gradient(dy as tf.Tensor, saved, attributes as unknown as Attributes),
  });
}

interface Attributes {
  readonly activation: number;
  /** first row of the weights that an input meets, and how many */
  readonly offset: number;
  readonly width: number;
}

/** Weights and bias at once; each input's gradient only if it is asked for. */
function gradient(
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  { activation }: Attributes,
): Record<string, () => tf.Tensor> {
  const weights = pick(saved, 0, 'saved tensors');
  const inputs = saved.slice(2, -1);
  const y = pick(saved, saved.length - 1, 'saved tensors');
  const dz =
    activation === ACTIVATIONS.linear
      ? dy
      : pick(runKernel(ACTIVATION_GRADIENT, [dy, y], { activation }), 0, 'gradients');
  const results = runKernel(WEIGHT_GRADIENT, [dz, ...inputs]);
  const gradients: Record<string, () => tf.Tensor> = {
    0: () => pick(results, 0, 'gradients'),
    1: () => pick(results, 1, 'gradients'),
  };
  let offset = 0;
  for (const [i, input] of inputs.entries()) {
    const attributes = { offset, width: input.shape.at(-1) ?? 0 };
    gradients[i + 2] = () =>
      pick(runKernel(INPUT_GRADIENT, [dz, weights], attributes), 0, 'gradients');
    offset += attributes.width;
  }
  return gradients;
}

function rowsOf(tensor: tf.TensorInfo): number {
  return tf.util.sizeFromShape(tensor.shape.slice(0, -1));
}

function forward(
  heap: KernelHeap,
  [weights, bias, ...inputs]: readonly tf.TensorInfo[],
  activation: number,
): tf.TensorInfo {
  if (!weights || !bias || !inputs[0]) throw new RangeError('dense needs weights, bias and an input');
  const { kernels, address } = heap;
  const n = weights.shape[1] ?? 0;
  const rows = rowsOf(inputs[0]);
  const out = heap.allocate([...inputs[0].shape.slice(0, -1), n]);
  const scratch = heap.scratch(kernels.matmulScratchFloats(weights.shape[0] ?? 0, n));
  let offset = 0;
  for (const input of inputs) {
    const width = input.shape.at(-1) ?? 0;
    const from = address(weights) + offset * n * 4;
    const accumulate = offset > 0 ? 1 : 0;
    kernels.matmul(
      address(input),
      width * 4,
      4,
      from,
      n * 4,
      4,
      address(out),
      n * 4,
      rows,
      n,
      width,
      accumulate,
      scratch,
    );
    offset += width;
  }
  kernels.addBiasAndActivate(address(out), address(bias), rows, n, activation);
  return out;
}

function activationGradient(
  heap: KernelHeap,
  [dy, y]: readonly tf.TensorInfo[],
  activation: number,
): tf.TensorInfo {
  if (!dy || !y) throw new RangeError('the activation gradient needs dy and y');
  const dz = heap.allocate(dy.shape);
  const size = tf.util.sizeFromShape(dy.shape);
  heap.kernels.activationGradient(
    heap.address(dy),
    heap.address(y),
    heap.address(dz),
    size,
    activation,
  );
  return dz;
}

function weightGradient(
  heap: KernelHeap,
  [dz, ...inputs]: readonly tf.TensorInfo[],
): tf.TensorInfo[] {
  if (!dz) throw new RangeError('the weight gradient needs dz');
  const { kernels, address } = heap;
  const n = dz.shape.at(-1) ?? 0;
  const rows = rowsOf(dz);
  const widths = inputs.map((input) => input.shape.at(-1) ?? 0);
  const dWeights = heap.allocate([widths.reduce((sum, width) => sum + width, 0), n]);
  const dBias = heap.allocate([n]);
  const scratch = heap.scratch(kernels.matmulScratchFloats(rows, n));
  let offset = 0;
  for (const [i, input] of inputs.entries()) {
    const width = widths[i] ?? 0;
    const to = address(dWeights) + offset * n * 4;
    kernels.matmul(
      address(input),
      4,
      width * 4,
      address(dz),
      n * 4,
      4,
      to,
      n * 4,
      width,
      n,
      rows,
      0,
      scratch,
    );
    offset += width;
  }
  kernels.sumRows(address(dz), rows, n, address(dBias));
  return [dWeights, dBias];
}

function inputGradient(
  heap: KernelHeap,
  [dz, weights]: readonly tf.TensorInfo[],
  offset: number,
  width: number,
): tf.TensorInfo {
  if (!dz || !weights) throw new RangeError('the input gradient needs dz and the weights');
  const { kernels, address } = heap;
  const n = dz.shape.at(-1) ?? 0;
  const dx = heap.allocate([...dz.shape.slice(0, -1), width]);
  const scratch = heap.scratch(kernels.matmulScratchFloats(n, width));
  const from = address(weights) + offset * n * 4;
  kernels.matmul(
    address(dz),
    n * 4,
    4,
    from,
    4,
    n * 4,
    address(dx),
    width * 4,
    rowsOf(dz),
    width,
    n,
    0,
    scratch,
  );
  return dx;
}
