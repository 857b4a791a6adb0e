import { describe, expect, it } from 'vitest';
import { pathCount } from '../../src/core/paths.js';
import { createRandom } from '../../src/core/random.js';
import { pathRanks } from '../../src/ensemble/path-ranks.js';
import type { ScoredForecast } from '../../src/ensemble/past-forecast.js';
import { hours, scoredForecast } from './scored-forecasts.js';

const next = { blendMw: hours(() => 100), memberMw: {} };

/** Errors of a whole day each, or of each hour by itself. */
function pastOf(count: number, kind: 'days' | 'hours'): ScoredForecast[] {
  const random = createRandom('past', kind);
  return Array.from({ length: count }, (_, day) => {
    const ofDay = random.normal();
    const byHour = hours(() => random.normal());
    return scoredForecast(
      day,
      {},
      { actualMw: (lead) => 100 * Math.exp(0.05 * (kind === 'days' ? ofDay : byHour[lead]!)) },
    );
  });
}

function correlation(ranks: Uint8Array, first: number, second: number): number {
  const middle = (pathCount - 1) / 2;
  let [product, square] = [0, 0];
  for (let path = 0; path < pathCount; path++) {
    const [a, b] = [first, second].map((lead) => ranks[lead * pathCount + path]! - middle);
    product += a! * b!;
    square += a! * a!;
  }
  return product / square;
}

describe('pathRanks', () => {
  it('has each rank once an hour, whatever the past', () => {
    const all = Array.from({ length: pathCount }, (_, rank) => rank);
    for (const past of [[], pastOf(5, 'days'), pastOf(40, 'hours'), pastOf(250, 'days')]) {
      const ranks = pathRanks(next, past, 'log', ['town', 1]);
      for (let lead = 0; lead < 72; lead++) {
        const row = ranks.subarray(lead * pathCount, (lead + 1) * pathCount);
        expect([...row].sort((a, b) => a - b)).toEqual(all);
      }
    }
  });

  it('keeps hours together that were missed together, and no others', () => {
    const together = pathRanks(next, pastOf(200, 'days'), 'log', [1]);
    expect(correlation(together, 8, 19)).toBeGreaterThan(0.85);
    expect(correlation(together, 8, 70)).toBeGreaterThan(0.85);
    const apart = pathRanks(next, pastOf(200, 'hours'), 'log', [1]);
    expect(Math.abs(correlation(apart, 8, 19))).toBeLessThan(0.3);
  });

  it('lets one part of the day rise where the other falls', () => {
    // morning too low, evening too high: one up, the other down
    const past = Array.from({ length: 60 }, (_, day) => {
      const error = day % 2 === 0 ? 0.05 : -0.05;
      return scoredForecast(
        day,
        {},
        { actualMw: (lead) => 100 * Math.exp(lead < 12 ? error : -error) },
      );
    });
    const ranks = pathRanks(next, past, 'log', [1]);
    expect(correlation(ranks, 3, 9)).toBeGreaterThan(0.6);
    expect(correlation(ranks, 3, 20)).toBeLessThan(-0.6);
  });

  it('draws courses with a memory of hours where there is hardly a past', () => {
    const ranks = pathRanks(next, pastOf(3, 'hours'), 'log', [1]);
    expect(correlation(ranks, 10, 11)).toBeGreaterThan(0.85);
    expect(Math.abs(correlation(ranks, 0, 71))).toBeLessThan(0.35);
  });

  it('is the same for the same seeds and another for others', () => {
    const past = pastOf(60, 'days');
    const ranks = pathRanks(next, past, 'log', ['town', 1]);
    expect(pathRanks(next, past, 'log', ['town', 1])).toEqual(ranks);
    expect(pathRanks(next, past, 'log', ['town', 2])).not.toEqual(ranks);
  });

  it('goes over hours that nobody knows', () => {
    const past = pastOf(30, 'days').map((forecast, i) => ({
      ...forecast,
      actualMw: forecast.actualMw.map((mw, lead) => (lead === i ? Number.NaN : mw)),
    }));
    expect(correlation(pathRanks(next, past, 'log', [1]), 8, 19)).toBeGreaterThan(0.8);
  });
});
