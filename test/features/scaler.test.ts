import { describe, expect, it } from 'vitest';
import { fitScaler } from '../../src/features/scaler.js';

describe('scaler', () => {
  it('has the mean and deviation of the rows it was fitted on, and no others', () => {
    const scaler = fitScaler([[1, 3, 5, 1000]], 0, 3);
    expect(scaler.means).toEqual([3]);
    expect(scaler.deviations[0]).toBeCloseTo(Math.sqrt(8 / 3), 12);
  });

  it('skips NaN and only centres a column without spread', () => {
    const scaler = fitScaler([[7, Number.NaN, 7]], 0, 3);
    expect(scaler).toEqual({ means: [7], deviations: [1] });
  });

  it('refuses a column without values', () => {
    expect(() => fitScaler([[Number.NaN]], 0, 1)).toThrow(/Column 0/);
  });
});
