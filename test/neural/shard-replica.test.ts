import * as tf from '@tensorflow/tfjs-core';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';
import { initialParameters } from '../../src/neural/initial-parameters.js';
import { parameterLayout } from '../../src/neural/parameter-layout.js';
import { createShardReplica } from '../../src/neural/shard-replica.js';
import { allocateTrainingMemory } from '../../src/neural/training-memory.js';

const NETWORK = {
  encoderSteps: 12,
  decoderSteps: 6,
  encoderFeatures: 3,
  decoderFeatures: 5,
  units: 16,
  layers: 1,
  headUnits: 8,
  outputs: 2,
  dropout: 0.2,
  attention: true,
  bidirectionalEncoder: false,
  bidirectionalDecoder: true,
  normalisation: 'none' as const,
};

beforeAll(async () => {
  await initialiseBackend();
});

test('hundreds of steps leave no tensor and no memory behind', () => {
  const layout = parameterLayout(NETWORK);
  const memory = allocateTrainingMemory(
    {
      network: NETWORK,
      loss: { kind: 'pinball', levels: [0.1, 0.9] },
      inputNoise: { encoder: [0.1, 0, 0], decoder: [0, 0, 0, 0, 0.1] },
      seed: 1,
      batchRows: 20,
      validation: null,
    },
    layout,
  );
  memory.parameters.set(initialParameters(NETWORK, 1));
  for (const batch of memory.training.batches) batch.target.fill(1);
  const replica = createShardReplica(memory);
  const run = (steps: number): void => {
    for (let step = 0; step < steps; step++) {
      Atomics.store(memory.nextShard, 0, 0);
      replica.run({ kind: 'gradients', step, batch: step % 2 === 0 ? 0 : 1 });
    }
  };
  run(3);
  const tensors = tf.memory().numTensors;
  const heapBytes = heapTop();
  run(300);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(heapTop()).toBe(heapBytes);
  expect(memory.losses.every((value) => value > 0)).toBe(true);
  expect(memory.gradients.some((value) => value !== 0)).toBe(true);
});

/** Where the allocator puts a large block: it moves up if anything was left behind. */
function heapTop(): number {
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm)) throw new TypeError('not the wasm backend');
  const block = backend.makeOutput([1 << 18], 'float32');
  const address = backend.dataIdMap.get(block.dataId).memoryOffset;
  backend.disposeData(block.dataId);
  return address;
}
