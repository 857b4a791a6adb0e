import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { dieboldMariano } from '../../src/evaluate/diebold-mariano.js';

describe('dieboldMariano', () => {
  it('is the statistic of the papers, worked out by hand', () => {
    // differences 1 … 12, mean 6.5, centred −5.5 … 5.5
    const first = Array.from({ length: 12 }, (_, i) => i + 2);
    const second = first.map(() => 1);
    const gamma = [143, 107.25, 72.5, 39.75].map((sum) => sum / 12);
    const variance = gamma[0]! + 2 * (0.75 * gamma[1]! + 0.5 * gamma[2]! + 0.25 * gamma[3]!);
    const factor = Math.sqrt((12 + 1 - 8 + 12 / 12) / 12);
    const result = dieboldMariano(first, second);
    expect(result.n).toBe(12);
    expect(result.meanDifference).toBeCloseTo(6.5, 12);
    expect(result.statistic).toBeCloseTo((factor * 6.5) / Math.sqrt(variance / 12), 10);
    expect(result.pValue).toBeGreaterThan(0.001);
    expect(result.pValue).toBeLessThan(0.05);
  });

  it('rejects equal accuracy about as often as it says where the losses are alike and overlap', () => {
    const random = createRandom('diebold-mariano');
    let rejected = 0;
    for (let trial = 0; trial < 2000; trial++) {
      const noise = Array.from({ length: 123 }, () => random.normal());
      const moving = noise.slice(3).map((_, i) => noise[i]! + noise[i + 1]! + noise[i + 2]!);
      if (
        dieboldMariano(
          moving,
          moving.map(() => 0),
        ).pValue < 0.05
      )
        rejected++;
    }
    // Newey-West with few lags finds too little variance: 5 % are 7 to 9 %.
    expect(rejected / 2000).toBeGreaterThan(0.03);
    expect(rejected / 2000).toBeLessThan(0.1);
  });

  it('changes sign with the order and leaves out what one of them lacks', () => {
    const random = createRandom('pairs');
    const first = Array.from({ length: 60 }, () => random.uniform());
    const second = first.map((loss) => loss + 0.2 + 0.5 * random.normal());
    const forth = dieboldMariano(first, second);
    const back = dieboldMariano(second, first);
    expect(back.statistic).toBeCloseTo(-forth.statistic, 12);
    expect(back.pValue).toBeCloseTo(forth.pValue, 12);
    const gap = dieboldMariano([Number.NaN, ...first], [1, ...second]);
    expect(gap).toEqual(forth);
  });

  it('says nothing of losses that do not vary, or are too few', () => {
    expect(dieboldMariano([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], Array(10).fill(0)).pValue).toBeNaN();
    expect(dieboldMariano([1, 2, 3], [3, 2, 2]).statistic).toBeNaN();
    expect(dieboldMariano([], []).meanDifference).toBeNaN();
  });
});
