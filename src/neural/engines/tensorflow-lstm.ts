import * as tf from '@tensorflow/tfjs-core';
import {
  asList,
  pick,
  registerKernel,
  requireShape,
  runKernel,
  type KernelCall,
} from '../operators/fused/kernel-registry.js';
import type { LstmSequence, StepOrder } from '../operators/operators.js';
import type {
  TensorflowAttribute,
  TensorflowBackend,
  TensorflowInput,
} from './tensorflow-library.js';

const FORWARD = 'LoadcastTensorflowLstm';
const BACKWARD = 'LoadcastTensorflowLstmGradient';

/** Inputs by our names, in TensorFlow's order; `peephole` stands for all three, which are not used. */
const INPUTS = ['x', 'c0', 'h0', 'weights', 'peephole', 'bias'] as const;

/** Outputs in TensorFlow's order, each [T, B, H]: the gates, c (`cs`) and h (`hs`) of each step. */
const OUTPUTS = ['i', 'cs', 'f', 'o', 'ci', 'co', 'hs'] as const;
const CS = OUTPUTS.indexOf('cs');
const HS = OUTPUTS.indexOf('hs');

/** Inputs that have a gradient, in TensorFlow's order without the peepholes. */
const VARIABLES = ['x', 'c0', 'h0', 'weights', 'bias'] as const;

/**
 * An LSTM over a whole sequence as one of TensorFlow's operators (BlockLSTMV2), with its own gradient.
 * Arguments and results are those of `Operators.lstmSequence`; any number of units. Needs `registerTensorflowLstm`.
 */
export function tensorflowLstmSequence(
  inputs: readonly tf.Tensor[],
  weights: tf.Tensor,
  bias: tf.Tensor,
  h0: tf.Tensor,
  c0: tf.Tensor,
  order: StepOrder = 'forward',
): LstmSequence {
  const units = bias.size / 4;
  const [rows = 0, steps = 0] = pick(inputs, 0, 'LSTM inputs').shape;
  for (const input of inputs) requireShape(input, 'LSTM input', [rows, steps, null]);
  const x = inputs.length === 1 ? pick(inputs, 0, 'LSTM inputs') : tf.concat([...inputs], 2);
  requireShape(weights, 'LSTM weights', [(x.shape[2] ?? 0) + units, 4 * units]);
  requireShape(h0, 'LSTM initial h', [rows, units]);
  requireShape(c0, 'LSTM initial c', [rows, units]);

  const inOrder = (sequence: tf.Tensor): tf.Tensor =>
    order === 'reversed' ? tf.reverse(sequence, 0) : sequence;
  const last = (sequence: tf.Tensor): tf.Tensor =>
    tf.reshape(tf.slice(sequence, [steps - 1, 0, 0], [1, rows, units]), [rows, units]);
  const results = runKernel(FORWARD, {
    x: inOrder(tf.transpose(x, [1, 0, 2])),
    weights,
    bias,
    h0,
    c0,
    peephole: tf.zeros([units]),
  });
  const hs = pick(results, HS, 'LSTM results');
  return {
    outputs: tf.transpose(inOrder(hs), [1, 0, 2]),
    h: last(hs),
    c: last(pick(results, CS, 'LSTM results')),
  };
}

/** Once per thread. */
export function registerTensorflowLstm(backend: TensorflowBackend): void {
  const steps = createStepCounts(backend);
  const { binding } = backend;
  const attributes: readonly TensorflowAttribute[] = [
    { name: 'use_peephole', type: binding.TF_ATTR_BOOL, value: false },
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
  ];
  const cellClip = { name: 'cell_clip', type: binding.TF_ATTR_FLOAT, value: 0 };

  registerKernel(
    FORWARD,
    (call) => {
      const inputs = [steps(call), ...operands(call)];
      const all = [cellClip, ...attributes];
      return backend.executeMultipleOutputs('BlockLSTMV2', all, inputs, OUTPUTS.length);
    },
    'tensorflow',
  );
  registerKernel(
    BACKWARD,
    (call) => {
      const saved = [...OUTPUTS, 'dcs', 'dhs'].map((name) => call.input(name));
      const inputs = [steps(call), ...operands(call), ...saved];
      const results = backend.executeMultipleOutputs('BlockLSTMGradV2', attributes, inputs, 8);
      tf.dispose(results.slice(4, 7)); // of the peepholes
      return [...results.slice(0, 4), ...results.slice(7)];
    },
    'tensorflow',
  );
  tf.registerGradient({
    kernelName: FORWARD,
    inputsToSave: [...INPUTS],
    outputsToSave: OUTPUTS.map(() => true),
    gradFunc: (dys, saved) => gradient(asList(dys), saved),
  });
}

function operands({ input }: KernelCall): TensorflowInput[] {
  const peephole = input('peephole');
  return INPUTS.flatMap((name) =>
    name === 'peephole' ? [peephole, peephole, peephole] : [input(name)],
  );
}

/** All from one operator, run here, inside the backward scope, which frees what is not asked for. */
function gradient(
  dys: readonly tf.Tensor[],
  saved: readonly tf.Tensor[],
): Record<string, () => tf.Tensor> {
  const names = [...INPUTS, ...OUTPUTS];
  const inputs = names.map((name, k) => [name, pick(saved, k, 'saved tensors')] as const);
  const results = runKernel(BACKWARD, {
    ...Object.fromEntries(inputs),
    dhs: pick(dys, HS, 'output gradients'),
    dcs: pick(dys, CS, 'output gradients'),
  });
  return Object.fromEntries(
    VARIABLES.map((name, k) => [name, () => pick(results, k, 'gradients')]),
  );
}

/**
 * The number of steps of an x as TensorFlow wants it, a 64-bit whole number, which TensorFlow.js does not have.
 * Kept for each number: networks have two, and tfjs-node never frees the one that it would make for each call.
 */
function createStepCounts(backend: TensorflowBackend): (call: KernelCall) => TensorflowInput {
  const counts = new Map<number, TensorflowInput>();
  return ({ input }) => {
    const steps = input('x').shape[0] ?? 0;
    let count = counts.get(steps);
    if (!count) {
      // the lower half, then the upper half
      count = { dataId: backend.write(new Int32Array([steps, 0]), [], 'int64') };
      counts.set(steps, count);
    }
    return count;
  };
}
