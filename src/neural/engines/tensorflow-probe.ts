import { parentPort, workerData } from 'node:worker_threads';
import type { TensorflowFound } from './describe-tensorflow.js';
import { loadTensorflow } from './tensorflow-library.js';

// Entry of the thread in which describe-tensorflow.ts tries whether TensorFlow loads.
const port = parentPort;
if (!port) throw new Error('tensorflow-probe runs in a worker thread only.');
// spawned by describe-tensorflow.ts with just this
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const { folder } = workerData as { readonly folder: string };
const { binding, isUsingGpuDevice } = loadTensorflow(folder);
const found: TensorflowFound = { version: binding.TF_Version, gpu: isUsingGpuDevice };
port.on('message', () => {
  port.postMessage(found, []);
});
