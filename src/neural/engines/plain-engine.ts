import * as tf from '@tensorflow/tfjs-core';
// registers the backend
// oxlint-disable-next-line import/no-unassigned-import
import '@tensorflow/tfjs-backend-cpu';

/** TensorFlow.js's own cpu backend: plain JavaScript, nothing of ours. */
export async function startPlainBackend(): Promise<void> {
  await tf.setBackend('cpu');
}
