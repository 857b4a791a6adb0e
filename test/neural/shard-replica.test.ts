import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';
import { initialParameters } from '../../src/neural/initial-parameters.js';
import { parameterLayout } from '../../src/neural/parameter-layout.js';
import { createShardReplica } from '../../src/neural/shard-replica.js';
import type { Seq2SeqOptions } from '../../src/neural/seq2seq-options.js';
import { allocateTrainingMemory, type TrainingMemory } from '../../src/neural/training-memory.js';

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

v8.setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

beforeAll(async () => {
  await initialiseBackend();
});

/** One replica with a batch of two shards, and a way to run steps on it. */
function replicaOf(network: Seq2SeqOptions): {
  memory: TrainingMemory;
  run: (steps: number) => void;
} {
  const layout = parameterLayout(network);
  const memory = allocateTrainingMemory(
    {
      network,
      loss: { kind: 'pinball', levels: [0.1, 0.9] },
      inputNoise: { encoder: [0.1, 0, 0], decoder: [0, 0, 0, 0, 0.1] },
      seed: 1,
      batchRows: 20,
      validation: null,
    },
    layout,
  );
  memory.parameters.set(initialParameters(network, 1));
  for (const batch of memory.training.batches) batch.target.fill(1);
  const replica = createShardReplica(memory);
  return {
    memory,
    run: (steps) => {
      for (let step = 0; step < steps; step++) {
        Atomics.store(memory.nextShard, 0, 0);
        replica.run({ kind: 'gradients', step, batch: step % 2 === 0 ? 0 : 1 });
      }
    },
  };
}

test('10,000 steps leave no tensor and no memory behind', () => {
  const { memory, run } = replicaOf({ ...NETWORK, encoderSteps: 3, decoderSteps: 2, units: 4 });
  run(2000);
  const tensors = tf.memory().numTensors;
  const [heapBytes, before] = [heapTop(), memoryInUse()];
  run(8000);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(heapTop()).toBe(heapBytes);
  const after = memoryInUse();
  // a hundred bytes kept a step would be more; what is resident moves by itself, with the collector's young space
  expect(after.heapUsed - before.heapUsed).toBeLessThan(800_000);
  expect(after.rss - before.rss).toBeLessThan(64 * 2 ** 20);
  expect(memory.losses.every((value) => value > 0)).toBe(true);
  expect(memory.gradients.some((value) => value !== 0)).toBe(true);
});

test.each<Partial<Seq2SeqOptions>>([
  { layers: 3, bidirectionalEncoder: true },
  { normalisation: 'layer', layers: 2 },
  { normalisation: 'batch', layers: 2 },
  { attention: false, bidirectionalDecoder: false },
])('a network with %j leaves nothing behind either', (variant) => {
  const { run } = replicaOf({ ...NETWORK, ...variant });
  run(20);
  const tensors = tf.memory().numTensors;
  const heapBytes = heapTop();
  run(60);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(heapTop()).toBe(heapBytes);
});

test('noise stays out of the batch that threads share', () => {
  const { memory, run } = replicaOf(NETWORK);
  const [batch] = memory.training.batches;
  batch.encoder.fill(2);
  batch.decoder.fill(3);
  run(2);
  expect(batch.encoder.every((value) => value === 2)).toBe(true);
  expect(batch.decoder.every((value) => value === 3)).toBe(true);
});

function memoryInUse(): NodeJS.MemoryUsage {
  collectGarbage();
  return process.memoryUsage();
}

/** Where the allocator puts a large block: it moves up if anything was left behind. */
function heapTop(): number {
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm)) throw new TypeError('not the wasm backend');
  const block = backend.makeOutput([1 << 18], 'float32');
  const address = backend.dataIdMap.get(block.dataId).memoryOffset;
  backend.disposeData(block.dataId);
  return address;
}
