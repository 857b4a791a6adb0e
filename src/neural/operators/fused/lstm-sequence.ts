import * as tf from '@tensorflow/tfjs-core';
import { LoadcastError } from '../../../core/errors.js';
import type { KernelHeap } from '../../kernels/kernel-heap.js';
import type { LstmSequence, StepOrder } from '../operators.js';
import {
  asList,
  pick,
  registerKernel,
  requireShape,
  runKernel,
  widthOf,
  type KernelCall,
} from './kernel-registry.js';

const FORWARD = 'LoadcastLstmSequence';
const BACKWARD = 'LoadcastLstmSequenceGradient';
const INPUT_GRADIENT = 'LoadcastLstmSequenceInputGradient';

/** The forward kernel's tensors: weights, bias, h0, c0, then the inputs. */
const FIRST_INPUT = 4;
const MOST_INPUTS = 2;

/** LSTM of `Operators` as one operator with its own gradient. */
export function lstmSequence(
  inputs: readonly tf.Tensor[],
  weights: tf.Tensor,
  bias: tf.Tensor,
  h0: tf.Tensor,
  c0: tf.Tensor,
  order: StepOrder = 'forward',
): LstmSequence {
  const units = bias.size / 4;
  const first = pick(inputs, 0, 'LSTM inputs');
  const [rows = 0, steps = 0] = first.shape;
  for (const input of inputs) requireShape(input, 'LSTM input', [rows, steps, null]);
  const features = inputs.reduce((sum, input) => sum + widthOf(input), 0);
  if (inputs.length > MOST_INPUTS || rows === 0 || steps === 0 || features === 0) {
    const shapes = inputs.map((input) => `[${input.shape.join(', ')}]`).join(' ');
    throw new LoadcastError(
      'INVALID_INPUT',
      `An LSTM takes one or two inputs that are not empty, got ${shapes}.`,
    );
  }
  requireShape(weights, 'LSTM weights', [features + units, 4 * units]);
  requireShape(h0, 'LSTM initial h', [rows, units]);
  requireShape(c0, 'LSTM initial c', [rows, units]);
  const results = runKernel(FORWARD, [weights, bias, h0, c0, ...inputs], {
    reversed: order === 'reversed',
  });
  return {
    outputs: pick(results, 0, 'LSTM results'),
    h: pick(results, 1, 'LSTM results'),
    c: pick(results, 2, 'LSTM results'),
  };
}

export function registerLstmSequence(heap: KernelHeap): void {
  registerKernel(FORWARD, (call) => forward(heap, call));
  registerKernel(BACKWARD, (call) => backward(heap, call));
  registerKernel(INPUT_GRADIENT, (call) => inputGradient(heap, call));
  tf.registerGradient({
    kernelName: FORWARD,
    saveAllInputs: true,
    outputsToSave: [false, false, false, true],
    gradFunc: (dys, saved, attributes) => gradient(asList(dys), saved, attributes),
  });
}

/**
 * The weights' gradients come all from one kernel, run here, inside the backward scope, which frees what is not
 * asked for. That of an input costs as much again and is made only if the input is a variable.
 */
function gradient(
  dys: readonly tf.Tensor[],
  saved: readonly tf.Tensor[],
  attributes: tf.NamedAttrMap,
): Record<string, () => tf.Tensor> {
  const weights = pick(saved, 0, 'saved tensors');
  const inputs = saved.slice(FIRST_INPUT, -1);
  const tape = pick(saved, saved.length - 1, 'saved tensors');
  const [dOutputs, dh, dc] = [0, 1, 2].map((i) => pick(dys, i, 'output gradients'));
  const features = inputs.reduce((sum, input) => sum + widthOf(input), 0);
  const results = runKernel(
    BACKWARD,
    {
      weights,
      c0: pick(saved, 3, 'saved tensors'),
      tape,
      ...(dOutputs && dh && dc && { dOutputs, dh, dc }),
    },
    { ...attributes, features },
  );
  const gradients: Record<string, () => tf.Tensor> = {};
  for (let i = 0; i < FIRST_INPUT; i++) gradients[i] = () => pick(results, i, 'gradients');
  let offset = 0;
  for (const [i, input] of inputs.entries()) {
    const part = { ...attributes, offset };
    gradients[FIRST_INPUT + i] = () =>
      pick(runKernel(INPUT_GRADIENT, { x: input, weights, tape }, part), 0, 'gradients');
    offset += widthOf(input);
  }
  return gradients;
}

/** Where a kernel finds a sequence [rows, steps, width]: its first step taken, bytes between rows and between steps. */
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
  const [weights, bias, h0, c0] = [0, 1, 2, 3].map((i) =>
    heap.address(pick(call.inputs, i, 'LSTM tensors')),
  );
  const inputs = call.inputs.slice(FIRST_INPUT);
  const [rows = 0, steps = 0] = pick(inputs, 0, 'LSTM inputs').shape;
  const units = widthOf(pick(call.inputs, 3, 'LSTM tensors'));
  const features = inputs.reduce((sum, input) => sum + widthOf(input), 0);
  const reversed = call.flag('reversed');
  const outputs = heap.allocate([rows, steps, units]);
  const h = heap.allocate([rows, units]);
  const c = heap.allocate([rows, units]);
  const tape = heap.allocateBlock(kernels.lstmTapeFloats(rows, steps, features, units));
  const scratch = heap.scratch(kernels.lstmScratchFloats(features, units));
  const part = (i: number): number[] => {
    const input = inputs[i];
    if (!input) return [0, 0, 0, 0];
    const width = widthOf(input);
    return [width, ...walk(heap.address(input), steps, width, reversed)];
  };
  kernels.lstmForward(
    rows,
    steps,
    units,
    ...part(0),
    ...part(1),
    weights ?? 0,
    bias ?? 0,
    h0 ?? 0,
    c0 ?? 0,
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
  const [rows = 0, steps = 0, units = 0] = call.input('dOutputs').shape;
  const features = call.number('features');
  const at = (name: string): number => heap.address(call.input(name));
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
    ...walk(at('dOutputs'), steps, units, call.flag('reversed')),
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

/** Gradient of one input, from the rows of the weights that it meets. */
function inputGradient(heap: KernelHeap, call: KernelCall): tf.TensorInfo {
  const { kernels } = heap;
  const x = call.input('x');
  const [rows = 0, steps = 0, features = 0] = x.shape;
  const [width = 0, gates = 0] = call.input('weights').shape;
  const dx = heap.allocate(x.shape);
  kernels.lstmInputGradient(
    rows,
    steps,
    width,
    gates / 4,
    heap.address(call.input('weights')) + call.number('offset') * gates * 4,
    features,
    ...walk(heap.address(dx), steps, features, call.flag('reversed')),
    heap.address(call.input('tape')),
    heap.scratch(kernels.lstmScratchFloats(width - gates / 4, gates / 4)),
  );
  return dx;
}
