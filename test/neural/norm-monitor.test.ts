import { expect, test } from 'vitest';
import {
  hasExploded,
  initialMonitor,
  medianNorm,
  watchNorm,
  type NormMonitor,
} from '../../src/neural/norm-monitor.js';

const watched = (norms: readonly number[]): NormMonitor => norms.reduce(watchNorm, initialMonitor);
const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

test('the median is that of the last hundred norms', () => {
  expect(medianNorm(initialMonitor)).toBeNull();
  expect(medianNorm(watched([3, 1, 2]))).toBe(2);
  expect(medianNorm(watched([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))).toBe(5.5);
  const grown = watched([...ones(100), ...ones(51).map(() => 3)]);
  expect(grown.norms).toHaveLength(100);
  expect(medianNorm(grown)).toBe(3);
});

test('five norms in a row above twenty times the median are an explosion, four are a jump', () => {
  const high = [21, 30, 25, 1000, 22];
  expect(hasExploded(watched([...ones(20), ...high]))).toBe(true);
  expect(hasExploded(watched([...ones(20), ...high.slice(1)]))).toBe(false);
  expect(hasExploded(watched([...ones(20), ...high.slice(1), 1, ...high.slice(1)]))).toBe(false);
  expect(hasExploded(watched([...ones(20), 20, 20, 20, 20, 20]))).toBe(false);
});

test('high norms leave the median as it was', () => {
  expect(watched([...ones(20), 50, 50, 50])).toEqual({ norms: ones(20), highInARow: 3 });
});
