import { messageOf } from '../../core/errors.js';
import { spawnWorker } from '../../threads/spawn-worker.js';
import { openWorkerChannel } from '../../threads/worker-channel.js';
import { findTensorflow } from './find-tensorflow.js';

export type TensorflowDescription =
  | { readonly available: true; readonly version: string; readonly gpu: boolean }
  | { readonly available: false; readonly reason: string };

/** What the worker answers. */
export interface TensorflowFound {
  readonly version: string;
  readonly gpu: boolean;
}

/** Whether TensorFlow is installed in that folder, can be loaded and finds a GPU: tried in a worker thread. */
export async function describeTensorflow(folder: string): Promise<TensorflowDescription> {
  if (findTensorflow(folder) === null) return { available: false, reason: 'not installed' };
  const url = new URL('./tensorflow-probe.js', import.meta.url);
  const channel = openWorkerChannel<'describe', TensorflowFound>(
    spawnWorker(url, { folder }),
    'TensorFlow',
  );
  try {
    return { available: true, ...(await channel.ask('describe')) };
  } catch (error) {
    return { available: false, reason: messageOf(error) };
  } finally {
    await channel.close();
  }
}
