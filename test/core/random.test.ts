import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, shuffle } from '../../src/core/random.js';

function draws(count: number, ...seeds: (number | string)[]): number[] {
  const random = createRandom(...seeds);
  return Array.from({ length: count }, () => random.uniform());
}

/** How many of the values lie in `[bin, bin + 1)`, for each bin. */
function counts(values: readonly number[], bins: number): number[] {
  return Array.from(
    { length: bins },
    (_, bin) => values.filter((value) => Math.floor(value) === bin).length,
  );
}

describe('createRandom', () => {
  it('gives the same numbers for the same seeds, and for no others', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (seed, word) => {
        expect(draws(5, seed, word)).toEqual(draws(5, seed, word));
        expect(draws(5, seed, word)).not.toEqual(draws(5, seed + 1, word));
      }),
    );
  });

  it('minds the order and the borders of its seeds', () => {
    expect(draws(3, 1, 2)).not.toEqual(draws(3, 2, 1));
    expect(draws(3, 12, 3)).not.toEqual(draws(3, 1, 23));
    expect(draws(3, 'a', 'b')).not.toEqual(draws(3, 'ab'));
  });

  it('leaves one stream alone when another is drawn from', () => {
    const [a, b] = [createRandom('one', 1), createRandom('other', 1)];
    const mixed = Array.from({ length: 20 }, () => {
      b.normal();
      return a.uniform();
    });
    expect(mixed).toEqual(draws(20, 'one', 1));
  });

  it('keeps its bytes from one release to the next', () => {
    expect(draws(3, 'weather', 1, 'Europe/Paris', 0).map((u) => u * 2 ** 32))
      .toMatchInlineSnapshot(`
      [
        1093867627,
        621468456,
        2775393521,
      ]
    `);
  });

  it('draws uniformly: a chi-square over 64 bins stays below its 99.99 % point', () => {
    for (const seed of [1, 2, 3]) {
      const n = 64_000;
      const bins = counts(
        draws(n, seed).map((u) => u * 64),
        64,
      );
      expect(bins.reduce((sum, count) => sum + count, 0)).toBe(n); // none outside [0, 1)
      const chiSquare = bins.reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0);
      expect(chiSquare).toBeLessThan(116); // 63 degrees of freedom
    }
  });

  it('draws the first number of neighbouring seeds without a pattern', () => {
    const firsts = Array.from({ length: 4000 }, (_, seed) => createRandom(seed).uniform());
    const mean = firsts.reduce((sum, u) => sum + u, 0) / firsts.length;
    const lag = firsts
      .slice(1)
      .reduce((sum, u, i) => sum + (u - 0.5) * ((firsts[i] ?? Number.NaN) - 0.5), 0);
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 4000));
    expect(Math.abs((12 * lag) / 4000)).toBeLessThan(4 / Math.sqrt(4000));
  });

  it('draws standard normals', () => {
    const random = createRandom('normal');
    const sample = Array.from({ length: 40_000 }, () => random.normal());
    const moment = (power: number) =>
      sample.reduce((sum, value) => sum + value ** power, 0) / sample.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.02);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.03);
    expect(Math.abs(moment(3))).toBeLessThan(0.06);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
    const outside = sample.filter((value) => Math.abs(value) > 1.959964).length / sample.length;
    expect(Math.abs(outside - 0.05)).toBeLessThan(0.005);
  });

  it('draws integers below the bound, each as often', () => {
    const random = createRandom('integers');
    const each = counts(
      Array.from({ length: 7000 }, () => random.integer(7)),
      7,
    );
    expect(each.reduce((sum, count) => sum + count, 0)).toBe(7000);
    expect(Math.min(...each)).toBeGreaterThan(870);
    expect(Math.max(...each)).toBeLessThan(1130);
  });
});

describe('shuffle', () => {
  it('keeps every value and is repeatable', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 50 }), fc.integer(), (values, seed) => {
        const [a, b] = [Int32Array.from(values), Int32Array.from(values)];
        shuffle(a, createRandom(seed));
        shuffle(b, createRandom(seed));
        expect([...a]).toEqual([...b]);
        expect(a.toSorted()).toEqual(Int32Array.from(values).toSorted());
      }),
    );
  });

  it('reaches each of the six orders of three values about as often', () => {
    const random = createRandom('shuffle');
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const values = Int32Array.from([1, 2, 3]);
      shuffle(values, random);
      orders.set(values.join(), (orders.get(values.join()) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
