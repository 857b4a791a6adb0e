import * as tf from '@tensorflow/tfjs-core';
import type { KernelHeap } from '../../kernels/kernel-heap.js';
import {
  asList,
  pick,
  type KernelCall,
  registerKernel,
  requireShape,
  runKernel,
} from './kernel-registry.js';

const FORWARD = 'LoadcastAttention';
const BACKWARD = 'LoadcastAttentionGradient';

/** Attention of `Operators` as one operator. */
export function attention(queries: tf.Tensor, encoded: tf.Tensor): tf.Tensor {
  requireShape(queries, 'Attention queries', [null, null, null]);
  const [rows = 0, , units = 0] = queries.shape;
  requireShape(encoded, 'Attention keys', [rows, null, units]);
  return pick(runKernel(FORWARD, { queries, encoded }), 0, 'attention');
}

export function registerAttention(heap: KernelHeap): void {
  registerKernel(FORWARD, ({ input }) => forward(heap, input('queries'), input('encoded')));
  registerKernel(BACKWARD, (call) => backward(heap, call));
  tf.registerGradient({
    kernelName: FORWARD,
    inputsToSave: ['queries', 'encoded'],
    outputsToSave: [false, true],
    gradFunc: (dys, saved) => {
      const results = runKernel(BACKWARD, {
        dContext: pick(asList(dys), 0, 'output gradients'),
        queries: pick(saved, 0, 'saved tensors'),
        encoded: pick(saved, 1, 'saved tensors'),
        shares: pick(saved, 2, 'saved tensors'),
      });
      return {
        queries: () => pick(results, 0, 'gradients'),
        encoded: () => pick(results, 1, 'gradients'),
      };
    },
  });
}

function sizesOf(queries: tf.TensorInfo, encoded: tf.TensorInfo): [number, number, number, number] {
  const [rows = 0, querySteps = 0, units = 0] = queries.shape;
  return [rows, querySteps, encoded.shape[1] ?? 0, units];
}

function forward(
  heap: KernelHeap,
  queries: tf.TensorInfo,
  encoded: tf.TensorInfo,
): tf.TensorInfo[] {
  const [rows, querySteps, keySteps, units] = sizesOf(queries, encoded);
  const { kernels, address } = heap;
  const context = heap.allocate(queries.shape);
  const shareFloats = querySteps * kernels.attentionStride(keySteps);
  const shares = heap.allocateBlock(rows * shareFloats);
  const scratch = heap.scratch(kernels.attentionScratchFloats(querySteps, keySteps, units));
  for (let row = 0; row < rows; row++) {
    kernels.attentionForward(
      querySteps,
      keySteps,
      units,
      address(queries) + row * querySteps * units * 4,
      address(encoded) + row * keySteps * units * 4,
      address(shares) + row * shareFloats * 4,
      address(context) + row * querySteps * units * 4,
      scratch,
    );
  }
  return [context, shares];
}

function backward(heap: KernelHeap, { input }: KernelCall): tf.TensorInfo[] {
  const [dContext, queries, encoded, shares] = [
    input('dContext'),
    input('queries'),
    input('encoded'),
    input('shares'),
  ];
  const [rows, querySteps, keySteps, units] = sizesOf(queries, encoded);
  const { kernels, address } = heap;
  const dQueries = heap.allocate(queries.shape);
  const dEncoded = heap.allocate(encoded.shape);
  const shareFloats = querySteps * kernels.attentionStride(keySteps);
  const scratch = heap.scratch(kernels.attentionScratchFloats(querySteps, keySteps, units));
  for (let row = 0; row < rows; row++) {
    const queryOffset = row * querySteps * units * 4;
    const keyOffset = row * keySteps * units * 4;
    kernels.attentionBackward(
      querySteps,
      keySteps,
      units,
      address(queries) + queryOffset,
      address(encoded) + keyOffset,
      address(shares) + row * shareFloats * 4,
      address(dContext) + queryOffset,
      address(dQueries) + queryOffset,
      address(dEncoded) + keyOffset,
      scratch,
    );
  }
  return [dQueries, dEncoded];
}
