import { describe, expect, it } from 'vitest';
import type { HourlySeries } from '../../src/core/hourly.js';
import { createRandom } from '../../src/core/random.js';
import { learnPointWeights } from '../../src/forecast/learn-point-weights.js';

const place = { zone: 'Europe/Paris', holidayRegion: 'FR' };
const startMs = Date.parse('2022-01-01T23:00:00Z');

/** Three places of one climate whose weather of the day differs, and a load that follows them by `truth`. */
function sample(days: number, truth: readonly number[]) {
  const random = createRandom('points');
  const fronts = truth.map(() => Array.from({ length: days }, () => 3 * random.normal()));
  const points = fronts.map((front) =>
    hourly(days, (hour) => {
      const day = Math.floor(hour / 24);
      return 11 - 9 * Math.cos((2 * Math.PI * day) / 365.25) + (front[day] ?? 0);
    }),
  );
  const load = hourly(days, (hour) => {
    const mean = truth.reduce(
      (sum, w, p) => sum + w * Math.max(0, 15 - (points[p]?.values[hour] ?? 0)),
      0,
    );
    const weekend = Math.floor(hour / 24) % 7 >= 5 ? 0.85 : 1;
    return 100 * weekend * Math.exp(0.02 * mean + 0.01 * random.normal());
  });
  return { load, points };
}

function hourly(days: number, value: (hour: number) => number): HourlySeries {
  return { startMs, values: Float64Array.from({ length: 24 * days }, (_, hour) => value(hour)) };
}

describe('weights of weather points', () => {
  it('are those by which the load follows them, whatever was given', () => {
    const { load, points } = sample(800, [0.6, 0.3, 0.1]);
    const learned = learnPointWeights(place, load, points, [1, 1, 1]);
    expect(learned.better).toBe(true);
    expect(learned.given).toEqual([1 / 3, 1 / 3, 1 / 3]);
    for (const [i, weight] of [0.6, 0.3, 0.1].entries())
      expect(Math.abs((learned.weights[i] ?? 0) - weight)).toBeLessThan(0.05);
    expect(learned.weights.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    expect(learned.errorPct.learned).toBeLessThan(0.7 * learned.errorPct.given);
  });

  it('stay as they were given where learning brings nothing', () => {
    const { load, points } = sample(800, [0.5, 0.3, 0.2]);
    expect(learnPointWeights(place, load, points, [5, 3, 2])).toMatchObject({
      better: false,
      weights: [0.5, 0.3, 0.2],
    });
  });

  it('do not mind holes, nor loads about zero', () => {
    const { load, points } = sample(800, [0.7, 0.3, 0]);
    const net = { ...load, values: load.values.map((mw) => mw - 105) };
    net.values.fill(Number.NaN, 100, 900);
    points[1]?.values.fill(Number.NaN, 5_000, 5_100);
    const { weights } = learnPointWeights(place, net, points, [1, 1, 1]);
    expect(weights[0]).toBeGreaterThan(0.55);
    expect(weights[2]).toBeLessThan(0.12);
  });

  it('need a year, and from two to ten points', () => {
    const { load, points } = sample(300, [0.6, 0.3, 0.1]);
    expect(() => learnPointWeights(place, load, points, [1, 1, 1])).toThrow(
      expect.objectContaining({ code: 'INSUFFICIENT_HISTORY' }),
    );
    expect(() => learnPointWeights(place, load, points.slice(0, 1), [1])).toThrow(/2 to 10 points/);
  });
});
