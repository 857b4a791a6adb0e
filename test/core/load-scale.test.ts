import { describe, expect, it } from 'vitest';
import { errorOn, loadScaleOf } from '../../src/core/load-scale.js';

/** 1000 hours of 100 MW, some of them otherwise. */
function loads(count: number, value: number): Float64Array {
  return new Float64Array(1_000).fill(100).fill(value, 0, count);
}

describe('the scale of loads', () => {
  it.each([
    ['a load that is never near zero', loads(0, 0), 'log'],
    ['a low night', loads(300, 20), 'log'],
    ['a few faulty hours below zero', loads(12, -50), 'log'],
    ['a silent meter', loads(90, 0), 'log'],
    ['hours below zero', loads(13, -50), 'linear'],
    ['hours near zero', loads(15, 3), 'linear'],
    ['a load that stands still at times', loads(110, 0), 'linear'],
    ['nothing', new Float64Array(0), 'log'],
    ['missing hours alone', new Float64Array(9).fill(Number.NaN), 'log'],
  ] as const)('of %s', (_, values, scale) => {
    expect(loadScaleOf(values)).toBe(scale);
  });

  it('does not depend on the unit', () => {
    for (const values of [loads(13, 4), loads(12, 4)])
      expect(loadScaleOf(values.map((mw) => mw * 1e-4))).toBe(loadScaleOf(values));
  });

  it('says how errors are measured', () => {
    expect(errorOn('log', 110, 100)).toBeCloseTo(Math.log(1.1), 12);
    expect(errorOn('log', 110, -100)).toBeNaN();
    expect(errorOn('linear', 110, -100)).toBe(210);
  });
});
