import { parentPort, workerData } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { loadTensorflow } from '../../src/neural/engines/tensorflow-library.js';
import { registerTensorflowLstm } from '../../src/neural/engines/tensorflow-lstm.js';
import { evaluate } from '../neural/reference.js';
import { fusedLstm, type Task, type TaskResult } from './tasks.js';

// The one thread of the tests that TensorFlow runs in.
const port = parentPort;
if (!port) throw new Error('tensorflow-worker runs in a worker thread only.');
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const { folder } = workerData as { readonly folder: string };
registerTensorflowLstm(loadTensorflow(folder));

const answer = async (task: Task): Promise<void> => {
  port.postMessage(await perform(task), []);
};
port.on('message', (task: Task) => void answer(task));

async function perform({ tensors, order, repeat }: Task): Promise<TaskResult> {
  const compute = fusedLstm(order);
  let result = await evaluate('tensorflow', tensors, compute);
  const before = countTensors();
  for (let i = 1; i < repeat; i++) result = await evaluate('tensorflow', tensors, compute);
  return { ...result, leakedTensors: countTensors() - before };
}

/** TensorFlow.js's own and those that only the backend knows of. */
function countTensors(): number {
  return tf.memory().numTensors + tf.backend().numDataIds();
}
