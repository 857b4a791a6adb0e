import * as tf from '@tensorflow/tfjs-core';
import { LoadcastError } from '../../core/errors.js';
import type { KernelHeap } from '../kernels/kernel-heap.js';
import { pick, requireShape, runKernel } from './run-kernel.js';

const FORWARD = 'LoadcastLstmSequence';
const BACKWARD = 'LoadcastLstmSequenceGradient';
const INPUT_GRADIENT = 'LoadcastLstmSequenceInputGradient';

/** The register tiles and the whole-vector gate arithmetic ask for it. */
const UNIT_MULTIPLE = 16;

export interface LstmSequence {
  /** [B, T, H] */
  readonly outputs: tf.Tensor3D;
  /** state after the last step, [B, H] */
  readonly h: tf.Tensor2D;
  readonly c: tf.Tensor2D;
}

/**
 * An LSTM over a whole sequence as one operator, with its own gradient for the first five arguments.
 * @param x       [B, T, F]
 * @param weights [F + H, 4H], input rows over recurrent rows; gate order i, f, g, o
 * @param bias    [4H]
 * @param h0      [B, H]
 * @param c0      [B, H]
 * @param order   `reversed` goes from the last step to the first; outputs stay at their steps
 * @throws LoadcastError INVALID_INPUT if the shapes do not fit or H is no multiple of 16
 */
export function lstmSequence(
  x: tf.Tensor3D,
  weights: tf.Tensor2D,
  bias: tf.Tensor1D,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  order: 'forward' | 'reversed' = 'forward',
): LstmSequence {
  const units = bias.size / 4;
  requireUnits(units);
  requireShape(x, 'LSTM input', [null, null, null]);
  const [rows, steps, features] = x.shape;
  if (rows === 0 || steps === 0 || features === 0) {
    throw new LoadcastError('INVALID_INPUT', `LSTM input is empty: [${x.shape.join(', ')}].`);
  }
  requireShape(weights, 'LSTM weights', [features + units, 4 * units]);
  requireShape(h0, 'LSTM initial h', [rows, units]);
  requireShape(c0, 'LSTM initial c', [rows, units]);
  const [outputs, h, c] = runKernel(
    FORWARD,
    { x, weights, bias, h0, c0 },
    { reversed: order === 'reversed' },
  ) as [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D];
  return { outputs, h, c };
}

/** @throws LoadcastError INVALID_INPUT unless the kernels can take that many units */
export function requireUnits(units: number): void {
  if (Number.isInteger(units) && units > 0 && units % UNIT_MULTIPLE === 0) return;
  throw new LoadcastError(
    'INVALID_INPUT',
    `LSTM units must be a positive multiple of ${UNIT_MULTIPLE}, are ${units}.`,
  );
}

export function registerLstmSequence(heap: KernelHeap): void {
  tf.registerKernel({
    kernelName: FORWARD,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      forward(heap, inputs as unknown as ForwardInputs, attrs as unknown as Attributes),
  });
  tf.registerKernel({
    kernelName: BACKWARD,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      backward(heap, inputs as unknown as BackwardInputs, attrs as unknown as Attributes),
  });
  tf.registerKernel({
    kernelName: INPUT_GRADIENT,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      inputGradient(heap, inputs as unknown as InputGradientInputs, attrs as unknown as Attributes),
  });
  tf.registerGradient({
    kernelName: FORWARD,
    inputsToSave: ['x', 'weights', 'c0'],
    outputsToSave: [false, false, false, true],
    gradFunc: (dys, saved, attributes) => gradient(dys as tf.Tensor[], saved, attributes),
  });
}

/**
 * The weights' gradients come all from one kernel, run here, inside the backward scope, which frees what is not
 * asked for. That of x costs as much again and is made only if x is a variable.
 */
function gradient(
  dys: readonly tf.Tensor[],
  saved: readonly tf.Tensor[],
  attributes: tf.NamedAttrMap,
): Record<string, () => tf.Tensor> {
  const [x, weights, c0, tape] = [0, 1, 2, 3].map((i) => pick(saved, i, 'saved tensors'));
  const [dOutputs, dh, dc] = [0, 1, 2].map((i) => pick(dys, i, 'output gradients'));
  if (!x || !weights || !c0 || !tape || !dOutputs || !dh || !dc) throw new RangeError('unreachable');
  const results = runKernel(BACKWARD, { dOutputs, dh, dc, x, weights, c0, tape }, attributes);
  return {
    x: () => pick(runKernel(INPUT_GRADIENT, { x, weights, tape }, attributes), 0, 'gradients'),
    weights: () => pick(results, 0, 'gradients'),
    bias: () => pick(results, 1, 'gradients'),
    h0: () => pick(results, 2, 'gradients'),
    c0: () => pick(results, 3, 'gradients'),
  };
}

