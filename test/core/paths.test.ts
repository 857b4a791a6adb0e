import { describe, expect, it } from 'vitest';
import { quantileLevels } from '../../src/core/forecast.js';
import { sortedQuantile } from '../../src/core/metrics.js';
import { pathCount, pathsFromRanks, quantileAt } from '../../src/core/paths.js';

const quantilesMw = [80, 85, 95, 100, 104, 112, 120];

describe('quantileAt', () => {
  it('is the issued quantile at its level and linear between two', () => {
    for (const [i, level] of quantileLevels.entries())
      expect(quantileAt(quantilesMw, level)).toBeCloseTo(quantilesMw[i]!, 9);
    expect(quantileAt(quantilesMw, 0.3)).toBeCloseTo(96, 9);
  });

  it('has tails that go on by as much with each halving of what is left', () => {
    expect(quantileAt(quantilesMw, 0.025)).toBeCloseTo(75, 9);
    expect(quantileAt(quantilesMw, 0.0125)).toBeCloseTo(70, 9);
    expect(quantileAt(quantilesMw, 0.975)).toBeCloseTo(128, 9);
  });

  it('rises with the probability, and stays where the quantiles are one', () => {
    const values = Array.from({ length: 399 }, (_, i) => quantileAt(quantilesMw, (i + 1) / 400));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(quantileAt(Array(7).fill(50), 0.001)).toBe(50);
  });
});

describe('pathsFromRanks', () => {
  // hour 0 as the paths are numbered, hour 1 the other way round
  const ranks = Uint8Array.from({ length: 2 * pathCount }, (_, i) =>
    i < pathCount ? i : 2 * pathCount - 1 - i,
  );
  const values = [{ quantilesMw }, { quantilesMw: quantilesMw.map((mw) => mw + 50) }];

  it('gives each hour by itself the issued quantiles', () => {
    const paths = pathsFromRanks(values, ranks);
    expect(paths).toHaveLength(200);
    for (const [hour, { quantilesMw: issued }] of values.entries()) {
      const ascending = Float64Array.from(paths, (path) => path[hour]!).sort();
      for (const [i, level] of quantileLevels.entries())
        expect(sortedQuantile(ascending, level)).toBeCloseTo(issued[i]!, 0);
    }
  });

  it('joins the hours by the ranks', () => {
    const paths = pathsFromRanks(values, ranks);
    expect(paths[0]![0]).toBeLessThan(75);
    expect(paths[0]![1]).toBeGreaterThan(175);
  });

  it('refuses ranks of other hours', () => {
    expect(() => pathsFromRanks(values.slice(1), ranks)).toThrow(/400 ranks for 1 hours/);
  });
});
