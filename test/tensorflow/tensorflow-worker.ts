import { parentPort, workerData } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { startEngine } from '../../src/neural/engines/engine.js';
import { evaluate } from '../neural/reference.js';
import { computeOf, type Task, type TaskResult } from './tasks.js';

// The one thread of the tests that TensorFlow runs in.
const port = parentPort;
if (!port) throw new Error('tensorflow-worker runs in a worker thread only.');
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const { folder } = workerData as { readonly folder: string };
const { operators } = await startEngine({ tensorflow: folder });

const answer = async (task: Task): Promise<void> => {
  port.postMessage(await perform(task), []);
};
port.on('message', (task: Task) => void answer(task));

async function perform(task: Task): Promise<TaskResult> {
  const compute = computeOf(task, operators);
  const once = (): ReturnType<typeof evaluate> => evaluate('tensorflow', task.tensors, compute);
  let result = await once();
  const before = countTensors();
  for (let i = 1; i < task.repeat; i++) result = await once();
  return { ...result, leakedTensors: countTensors() - before };
}

/** TensorFlow.js's own and those that only the backend knows of. */
function countTensors(): number {
  return tf.memory().numTensors + tf.backend().numDataIds();
}
