import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { LoadcastError } from '../core/errors.js';
import type { KernelBinary } from './kernels/kernel-binary.js';
import { createKernelHeap } from './kernels/kernel-heap.js';
import { registerFusedKernels } from './operators/fused/fused-operators.js';

let started: Promise<KernelBinary> | null = null;

/**
 * Starts TensorFlow.js on its wasm backend with our kernels, once per thread; later calls wait for the first.
 * @param binary forces one of the kernel binaries (tests); by default the fastest that runs here
 * @returns the binary in use
 * @throws LoadcastError UNREADABLE_FILE if the kernels were not built
 */
export async function initialiseBackend(binary?: KernelBinary): Promise<KernelBinary> {
  started ??= start(binary);
  return started;
}

async function start(binary: KernelBinary | undefined): Promise<KernelBinary> {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${path.dirname(entry)}${path.sep}`);
  await tf.setBackend('wasm');
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm)) {
    throw new LoadcastError('INVALID_CONFIG', 'The wasm backend of TensorFlow.js did not start.');
  }
  const heap = createKernelHeap(backend, binary);
  registerFusedKernels(backend, heap);
  return heap.binary;
}
