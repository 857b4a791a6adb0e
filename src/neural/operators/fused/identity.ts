import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { registerKernel } from './kernel-registry.js';

/**
 * Replaces the wasm backend's Identity (tf.clone) by one that shares the values, as the cpu backend does. The
 * original copies them, which costs time for each tensor that a gradient saves, and would copy one value only of
 * a block that `KernelHeap.allocateBlock` made.
 */
export function registerIdentity(backend: BackendWasm): void {
  tf.unregisterKernel(tf.Identity, 'wasm');
  registerKernel(tf.Identity, ({ input }) => {
    const { dataId, shape, dtype } = input('x');
    backend.incRef(dataId);
    return { dataId, shape, dtype };
  });
}
