import { expect, test } from 'vitest';
import { twoSidedStudentP } from '../../src/core/student.js';

test.each([
  // closed forms: ν = 1: 1 − 2/π arctan t; ν = 2: 1 − t / √(2 + t²)
  [1, 1, 0.5],
  [3, 1, 1 - (2 / Math.PI) * Math.atan(3)],
  [2, 2, 1 - 2 / Math.sqrt(6)],
  [0, 7, 1],
  // tables
  [2.228139, 10, 0.05],
  [3.169273, 10, 0.01],
  [1.959964, 1e7, 0.05],
  [2.575829, 1e7, 0.01],
])('beyond ± %d with %d degrees of freedom lies %d', (t, degrees, p) => {
  expect(twoSidedStudentP(t, degrees)).toBeCloseTo(p, 6);
  expect(twoSidedStudentP(-t, degrees)).toBeCloseTo(p, 6);
});

test('far out nothing is left, of what is no number nothing is said', () => {
  expect(twoSidedStudentP(60, 300)).toBeLessThan(1e-100);
  expect(twoSidedStudentP(60, 300)).toBeGreaterThanOrEqual(0);
  expect(twoSidedStudentP(Number.NaN, 300)).toBeNaN();
  expect(twoSidedStudentP(1, 0)).toBeNaN();
});
