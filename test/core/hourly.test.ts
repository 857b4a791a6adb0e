import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileLevels, worstQuality } from '../../src/core/forecast.js';
import { usualHorizonHours as horizonHours, leadDayOf } from '../../src/core/horizon.js';
import { endMs, sliceHours, valueAt } from '../../src/core/hourly.js';
import { hourMs } from '../../src/core/time.js';
import { present } from './present.js';

const series = { startMs: 10 * hourMs, values: Float64Array.from([1, 2, Number.NaN, 4]) };

function slice(from: number, to: number): number[] {
  return [...sliceHours(series, from * hourMs, to * hourMs).values];
}

describe('sliceHours', () => {
  it('is half-open, and NaN where the series does not reach', () => {
    expect(slice(10, 14)).toEqual([1, 2, Number.NaN, 4]);
    expect(slice(11, 12)).toEqual([2]);
    expect(slice(8, 11)).toEqual([Number.NaN, Number.NaN, 1]);
    expect(slice(13, 16)).toEqual([4, Number.NaN, Number.NaN]);
    expect(slice(20, 22)).toEqual([Number.NaN, Number.NaN]);
    expect(slice(2, 4)).toEqual([Number.NaN, Number.NaN]);
    expect(slice(12, 12)).toEqual([]);
    expect(slice(13, 11)).toEqual([]);
  });

  it('is an own copy', () => {
    const copy = sliceHours(series, 10 * hourMs, 14 * hourMs);
    copy.values[0] = 99;
    expect(series.values[0]).toBe(1);
  });

  it('agrees with valueAt in every hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 30 }), fc.integer({ min: 0, max: 30 }), (from, n) => {
        const cut = sliceHours(series, from * hourMs, (from + n) * hourMs);
        expect(cut.values.length).toBe(n);
        for (let i = 0; i < n; i++)
          expect(cut.values[i]).toBe(valueAt(series, (from + i) * hourMs));
      }),
    );
  });
});

describe('valueAt and endMs', () => {
  it('are NaN outside and end after the last hour', () => {
    expect(valueAt(series, 13 * hourMs)).toBe(4);
    expect(valueAt(series, 14 * hourMs)).toBeNaN();
    expect(valueAt(series, 9 * hourMs)).toBeNaN();
    expect(endMs(series)).toBe(14 * hourMs);
  });
});

describe('words of a forecast', () => {
  it('has three lead days of 24 elapsed hours', () => {
    expect([0, 23, 24, 47, 48, 71].map(leadDayOf)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(horizonHours).toBe(72);
  });

  it('keeps the worse of two qualities', () => {
    const all = ['full', 'degraded', 'fallback'] as const;
    for (const [i, a] of all.entries())
      for (const [j, b] of all.entries()) expect(worstQuality(a, b)).toBe(all[Math.max(i, j)]);
  });

  it('issues seven ascending levels, symmetric about the median', () => {
    for (const [i, level] of quantileLevels.entries())
      expect(level + present(quantileLevels[6 - i])).toBeCloseTo(1, 12);
  });
});
