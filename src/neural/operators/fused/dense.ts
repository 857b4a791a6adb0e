import * as tf from '@tensorflow/tfjs-core';
import type { KernelHeap } from '../../kernels/kernel-heap.js';
import { matrixAt, multiply, transposed, type Matrix } from '../../kernels/matrix.js';
import {
  asList,
  pick,
  registerKernel,
  requireShape,
  rowsOf,
  runKernel,
  widthOf,
  type KernelCall,
} from './kernel-registry.js';
import type { Activation } from '../operators.js';

const FORWARD = 'LoadcastDense';
const ACTIVATION_GRADIENT = 'LoadcastDenseActivationGradient';
const WEIGHT_GRADIENT = 'LoadcastDenseWeightGradient';
const INPUT_GRADIENT = 'LoadcastDenseInputGradient';

/** The numbers are those of assembly/dense.ts. */
const ACTIVATIONS: Readonly<Record<Activation, number>> = { linear: 0, tanh: 1, relu: 2 };

/** Dense layer of `Operators` as one operator; nothing is concatenated. */
export function dense(
  inputs: readonly tf.Tensor[],
  weights: tf.Tensor,
  bias: tf.Tensor | null,
  activation: Activation = 'linear',
): tf.Tensor {
  const first = pick(inputs, 0, 'dense inputs');
  const [rows = 0, steps = 0] = first.shape;
  for (const input of inputs) requireShape(input, 'Dense input', [rows, steps, null]);
  const width = inputs.reduce((sum, input) => sum + widthOf(input), 0);
  requireShape(weights, 'Dense weights', [width, null]);
  const offset = bias ?? tf.zeros([widthOf(weights)]);
  requireShape(offset, 'Dense bias', [widthOf(weights)]);
  const outputs = runKernel(FORWARD, [weights, offset, ...inputs], {
    activation: ACTIVATIONS[activation],
  });
  return pick(outputs, 0, 'dense');
}

export function registerDense(heap: KernelHeap): void {
  registerKernel(FORWARD, (call) => forward(heap, call));
  registerKernel(ACTIVATION_GRADIENT, (call) => activationGradient(heap, call));
  registerKernel(WEIGHT_GRADIENT, (call) => weightGradient(heap, call));
  registerKernel(INPUT_GRADIENT, (call) => inputGradient(heap, call));
  tf.registerGradient({
    kernelName: FORWARD,
    saveAllInputs: true,
    outputsToSave: [true],
    gradFunc: (dys, saved, { activation }) =>
      gradient(pick(asList(dys), 0, 'output gradients'), saved, Number(activation)),
  });
}

/** Weights and bias at once; each input's gradient only if it is asked for. */
function gradient(
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  activation: number,
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
    // the rows of the weights that this input meets
    const attributes = { offset, width: widthOf(input) };
    gradients[i + 2] = () =>
      pick(runKernel(INPUT_GRADIENT, [dz, weights], attributes), 0, 'gradients');
    offset += attributes.width;
  }
  return gradients;
}

function forward(heap: KernelHeap, { inputs: all, number }: KernelCall): tf.TensorInfo {
  const weights = pick(all, 0, 'dense tensors');
  const bias = pick(all, 1, 'dense tensors');
  const inputs = all.slice(2);
  const rows = rowsOf(pick(inputs, 0, 'dense inputs'));
  const n = widthOf(weights);
  const out = heap.allocate([...pick(inputs, 0, 'dense inputs').shape.slice(0, -1), n]);
  const product = matrixAt(heap.address(out), rows, n);
  let offset = 0;
  for (const input of inputs) {
    const width = widthOf(input);
    const x = matrixAt(heap.address(input), rows, width);
    multiply(heap, x, rowsFrom(heap, weights, offset, width), product, offset > 0);
    offset += width;
  }
  heap.kernels.addBiasAndActivate(
    product.address,
    heap.address(bias),
    rows,
    n,
    number('activation'),
  );
  return out;
}

function activationGradient(heap: KernelHeap, { inputs, number }: KernelCall): tf.TensorInfo {
  const dy = pick(inputs, 0, 'dense gradients');
  const y = pick(inputs, 1, 'dense gradients');
  const dz = heap.allocate(dy.shape);
  heap.kernels.activationGradient(
    heap.address(dy),
    heap.address(y),
    heap.address(dz),
    tf.util.sizeFromShape(dy.shape),
    number('activation'),
  );
  return dz;
}

/** dW = Xᵀ dZ, input by input, and db = the sums of dZ over its rows. */
function weightGradient(heap: KernelHeap, { inputs: all }: KernelCall): tf.TensorInfo[] {
  const dz = pick(all, 0, 'dense gradients');
  const inputs = all.slice(1);
  const n = widthOf(dz);
  const rows = rowsOf(dz);
  const dWeights = heap.allocate([inputs.reduce((sum, input) => sum + widthOf(input), 0), n]);
  const dBias = heap.allocate([n]);
  const dzMatrix = matrixAt(heap.address(dz), rows, n);
  let offset = 0;
  for (const input of inputs) {
    const width = widthOf(input);
    const x = matrixAt(heap.address(input), rows, width);
    multiply(heap, transposed(x), dzMatrix, rowsFrom(heap, dWeights, offset, width));
    offset += width;
  }
  heap.kernels.sumRows(dzMatrix.address, rows, n, heap.address(dBias));
  return [dWeights, dBias];
}

/** dX = dZ Wᵀ, for the rows of W that one input meets. */
function inputGradient(heap: KernelHeap, { inputs, number }: KernelCall): tf.TensorInfo {
  const dz = pick(inputs, 0, 'dense gradients');
  const weights = pick(inputs, 1, 'dense gradients');
  const width = number('width');
  const rows = rowsOf(dz);
  const dx = heap.allocate([...dz.shape.slice(0, -1), width]);
  multiply(
    heap,
    matrixAt(heap.address(dz), rows, widthOf(dz)),
    transposed(rowsFrom(heap, weights, number('offset'), width)),
    matrixAt(heap.address(dx), rows, width),
  );
  return dx;
}

/** Some rows of a matrix [rows, columns]. */
function rowsFrom(heap: KernelHeap, tensor: tf.TensorInfo, first: number, count: number): Matrix {
  const columns = widthOf(tensor);
  return matrixAt(heap.address(tensor) + first * columns * 4, count, columns);
}
