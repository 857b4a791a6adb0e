import { array, assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyScaler, fitScaler, invertScaler } from '../../src/features/scaler.js';
import { slidingWindows } from '../../src/features/windows.js';

describe('scaler', () => {
  it('has the mean and deviation of the rows it was fitted on, and no others', () => {
    const scaler = fitScaler([[1, 3, 5, 1000]], 0, 3);
    expect(scaler.means).toEqual([3]);
    expect(scaler.deviations[0]).toBeCloseTo(Math.sqrt(8 / 3), 12);
    expect(applyScaler(scaler, 0, [3])[0]).toBe(0);
  });

  it('skips NaN and only centres a column without spread', () => {
    const scaler = fitScaler([[7, Number.NaN, 7]], 0, 3);
    expect(scaler).toEqual({ means: [7], deviations: [1] });
  });

  it('refuses a column without values', () => {
    expect(() => fitScaler([[Number.NaN]], 0, 1)).toThrow(/Column 0/);
  });

  it('inverts', () => {
    const values = array(double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2 });
    assert(
      property(values, (column) => {
        const scaler = fitScaler([column], 0, column.length);
        const back = invertScaler(scaler, 0, applyScaler(scaler, 0, column));
        for (const [i, value] of column.entries())
          expect(Math.abs((back[i] ?? Number.NaN) - value)).toBeLessThan(1e-6);
      }),
    );
  });
});

describe('slidingWindows', () => {
  it('lies sample by step by feature', () => {
    const columns = [Float64Array.of(0, 1, 2, 3, 4), Float64Array.of(10, 11, 12, 13, 14)];
    const windows = slidingWindows(columns, [2, 4], -2, 2);
    expect([...windows]).toEqual([0, 10, 1, 11, 2, 12, 3, 13]);
  });

  it('refuses windows that reach outside', () => {
    expect(() => slidingWindows([Float64Array.of(1, 2)], [1], -2, 1)).toThrow(RangeError);
    expect(() => slidingWindows([Float64Array.of(1, 2)], [1], 0, 2)).toThrow(RangeError);
  });
});
