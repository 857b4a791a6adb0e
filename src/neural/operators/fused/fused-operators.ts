import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelHeap } from '../../kernels/kernel-heap.js';
import type { Operators } from '../operators.js';
import { attention, registerAttention } from './attention.js';
import { dense, registerDense } from './dense.js';
import { registerIdentity } from './identity.js';
import { lstmSequence, registerLstmSequence } from './lstm-sequence.js';
import { registerMatmul } from './matmul.js';
import { batchNormalisation, layerNormalisation, registerNormalisation } from './normalise.js';

/** The network's operators over our kernels, one kernel each way; they need `registerFusedKernels` before. */
export const fusedOperators: Operators = {
  lstmSequence,
  attention,
  dense,
  layerNormalisation,
  batchNormalisation,
  dropOut,
};

/** Puts our kernels into TensorFlow.js's wasm backend. */
export function registerFusedKernels(backend: BackendWasm, heap: KernelHeap): void {
  registerIdentity(backend);
  registerMatmul(heap);
  registerLstmSequence(heap);
  registerDense(heap);
  registerAttention(heap);
  registerNormalisation(heap);
}

function dropOut(x: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  // its own gradient: tfjs-core registers none, and all of tfjs-layers would be loaded for this one
  const scale = tf.customGrad(() => ({
    value: tf.mul(x, mask),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, mask),
  }));
  return scale(x);
}
