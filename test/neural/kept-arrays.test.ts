import { expect, test } from 'vitest';
import { KeptArrays } from '../../src/neural/kept-arrays.js';

test('hands the same memory out again, longer where it was too short', () => {
  const kept = new KeptArrays();
  const long = kept.copy('a', Float32Array.of(1, 2, 3));
  expect(long).toEqual(Float32Array.of(1, 2, 3));
  const short = kept.take('a', 2);
  expect(short).toEqual(Float32Array.of(1, 2));
  expect(short.buffer).toBe(long.buffer);
  expect(kept.take('a', 4)).toHaveLength(4);
  expect(kept.take('b', 3).buffer).not.toBe(long.buffer);
});
