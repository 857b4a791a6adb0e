import * as tf from '@tensorflow/tfjs-core';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';

test('a tensor for which there is no memory is refused in words, and lies over no other', async () => {
  await initialiseBackend();
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm)) throw new TypeError('not the wasm backend');
  const ours = tf.tensor1d([1, 2, 3]);
  const half = 3 * 2 ** 28; // floats; 3 GiB of the 4 that there can be
  expect(() => {
    backend.makeOutput([half], 'float32');
    backend.makeOutput([half], 'float32');
  }).toThrow(
    expect.objectContaining({
      code: 'INVALID_CONFIG',
      message: expect.stringMatching(/^Out of WebAssembly memory: 3221225472 bytes/),
    }),
  );
  expect([...ours.dataSync()]).toEqual([1, 2, 3]);
  expect([...tf.add(ours, 1).dataSync()]).toEqual([2, 3, 4]);
});
