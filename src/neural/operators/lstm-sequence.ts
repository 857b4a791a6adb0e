import * as tf from '@tensorflow/tfjs-core';
import { LoadcastError } from '../../core/errors.js';
import type { KernelHeap } from '../kernels/kernel-heap.js';
import {
  asList,
  pick,
  registerKernel,
  requireShape,
  runKernel,
  type KernelCall,
} from './kernel-registry.js';

const FORWARD = 'LoadcastLstmSequence';
const BACKWARD = 'LoadcastLstmSequenceGradient';
const INPUT_GRADIENT = 'LoadcastLstmSequenceInputGradient';

/** The register tiles and the whole-vector gate arithmetic ask for it. */
const UNIT_MULTIPLE = 16;

export interface LstmSequence {
  /** [B, T, H] */
  readonly outputs: tf.Tensor;
  /** state after the last step, [B, H] */
  readonly h: tf.Tensor;
  readonly c: tf.Tensor;
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
  x: tf.Tensor,
  weights: tf.Tensor,
  bias: tf.Tensor,
  h0: tf.Tensor,
  c0: tf.Tensor,
  order: 'forward' | 'reversed' = 'forward',
): LstmSequence {
  const units = bias.size / 4;
  requireUnits(units);
  requireShape(x, 'LSTM input', [null, null, null]);
  const [rows = 0, steps = 0, features = 0] = x.shape;
  if (rows === 0 || steps === 0 || features === 0) {
    throw new LoadcastError('INVALID_INPUT', `LSTM input is empty: [${x.shape.join(', ')}].`);
  }
  requireShape(weights, 'LSTM weights', [features + units, 4 * units]);
  requireShape(h0, 'LSTM initial h', [rows, units]);
  requireShape(c0, 'LSTM initial c', [rows, units]);
  const results = runKernel(
    FORWARD,
    { x, weights, bias, h0, c0 },
    { reversed: order === 'reversed' },
  );
  return {
    outputs: pick(results, 0, 'LSTM results'),
    h: pick(results, 1, 'LSTM results'),
    c: pick(results, 2, 'LSTM results'),
  };
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
  registerKernel(FORWARD, (call) => forward(heap, call));
  registerKernel(BACKWARD, (call) => backward(heap, call));
  registerKernel(INPUT_GRADIENT, (call) => inputGradient(heap, call));
  tf.registerGradient({
    kernelName: FORWARD,
    inputsToSave: ['x', 'weights', 'c0'],
    outputsToSave: [false, false, false, true],
    gradFunc: (dys, saved, attributes) => gradient(asList(dys), saved, attributes),
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
  const inputs = {
    x: pick(saved, 0, 'saved tensors'),
    weights: pick(saved, 1, 'saved tensors'),
    c0: pick(saved, 2, 'saved tensors'),
    tape: pick(saved, 3, 'saved tensors'),
    dOutputs: pick(dys, 0, 'output gradients'),
    dh: pick(dys, 1, 'output gradients'),
    dc: pick(dys, 2, 'output gradients'),
  };
  const results = runKernel(BACKWARD, inputs, attributes);
  return {
    x: () => pick(runKernel(INPUT_GRADIENT, inputs, attributes), 0, 'gradients'),
    weights: () => pick(results, 0, 'gradients'),
    bias: () => pick(results, 1, 'gradients'),
    h0: () => pick(results, 2, 'gradients'),
    c0: () => pick(results, 3, 'gradients'),
  };
}

interface Sizes {
  readonly rows: number;
  readonly steps: number;
  readonly features: number;
  readonly units: number;
}

function sizesOf({ input }: KernelCall): Sizes {
  const [rows = 0, steps = 0, features = 0] = input('x').shape;
  return { rows, steps, features, units: (input('weights').shape[1] ?? 0) / 4 };
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

function forward(heap: KernelHeap, call: KernelCall): tf.TensorInfo[] {
  const { kernels } = heap;
  const { rows, steps, features, units } = sizesOf(call);
  const at = (name: string): number => heap.address(call.input(name));
  const reversed = call.flag('reversed');
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
    ...walk(at('x'), steps, features, reversed),
    at('weights'),
    at('bias'),
    at('h0'),
    at('c0'),
    ...walk(heap.address(outputs), steps, units, reversed),
    heap.address(h),
    heap.address(c),
    heap.address(tape),
    scratch,
  );
  return [outputs, h, c, tape];
}

function backward(heap: KernelHeap, call: KernelCall): tf.TensorInfo[] {
  const { kernels } = heap;
  const { rows, steps, features, units } = sizesOf(call);
  const at = (name: string): number => heap.address(call.input(name));
  const reversed = call.flag('reversed');
  const dWeights = heap.allocate(call.input('weights').shape);
  const dBias = heap.allocate([4 * units]);
  const dh0 = heap.allocate([rows, units]);
  const dc0 = heap.allocate([rows, units]);
  const scratch = heap.scratch(kernels.lstmScratchFloats(features, units));
  kernels.lstmBackward(
    rows,
    steps,
    features,
    units,
    at('weights'),
    at('c0'),
    ...walk(at('dOutputs'), steps, units, reversed),
    at('dh'),
    at('dc'),
    heap.address(dWeights),
    heap.address(dBias),
    heap.address(dh0),
    heap.address(dc0),
    at('tape'),
    scratch,
  );
  return [dWeights, dBias, dh0, dc0];
}

function inputGradient(heap: KernelHeap, call: KernelCall): tf.TensorInfo[] {
  const { kernels } = heap;
  const { rows, steps, features, units } = sizesOf(call);
  const at = (name: string): number => heap.address(call.input(name));
  const reversed = call.flag('reversed');
  const dx = heap.allocate(call.input('x').shape);
  const scratch = heap.scratch(kernels.lstmScratchFloats(features, units));
  kernels.lstmInputGradient(
    rows,
    steps,
    features,
    units,
    at('weights'),
    ...walk(heap.address(dx), steps, features, reversed),
    at('tape'),
    scratch,
  );
  return [dx];
}
