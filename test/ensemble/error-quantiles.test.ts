import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileLevels } from '../../src/core/forecast.js';
import { errorQuantiles } from '../../src/ensemble/error-quantiles.js';
import type { ScoredForecast } from '../../src/ensemble/past-forecast.js';
import { hours, scoredForecast, type ByLead } from './scored-forecasts.js';

/** Quantiles of one lead hour for a point of 100 MW (or another one). */
function quantilesAt(lead: number, past: readonly ScoredForecast[], pointMw = 100): number[] {
  const all = errorQuantiles(
    hours(() => pointMw),
    past,
  );
  return [...all.subarray(lead * 7, lead * 7 + 7)];
}

/** Forecasts whose actual load came out at `ratio` times the blend. */
function pastWith(count: number, ratio: (day: number, lead: number) => number): ScoredForecast[] {
  return Array.from({ length: count }, (_, day) => {
    const byLead: ByLead = (lead) => 100 * ratio(day, lead);
    return scoredForecast(day, {}, { actualMw: byLead });
  });
}

function distinct(_day: number, lead: number): number {
  return lead === 5 ? 3 : lead < 24 ? 1.1 : 2;
}

describe('errorQuantiles', () => {
  it('shift by an error that is always the same, the outer ones no further than the point', () => {
    const quantiles = quantilesAt(
      5,
      pastWith(20, () => 1.1),
    );
    for (const value of quantiles.slice(0, 2)) expect(value).toBeCloseTo(100, 9);
    for (const value of quantiles.slice(2)) expect(value).toBeCloseTo(110, 9);
  });

  it('are the empirical quantiles of the log errors at that lead hour and the hours beside it', () => {
    // 11 forecasts × 3 hours = 33 errors: −5 % … +5 % in steps of 1 %, each three times.
    const past = pastWith(11, (day) => Math.exp((day - 5) / 100));
    const quantiles = quantilesAt(10, past);
    // Type 7 on 33 values: positions 1.6, 3.2, 8, 16, 24, 28.8, 30.4 → −5 %(…) by thirds.
    const errors = [-0.05, -0.04, -0.03, 0, 0.03, 0.04, 0.05];
    for (const [i, error] of errors.entries())
      expect(Math.log((quantiles[i] ?? Number.NaN) / 100)).toBeCloseTo(error, 9);
  });

  it('never mix lead days while one lead hour has errors enough', () => {
    const past = pastWith(20, (_day, lead) => (lead < 24 ? 1.1 : 2));
    expect(quantilesAt(23, past).at(-1)).toBeCloseTo(110, 9);
    expect(quantilesAt(24, past)[2]).toBeCloseTo(200, 9);
  });

  it('pool the lead day, then the horizon, then take a fixed band, the fewer errors there are', () => {
    // Two forecasts: six errors around lead 5, 48 on lead day 1, of which two are a factor of 3.
    const two = quantilesAt(5, pastWith(2, distinct));
    expect(two[3]).toBeCloseTo(110, 9);
    // One forecast: 24 errors on lead day 1, 72 on the horizon, two thirds of them a factor of 2.
    const one = quantilesAt(5, pastWith(1, distinct));
    expect(one[3]).toBeCloseTo(200, 9);
    const none = quantilesAt(5, []);
    expect(none[3]).toBe(100);
    expect(none[1]).toBeCloseTo(100 * Math.exp(-0.16), 9);
    expect(none[5]).toBeCloseTo(100 * Math.exp(0.16), 9);
  });

  it('learn nothing from hours that are not known yet', () => {
    const past = pastWith(40, (_day, lead) => (lead < 48 ? 1.05 : Number.NaN));
    expect(quantilesAt(60, past)[3]).toBeCloseTo(105, 9); // pooled over the horizon
  });

  it('look at the last 120 forecasts', () => {
    const past = pastWith(150, (day) => (day < 30 ? 3 : 1));
    expect(quantilesAt(0, past).at(-1)).toBeCloseTo(100, 9);
  });

  it('keep a band around a load below zero and none around zero', () => {
    const negative = quantilesAt(0, [], -100);
    expect(negative[0]).toBeCloseTo(-100 * Math.exp(0.25), 9);
    expect(negative[3]).toBe(-100);
    expect(negative[6]).toBeCloseTo(-100 * Math.exp(-0.25), 9);
    for (const value of quantilesAt(0, [], 0)) expect(value).toBeCloseTo(0, 12);
  });

  it('are NaN where there is no point forecast: the ladder answers for that hour', () => {
    expect(quantilesAt(0, [], Number.NaN).every(Number.isNaN)).toBe(true);
  });

  it('are finite and ordered whatever the errors and the point', () => {
    const ratio = fc.oneof(
      { weight: 5, arbitrary: fc.double({ min: 1e-4, max: 1e4, noNaN: true }) },
      fc.constantFrom(Number.NaN, 0, -1),
    );
    const past = fc
      .array(fc.array(ratio, { minLength: 7, maxLength: 7 }), { maxLength: 15 })
      .map((days) => pastWith(days.length, (day, lead) => days[day]?.[lead % 7] ?? Number.NaN));
    const point = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(past, point, (scored, pointMw) => {
        const all = errorQuantiles(
          hours(() => pointMw),
          scored,
        );
        expect(all.length).toBe(72 * quantileLevels.length);
        expect(all.every(Number.isFinite)).toBe(true);
        const crossing = all.findIndex((value, i) => i % 7 > 0 && value < (all[i - 1] ?? value));
        expect(crossing).toBe(-1);
      }),
    );
  });
});
