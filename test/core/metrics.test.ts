import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileLevels } from '../../src/core/forecast.js';
import {
  accuracy,
  finiteMean,
  pinball,
  sortedQuantile,
  weightedQuantile,
} from '../../src/core/metrics.js';
import { present } from './present.js';

const nothing = Number.NaN;

describe('accuracy of a point forecast', () => {
  it('matches figures computed by hand', () => {
    // Errors +10, −10, +30, 0 on a mean load of 175.
    const figures = accuracy([100, 200, 300, 100], [110, 190, 330, 100]);
    expect(figures.n).toBe(4);
    expect(figures.mae).toBe(12.5);
    expect(figures.rmse).toBeCloseTo(Math.sqrt(1100 / 4), 12);
    expect(figures.bias).toBe(7.5);
    expect(figures.mape).toBeCloseTo((10 + 5 + 10 + 0) / 4, 12);
    expect(figures.nmae).toBeCloseTo(12.5 / 175, 12);
    // Sum of squares about the mean: 75² + 25² + 125² + 75² = 27 500.
    expect(figures.r2).toBeCloseTo(1 - 1100 / 27_500, 12);
    expect(figures.pinballPct).toBeNaN();
    expect(figures.coverage1090).toBeNaN();
    expect(figures.widthPct).toBeNaN();
  });

  it('gives a bias below zero for a forecast that is too low', () => {
    expect(accuracy([10, 10], [9, 7]).bias).toBe(-2);
  });

  it('skips pairs in which either side is missing', () => {
    const figures = accuracy([nothing, 100, 200, 50], [100, nothing, 210, 50]);
    expect(figures).toEqual(accuracy([200, 50], [210, 50]));
    expect(figures.n).toBe(2);
  });

  it('leaves truths of zero and below out of the MAPE alone, and counts them', () => {
    const figures = accuracy([0, -50, 100], [10, -40, 90]);
    expect(figures.nonPositive).toBe(2);
    expect(figures.n).toBe(3);
    expect(figures.mape).toBeCloseTo(10, 12);
    expect(figures.mae).toBe(10);
  });

  it('has no MAPE where no truth is positive, and no share of a load that is not', () => {
    const figures = accuracy([0, -10], [5, -5]);
    expect(figures.mape).toBeNaN();
    expect(figures.nmae).toBeNaN();
    expect(figures.mae).toBe(5);
    expect(accuracy([0, 0], [1, 1]).nmae).toBeNaN();
  });

  it('has no R² for a constant truth, even where its mean is off by rounding', () => {
    expect(accuracy([5, 5, 5], [5, 6, 5]).r2).toBeNaN();
    expect(accuracy([0.1, 0.1, 0.1], [0.2, 0.1, 0.1]).r2).toBeNaN();
    expect(accuracy([0, 0], [1, 0]).r2).toBeNaN();
    expect(accuracy([7], [8]).r2).toBeNaN();
    expect(
      accuracy(new Float64Array(9999).fill(0.3), new Float64Array(9999).fill(0.4)).r2,
    ).toBeNaN();
  });

  it('has no figures without a pair', () => {
    const figures = accuracy([nothing], [1]);
    expect(figures.n).toBe(0);
    expect(figures.nonPositive).toBe(0);
    const { n: _n, nonPositive: _nonPositive, ...shares } = figures;
    expect(Object.values(shares).every(Number.isNaN)).toBe(true);
    expect(accuracy([], [])).toEqual(figures);
  });

  it('refuses columns of different lengths', () => {
    expect(() => accuracy([1, 2], [1])).toThrow(/2 actual, 1 forecast/);
    expect(() => accuracy([1], [1], [1, 2])).toThrow(RangeError);
  });

  it('keeps what must hold between its figures', () => {
    const load = fc.double({ min: 1, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(load, load), { minLength: 2, maxLength: 40 }), (pairs) => {
        const [actual, forecast] = [pairs.map(([a]) => a), pairs.map(([, f]) => f)];
        const figures = accuracy(actual, forecast);
        expect(figures.rmse).toBeGreaterThanOrEqual(figures.mae * (1 - 1e-12));
        expect(Math.abs(figures.bias)).toBeLessThanOrEqual(figures.mae * (1 + 1e-12));
        expect(figures.r2 > 1).toBe(false); // NaN for a constant truth
        const kilowatts = accuracy(
          actual.map((x) => 1000 * x),
          forecast.map((x) => 1000 * x),
        );
        expect(kilowatts.mape).toBeCloseTo(figures.mape, 6);
        expect(kilowatts.nmae).toBeCloseTo(figures.nmae, 8);
        expect(kilowatts.mae).toBeCloseTo(1000 * figures.mae, 3);
      }),
    );
  });
});

