import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import { initialiseBackend } from '../../src/neural/backend.js';
import { initialParameters } from '../../src/neural/initial-parameters.js';
import { parameterLayout } from '../../src/neural/parameter-layout.js';
import { createShardReplica } from '../../src/neural/shard-replica.js';
import { allocateTrainingMemory } from '../../src/neural/training-memory.js';
import { createRandom } from '../../src/core/random.js';
import type { Case } from './cases.js';

export interface StepProfile {
  /** one thread's gradients of one batch, ms */
  readonly stepMs: number;
  /** share of each kernel, slowest first; the rest is what lies between them */
  readonly kernels: readonly {
    readonly name: string;
    readonly ms: number;
    readonly calls: number;
  }[];
}

const STEPS = 40;

/** Times every kernel of one training step, one thread. */
export async function profileStep({ network, loss, batchRows }: Case): Promise<StepProfile> {
  await initialiseBackend();
  const layout = parameterLayout(network);
  const memory = allocateTrainingMemory(
    { network, loss, inputNoise: null, seed: 1, batchRows, validation: null },
    layout,
  );
  memory.parameters.set(initialParameters(network, 1));
  const random = createRandom('profile');
  const [batch] = memory.training.batches;
  for (const part of [batch.encoder, batch.decoder, batch.target])
    for (let i = 0; i < part.length; i++) part[i] = random.normal();
  const replica = createShardReplica(memory);
  const run = (step: number): void => {
    Atomics.store(memory.nextShard, 0, 0);
    replica.run({ kind: 'gradients', step, batch: 0 });
  };
  for (let step = 0; step < 10; step++) run(step);
  const spent = timeKernels();
  const startedMs = performance.now();
  for (let step = 0; step < STEPS; step++) run(step);
  return {
    stepMs: (performance.now() - startedMs) / STEPS,
    kernels: [...spent]
      .map(([name, { ms, calls }]) => ({ name, ms: ms / STEPS, calls: calls / STEPS }))
      .toSorted((a, b) => b.ms - a.ms),
  };
}

/** Registers every kernel anew with a clock around it. */
function timeKernels(): Map<string, { ms: number; calls: number }> {
  const spent = new Map<string, { ms: number; calls: number }>();
  for (const kernel of tf.getKernelsForBackend('wasm')) {
    const { kernelName, kernelFunc } = kernel;
    tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({
      ...kernel,
      kernelFunc: (call) => {
        const startedMs = performance.now();
        const result = kernelFunc(call);
        const entry = spent.get(kernelName) ?? { ms: 0, calls: 0 };
        entry.ms += performance.now() - startedMs;
        entry.calls++;
        spent.set(kernelName, entry);
        return result;
      },
    });
  }
  return spent;
}
