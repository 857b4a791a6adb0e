import { expect, test } from 'vitest';
import type { Batch } from '../../src/neural/batch.js';
import { addInputNoise, validateInputNoise } from '../../src/neural/input-noise.js';
import { toyBatch, toyNetwork } from './toy-task.js';

const batch = toyBatch(500, 0);
const noise = { encoder: [0, 0.5], decoder: [2, 0] };

/** The batch with noise of this seed, step and shard. */
function noisyInputs(seed: number, step: number, shard: number): Batch {
  const inputs = toyBatch(500, 0);
  addInputNoise(inputs, noise, seed, step, shard);
  return inputs;
}

function deviation(changed: Float32Array, original: Float32Array, feature: number): number {
  const differences = [...changed]
    .map((value, i) => value - (original[i] ?? NaN))
    .filter((_, i) => i % 2 === feature);
  return Math.sqrt(differences.reduce((sum, value) => sum + value * value, 0) / differences.length);
}

test('each feature gets noise of its own deviation, the target none', () => {
  const noisy = noisyInputs(1, 2, 3);
  expect(deviation(noisy.encoder, batch.encoder, 0)).toBe(0);
  expect(deviation(noisy.encoder, batch.encoder, 1)).toBeCloseTo(0.5, 1);
  expect(Math.abs(deviation(noisy.decoder, batch.decoder, 0) - 2)).toBeLessThan(0.1);
  expect(deviation(noisy.decoder, batch.decoder, 1)).toBe(0);
  expect(noisy.target).toEqual(batch.target);
});

test('seed, step and shard fix it', () => {
  const noisy = noisyInputs(1, 2, 3);
  expect(noisyInputs(1, 2, 3)).toEqual(noisy);
  for (const [seed, step, shard] of [
    [2, 2, 3],
    [1, 3, 3],
    [1, 2, 4],
  ] as const)
    expect(noisyInputs(seed, step, shard).encoder).not.toEqual(noisy.encoder);
});

test('deviations that do not fit are refused by name', () => {
  const refusal = (bad: typeof noise) => () => {
    validateInputNoise(bad, toyNetwork);
  };
  expect(refusal({ ...noise, encoder: [1] })).toThrow(
    'encoder: 1 deviations do not fit 2 features.',
  );
  expect(refusal({ ...noise, decoder: [1, -1] })).toThrow('decoder must be 0 or more, is -1.');
  expect(refusal(noise)).not.toThrow();
});
