import { describe, expect, it } from 'vitest';
import { coalitions, shapley } from '../../src/forecast/shapley.js';

describe('shapley', () => {
  it('lists every subset once, none first and all last', () => {
    expect(coalitions(['a', 'b'])).toEqual([[], ['a'], ['b'], ['a', 'b']]);
    expect(new Set(coalitions([1, 2, 3, 4]).map(String)).size).toBe(16);
  });

  it('is worked out by hand: a glove game', () => {
    // player 0 has a left glove, 1 and 2 have right ones; a pair is worth 1
    const worth = coalitions([0, 1, 2]).map((group) =>
      Float64Array.of(group.includes(0) && group.length > 1 ? 1 : 0),
    );
    const [left, right, other] = shapley(3, worth);
    expect(left![0]).toBeCloseTo(2 / 3, 12);
    expect(right![0]).toBeCloseTo(1 / 6, 12);
    expect(other![0]).toBeCloseTo(1 / 6, 12);
  });

  it('gives each its own where they add up, and sums to the whole in any case', () => {
    const own = [3, -2, 0.5, 10];
    const added = coalitions([0, 1, 2, 3]).map((group) =>
      Float64Array.of(
        group.reduce((sum, i) => sum + own[i]!, 100),
        group.reduce((product, i) => product * (1 + own[i]!), 1),
      ),
    );
    const parts = shapley(4, added);
    for (const [i, part] of parts.entries()) expect(part[0]).toBeCloseTo(own[i]!, 12);
    const sum = parts.reduce((total, part) => total + part[1]!, 0);
    expect(sum).toBeCloseTo(added.at(-1)![1]! - 1, 9);
  });
});
