import { expect, test } from 'vitest';
import { clipByNorm, createAdam, rateFactor } from '../../src/neural/optimiser.js';

test("Adam's first step is the learning rate against the gradient's sign", () => {
  const parameters = Float32Array.of(1, 1, 1);
  createAdam(3).step(parameters, Float32Array.of(5, -0.01, 0), 0.1);
  expect(parameters[0]).toBeCloseTo(0.9, 5);
  expect(parameters[1]).toBeCloseTo(1.1, 5);
  expect(parameters[2]).toBe(1);
});

test("Adam's second step follows the bias-corrected moments", () => {
  const parameters = Float32Array.of(0);
  const adam = createAdam(1);
  adam.step(parameters, Float32Array.of(1), 0.1);
  adam.step(parameters, Float32Array.of(3), 0.1);
  // m = 0.39 / 0.19, v = 0.009999 / 0.001999
  const second = (0.1 * (0.39 / 0.19)) / Math.sqrt(0.009999 / 0.001999);
  expect(parameters[0]).toBeCloseTo(-0.1 - second, 5);
});

test('a gradient longer than the limit is shortened to it, a shorter one is left alone', () => {
  const long = Float32Array.of(3, 4);
  expect(clipByNorm(long, 1)).toBe(5);
  expect(long[0]).toBeCloseTo(0.6);
  expect(long[1]).toBeCloseTo(0.8);
  const short = Float32Array.of(0.3, 0.4);
  expect(clipByNorm(short, 1)).toBeCloseTo(0.5);
  expect([...short]).toEqual([...Float32Array.of(0.3, 0.4)]);
});

test('the rate rises in a line, then falls in a cosine towards zero', () => {
  expect([0, 1, 9].map((step) => rateFactor(step, 100, 0.1))).toEqual([0.1, 0.2, 1]);
  expect(rateFactor(10, 100, 0.1)).toBe(1);
  expect(rateFactor(55, 100, 0.1)).toBeCloseTo(0.5);
  expect(rateFactor(99, 100, 0.1)).toBeLessThan(0.001);
  expect(rateFactor(0, 1, 0)).toBe(1);
});
