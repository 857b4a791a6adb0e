import { resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { findTensorflow } from '../../src/neural/engines/find-tensorflow.js';
import { spawnWorker } from '../../src/threads/spawn-worker.js';
import { openWorkerChannel, type WorkerChannel } from '../../src/threads/worker-channel.js';

/** Where `npm run test:tfjs-node` installs TensorFlow, unless LOADCAST_TENSORFLOW names another folder. */
export const folder = resolve(process.env['LOADCAST_TENSORFLOW'] ?? '.cache/tensorflow');

/** Without TensorFlow its tests are skipped, except where LOADCAST_REQUIRE=tensorflow wants them. */
export const isSkipped = findTensorflow(folder) === null && !isRequired();

function isRequired(): boolean {
  return (process.env['LOADCAST_REQUIRE'] ?? '').split(/[\s,]+/).includes('tensorflow');
}

/** A thread with TensorFlow in it, for the tests of one file. */
export function useWorker<Request, Reply>(url: URL): () => WorkerChannel<Request, Reply> {
  let channel: WorkerChannel<Request, Reply> | null = null;
  beforeAll(() => {
    if (!isSkipped) channel = openWorkerChannel(spawnWorker(url, { folder }), 'TensorFlow');
  });
  afterAll(async () => {
    await channel?.close();
  });
  return () => {
    if (!channel) throw new Error('This test is skipped where TensorFlow is not installed.');
    return channel;
  };
}
