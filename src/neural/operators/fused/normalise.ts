import * as tf from '@tensorflow/tfjs-core';
import type { KernelHeap } from '../../kernels/kernel-heap.js';
import type { Moments, Normalised } from '../operators.js';
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

const ROWS = 'LoadcastLayerNormalisation';
const ROWS_GRADIENT = 'LoadcastLayerNormalisationGradient';
const COLUMNS = 'LoadcastBatchNormalisation';
const COLUMNS_GRADIENT = 'LoadcastBatchNormalisationGradient';
const BY_MOMENTS = 'LoadcastNormaliseByMoments';

/** Layer normalisation of `Operators` as one operator. */
export function layerNormalisation(x: tf.Tensor, gain: tf.Tensor, offset: tf.Tensor): tf.Tensor {
  requireColumns(x, { gain, offset });
  return pick(runKernel(ROWS, { x, gain, offset }), 0, 'layer normalisation');
}

/** Batch normalisation of `Operators` as one operator; by given moments it has no gradient. */
export function batchNormalisation(
  x: tf.Tensor,
  gain: tf.Tensor,
  offset: tf.Tensor,
  moving: Moments | null,
): Normalised {
  requireColumns(x, { gain, offset, ...moving });
  if (moving) {
    const results = runKernel(BY_MOMENTS, { x, gain, offset, ...moving });
    return { outputs: pick(results, 0, 'batch normalisation'), ...moving };
  }
  const results = runKernel(COLUMNS, { x, gain, offset });
  return {
    outputs: pick(results, 0, 'batch normalisation'),
    mean: pick(results, 1, 'batch normalisation'),
    variance: pick(results, 2, 'batch normalisation'),
  };
}

function requireColumns(x: tf.Tensor, columns: Readonly<Record<string, tf.Tensor>>): void {
  requireShape(x, 'Normalisation input', [null, null, null]);
  for (const [name, tensor] of Object.entries(columns)) {
    requireShape(tensor, `Normalisation ${name}`, [widthOf(x)]);
  }
}

export function registerNormalisation(heap: KernelHeap): void {
  registerKernel(ROWS, (call) => normaliseRows(heap, call));
  registerKernel(ROWS_GRADIENT, (call) => normaliseRowsGradient(heap, call));
  registerKernel(COLUMNS, (call) => normaliseColumns(heap, call));
  registerKernel(COLUMNS_GRADIENT, (call) => normaliseColumnsGradient(heap, call));
  registerKernel(BY_MOMENTS, (call) => normaliseByMoments(heap, call));
  tf.registerGradient({
    kernelName: ROWS,
    inputsToSave: ['gain'],
    outputsToSave: [false, true, true],
    gradFunc: (dys, [gain, normalised, inverse]) =>
      gradients(ROWS_GRADIENT, { dy: firstOf(dys), ...present({ gain, normalised, inverse }) }),
  });
  tf.registerGradient({
    kernelName: COLUMNS,
    inputsToSave: ['gain'],
    outputsToSave: [false, false, true, true],
    gradFunc: (dys, [gain, variance, normalised]) =>
      gradients(COLUMNS_GRADIENT, { dy: firstOf(dys), ...present({ gain, variance, normalised }) }),
  });
}

/** The moments are told, not differentiated: only the first output has a gradient. */
function firstOf(dys: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return pick(asList(dys), 0, 'output gradients');
}

function present(saved: Readonly<Record<string, tf.Tensor | undefined>>): tf.NamedTensorMap {
  const tensors: tf.NamedTensorMap = {};
  for (const [name, tensor] of Object.entries(saved)) {
    if (tensor) tensors[name] = tensor;
  }
  return tensors;
}

function gradients(kernel: string, inputs: tf.NamedTensorMap): Record<string, () => tf.Tensor> {
  const results = runKernel(kernel, inputs);
  return {
    x: () => pick(results, 0, 'gradients'),
    gain: () => pick(results, 1, 'gradients'),
    offset: () => pick(results, 2, 'gradients'),
  };
}

function normaliseRows(heap: KernelHeap, { input }: KernelCall): tf.TensorInfo[] {
  const x = input('x');
  const rows = rowsOf(x);
  const y = heap.allocate(x.shape);
  const normalised = heap.allocateBlock(rows * widthOf(x));
  const inverse = heap.allocateBlock(rows);
  heap.kernels.normaliseRows(
    heap.address(x),
    heap.address(input('gain')),
    heap.address(input('offset')),
    rows,
    widthOf(x),
    heap.address(y),
    heap.address(normalised),
    heap.address(inverse),
  );
  return [y, normalised, inverse];
}

function normaliseRowsGradient(heap: KernelHeap, { input }: KernelCall): tf.TensorInfo[] {
  const [dx, dGain, dOffset] = allocateGradients(heap, input('dy'));
  heap.kernels.normaliseRowsGradient(
    heap.address(input('dy')),
    heap.address(input('gain')),
    heap.address(input('normalised')),
    heap.address(input('inverse')),
    rowsOf(dx),
    widthOf(dx),
    heap.address(dx),
    heap.address(dGain),
    heap.address(dOffset),
  );
  return [dx, dGain, dOffset];
}

function normaliseColumns(heap: KernelHeap, call: KernelCall): tf.TensorInfo[] {
  const x = call.input('x');
  const mean = heap.allocate([widthOf(x)]);
  const variance = heap.allocate([widthOf(x)]);
  heap.kernels.columnMoments(
    heap.address(x),
    rowsOf(x),
    widthOf(x),
    heap.address(mean),
    heap.address(variance),
  );
  const [y, normalised] = scaleColumns(heap, call, mean, variance);
  return [y, mean, variance, normalised];
}

function normaliseByMoments(heap: KernelHeap, call: KernelCall): tf.TensorInfo[] {
  return scaleColumns(heap, call, call.input('mean'), call.input('variance'));
}

function scaleColumns(
  heap: KernelHeap,
  { input }: KernelCall,
  mean: tf.TensorInfo,
  variance: tf.TensorInfo,
): [outputs: tf.TensorInfo, normalised: tf.TensorInfo] {
  const x = input('x');
  const y = heap.allocate(x.shape);
  const normalised = heap.allocateBlock(rowsOf(x) * widthOf(x));
  heap.kernels.normaliseColumns(
    heap.address(x),
    heap.address(mean),
    heap.address(variance),
    heap.address(input('gain')),
    heap.address(input('offset')),
    rowsOf(x),
    widthOf(x),
    heap.address(y),
    heap.address(normalised),
  );
  return [y, normalised];
}

function normaliseColumnsGradient(heap: KernelHeap, { input }: KernelCall): tf.TensorInfo[] {
  const [dx, dGain, dOffset] = allocateGradients(heap, input('dy'));
  heap.kernels.normaliseColumnsGradient(
    heap.address(input('dy')),
    heap.address(input('variance')),
    heap.address(input('gain')),
    heap.address(input('normalised')),
    rowsOf(dx),
    widthOf(dx),
    heap.address(dx),
    heap.address(dGain),
    heap.address(dOffset),
  );
  return [dx, dGain, dOffset];
}

function allocateGradients(
  heap: KernelHeap,
  dy: tf.TensorInfo,
): [dx: tf.TensorInfo, dGain: tf.TensorInfo, dOffset: tf.TensorInfo] {
  const columns = [widthOf(dy)];
  return [heap.allocate(dy.shape), heap.allocate(columns), heap.allocate(columns)];
}