describe('accuracy of quantiles', () => {
  it('matches pinball loss, coverage and width computed by hand', () => {
    // One hour inside the band, one above it; quantiles 70 … 130 both times.
    const quantiles = [70, 80, 90, 100, 110, 120, 130];
    const figures = accuracy([100, 140], [100, 100], [...quantiles, ...quantiles]);
    // Hour 1: 0.05·30 + 0.1·20 + 0.25·10 + 0 + 0.25·10 + 0.1·20 + 0.05·30 = 12.
    // Hour 2: 0.05·70 + 0.1·60 + 0.25·50 + 0.5·40 + 0.75·30 + 0.9·20 + 0.95·10 = 92.
    expect(figures.pinballPct).toBeCloseTo((100 * ((12 + 92) / 7 / 2)) / 120, 10);
    expect(figures.coverage1090).toBe(50);
    expect(figures.widthPct).toBeCloseTo((100 * 40) / 120, 12);
  });

  it('counts a truth on the border of the band as inside', () => {
    const quantiles = [70, 80, 90, 100, 110, 120, 130];
    expect(accuracy([80, 120], [100, 100], [...quantiles, ...quantiles]).coverage1090).toBe(100);
  });

  it('scores no quantile of an hour whose truth is missing', () => {
    const quantiles = [70, 80, 90, 100, 110, 120, 130];
    expect(
      accuracy([nothing, 100], [100, 100], [...quantiles.map((q) => 9 * q), ...quantiles]),
    ).toEqual(accuracy([100], [100], quantiles));
  });
});

describe('pinball', () => {
  it('weighs a truth above by the level and one below by the rest', () => {
    expect(pinball(110, 100, 0.9)).toBeCloseTo(9, 12);
    expect(pinball(90, 100, 0.9)).toBeCloseTo(1, 12);
    expect(pinball(100, 100, 0.9)).toBe(0);
  });

  it('is lowest, in the mean over a sample, at a quantile of that sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 30 }),
        fc.constantFrom(...quantileLevels),
        fc.integer({ min: 0, max: 100 }),
        (sample, level, other) => {
          const loss = (q: number) => sample.reduce((sum, y) => sum + pinball(y, q, level), 0);
          const rank = Math.ceil(level * sample.length - 1e-9) - 1;
          const best = present(sample.toSorted((a, b) => a - b)[rank]);
          expect(loss(best)).toBeLessThanOrEqual(loss(other) + 1e-9);
        },
      ),
    );
  });
});

describe('sortedQuantile', () => {
  it('interpolates between order statistics (type 7)', () => {
    expect(sortedQuantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(sortedQuantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(sortedQuantile([1, 2, 3, 4], 0)).toBe(1);
    expect(sortedQuantile([1, 2, 3, 4], 1)).toBe(4);
    expect(sortedQuantile([7], 0.3)).toBe(7);
    expect(sortedQuantile([], 0.5)).toBeNaN();
  });

  it('rises with the level', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sample, a, b) => {
          sample.sort((x, y) => x - y);
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          expect(sortedQuantile(sample, low)).toBeLessThanOrEqual(
            sortedQuantile(sample, high) + 1e-6,
          );
        },
      ),
    );
  });
});

describe('finiteMean', () => {
  it('skips what is not finite', () => {
    expect(finiteMean([1, nothing, 3, Number.POSITIVE_INFINITY])).toBe(2);
    expect(finiteMean([nothing])).toBeNaN();
    expect(finiteMean([])).toBeNaN();
  });
});

describe('weightedQuantile', () => {
  it('interpolates between the middles of the shares', () => {
    // middles at 1/8, 3/8, 5/8, 7/8
    expect(weightedQuantile([1, 2, 3, 4], [1, 1, 1, 1], 0.5)).toBeCloseTo(2.5, 12);
    expect(weightedQuantile([1, 2, 3, 4], [1, 1, 1, 1], 0.375)).toBeCloseTo(2, 12);
    // middles at 0.05, 0.2, 0.65
    expect(weightedQuantile([1, 2, 3], [1, 2, 7], 0.65)).toBeCloseTo(3, 12);
    expect(weightedQuantile([1, 2, 3], [1, 2, 7], 0.125)).toBeCloseTo(1.5, 12);
  });

  it('gives the ends beyond the outer middles, the value of a sample of one, NaN for none', () => {
    expect(weightedQuantile([1, 2, 3], [1, 2, 7], 0.01)).toBe(1);
    expect(weightedQuantile([1, 2, 3], [1, 2, 7], 0.99)).toBe(3);
    expect(weightedQuantile([7], [0.3], 0.9)).toBe(7);
    expect(weightedQuantile([], [], 0.5)).toBeNaN();
  });

  it('is that of the sample with each value repeated, in the limit', () => {
    const values = Array.from({ length: 400 }, (_, i) => Math.sin(i)).sort((a, b) => a - b);
    const weights = values.map((_, i) => 1 + (i % 3));
    const repeated = values.flatMap((value, i) => Array<number>(weights[i]!).fill(value));
    for (const level of [0.05, 0.15, 0.4, 0.9])
      expect(weightedQuantile(values, weights, level)).toBeCloseTo(
        sortedQuantile(repeated, level),
        2,
      );
  });
});