interface Attributes {
  readonly reversed: boolean;
}
type ForwardInputs = Record<'x' | 'weights' | 'bias' | 'h0' | 'c0', tf.TensorInfo>;
type BackwardInputs = Record<
  'dOutputs' | 'dh' | 'dc' | 'x' | 'weights' | 'c0' | 'tape',
  tf.TensorInfo
>;
type InputGradientInputs = Record<'x' | 'weights' | 'tape', tf.TensorInfo>;

interface Sizes {
  readonly rows: number;
  readonly steps: number;
  readonly features: number;
  readonly units: number;
}

function sizesOf(x: tf.TensorInfo, weights: tf.TensorInfo): Sizes {
  const [rows = 0, steps = 0, features = 0] = x.shape;
  return { rows, steps, features, units: (weights.shape[1] ?? 0) / 4 };
}

/** Address of the first step taken, bytes between rows and between steps, of a tensor [rows, steps, width]. */
function walk(
  address: number,
  steps: number,
  width: number,
  reversed: boolean,
): [address: number, row: number, step: number] {
  const step = width * 4;
  return reversed
    ? [address + (steps - 1) * step, steps * step, -step]
    : [address, steps * step, step];
}

function forward(
  heap: KernelHeap,
  { x, weights, bias, h0, c0 }: ForwardInputs,
  { reversed }: Attributes,
): tf.TensorInfo[] {
  const { rows, steps, features, units } = sizesOf(x, weights);
  const { kernels, address } = heap;
  const outputs = heap.allocate([rows, steps, units]);
  const h = heap.allocate([rows, units]);
  const c = heap.allocate([rows, units]);
  const tape = heap.allocateBlock(kernels.lstmTapeFloats(rows, steps, features, units));
  const scratch = heap.scratch(kernels.lstmScratchFloats(features, units));
  kernels.lstmForward(
    rows,
    steps,
    features,
    units,
    ...walk(address(x), steps, features, reversed),
    address(weights),
    address(bias),
    address(h0),
    address(c0),
    ...walk(address(outputs), steps, units, reversed),
    address(h),
    address(c),
    address(tape),
    scratch,
  );
  return [outputs, h, c, tape];
}

function backward(
  heap: KernelHeap,
  { dOutputs, dh, dc, x, weights, c0, tape }: BackwardInputs,
  { reversed }: Attributes,
): tf.TensorInfo[] {
  const { rows, steps, features, units } = sizesOf(x, weights);
  const { kernels, address } = heap;
  const dWeights = heap.allocate(weights.shape);
  const dBias = heap.allocate([4 * units]);
  const dh0 = heap.allocate([rows, units]);
  const dc0 = heap.allocate([rows, units]);
  const scratch = heap.scratch(kernels.lstmScratchFloats(features, units));
  kernels.lstmBackward(
    rows,
    steps,
    features,
    units,
    address(weights),
    address(c0),
    ...walk(address(dOutputs), steps, units, reversed),
    address(dh),
    address(dc),
    address(dWeights),
    address(dBias),
    address(dh0),
    address(dc0),
    address(tape),
    scratch,
  );
  return [dWeights, dBias, dh0, dc0];
}

function inputGradient(
  heap: KernelHeap,
  { x, weights, tape }: InputGradientInputs,
  { reversed }: Attributes,
): tf.TensorInfo[] {
  const { rows, steps, features, units } = sizesOf(x, weights);
  const { kernels, address } = heap;
  const dx = heap.allocate(x.shape);
  const scratch = heap.scratch(kernels.lstmScratchFloats(features, units));
  kernels.lstmInputGradient(
    rows,
    steps,
    features,
    units,
    address(weights),
    ...walk(address(dx), steps, features, reversed),
    address(tape),
    scratch,
  );
  return [dx];
}
