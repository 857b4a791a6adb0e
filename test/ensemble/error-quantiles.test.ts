import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileLevels } from '../../src/core/forecast.js';
import { errorQuantiles } from '../../src/ensemble/error-quantiles.js';
import type { ScoredForecast } from '../../src/ensemble/past-forecast.js';
import { hours, scoredForecast, type ByLead } from './scored-forecasts.js';

/** Quantiles of one lead hour for a point of 100 MW (or another one). */
function quantilesAt(lead: number, past: readonly ScoredForecast[], pointMw = 100): number[] {
  const all = errorQuantiles({ blendMw: hours(() => pointMw), memberMw: {} }, past);
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

/** Two members that lie so far apart on lead day 1, and usual errors. */
function apart(gap: number, day: number): ScoredForecast {
  const byLead = (lead: number): number => (lead < 24 ? gap : 0.01);
  return scoredForecast(
    day,
    { a: byLead, b: (lead) => -byLead(lead) },
    { actualMw: () => 100 * Math.exp(0.02 * ((day % 3) - 1)) },
  );
}

describe('errorQuantiles', () => {
  it('shift by half an error that is always the same, the outer ones no further than the point', () => {
    const quantiles = quantilesAt(
      5,
      pastWith(20, () => 1.1),
    );
    for (const value of quantiles.slice(0, 2)) expect(value).toBeCloseTo(100, 9);
    for (const value of quantiles.slice(2)) expect(value).toBeCloseTo(100 * Math.sqrt(1.1), 9);
  });

  it('are quantiles of the log errors at that lead hour and two on each side, the last ones counting most', () => {
    // 5 hours of 8 forecasts, all 1 % apart; a forecast counts 0.5 ** (1 / 40) of the next one
    const past = pastWith(8, (day) => Math.exp((day - 4) / 100));
    const counts = Array.from({ length: 8 }, (_, day) => 5 * 0.5 ** ((7 - day) / 40));
    const total = counts.reduce((sum, count) => sum + count, 0);
    const upTo = (day: number): number => counts.slice(0, day).reduce((sum, c) => sum + c, 0);
    const quantiles = quantilesAt(10, past);
    for (const [i, level] of quantileLevels.entries()) {
      const logError = 100 * Math.log((quantiles[i] ?? Number.NaN) / 100);
      const day = Math.round(logError) + 4;
      expect(upTo(day) / total).toBeLessThan(level + 0.02);
      expect(upTo(day + 1) / total).toBeGreaterThan(level - 0.02);
    }
  });

  it('are wider where the members disagree more than they did, narrower where less', () => {
    const past = Array.from({ length: 60 }, (_, day) => apart(0.01, day));
    const widthAt = (gap: number, lead: number): number => {
      const all = errorQuantiles(apart(gap, 61), past);
      return all[lead * 7 + 5]! - all[lead * 7 + 1]!;
    };
    const usual = widthAt(0.01, 5);
    expect(usual).toBeCloseTo(100 * (Math.exp(0.02) - Math.exp(-0.02)), 9);
    // √((4 + 0.5) / 1.5) and √(0.5 / 1.5)
    expect(widthAt(0.04, 5) / usual).toBeCloseTo(Math.sqrt(3), 2);
    expect(widthAt(0, 5) / usual).toBeCloseTo(Math.sqrt(1 / 3), 2);
    expect(widthAt(0.04, 30)).toBeCloseTo(usual, 9);
    // a spread like no other widens no further than eight times the usual one does
    expect(widthAt(2, 5)).toBeCloseTo(widthAt(0.08, 5), 9);
  });

  it('read errors of days on which the members disagreed as smaller ones', () => {
    const past = Array.from({ length: 60 }, (_, day) => {
      const gap = day % 2 === 0 ? 0.01 : 0.05;
      return scoredForecast(
        day,
        { a: () => gap, b: () => -gap },
        { actualMw: () => 100 * Math.exp(day % 4 < 2 ? gap : -gap) },
      );
    });
    const next = (gap: number): number =>
      Math.log(errorQuantiles(scoredForecast(61, { a: () => gap, b: () => -gap }), past)[6]! / 100);
    expect(next(0.05)).toBeGreaterThan(1.3 * next(0.01));
  });

  it('never mix lead days while one lead hour has errors enough', () => {
    const past = pastWith(20, (_day, lead) => (lead < 24 ? 1.1 : 2));
    expect(quantilesAt(23, past).at(-1)).toBeCloseTo(100 * Math.sqrt(1.1), 9);
    expect(quantilesAt(24, past)[2]).toBeCloseTo(100 * Math.sqrt(2), 9);
  });

  it('pool the lead day, then the horizon, then take a fixed band, the fewer errors there are', () => {
    // Two forecasts: ten errors around lead 5, 48 on lead day 1, of which two are a factor of 3.
    const two = quantilesAt(5, pastWith(2, distinct));
    expect(two[3]).toBeCloseTo(100 * Math.sqrt(1.1), 9);
    // One forecast: 24 errors on lead day 1, 72 on the horizon, two thirds of them a factor of 2.
    const one = quantilesAt(5, pastWith(1, distinct));
    expect(one[3]).toBeCloseTo(100 * Math.sqrt(2), 9);
    const none = quantilesAt(5, []);
    expect(none[3]).toBe(100);
    expect(none[1]).toBeCloseTo(100 * Math.exp(-0.16), 9);
    expect(none[5]).toBeCloseTo(100 * Math.exp(0.16), 9);
  });

  it('learn nothing from hours that are not known yet', () => {
    const past = pastWith(40, (_day, lead) => (lead < 48 ? 1.05 : Number.NaN));
    expect(quantilesAt(60, past)[3]).toBeCloseTo(100 * Math.sqrt(1.05), 9); // pooled over the horizon
  });

  it('forget: errors count half as much after 40 forecasts, and not at all after 200', () => {
    // The last 40 count a little more than all before them: their error is the usual one, half of which is kept.
    const changed = pastWith(200, (day) => (day < 160 ? 1.2 : 1.1));
    const quantiles = quantilesAt(0, changed);
    expect(quantiles[2]).toBeCloseTo(100 * Math.sqrt(1.1), 6);
    expect(quantiles[4]).toBeCloseTo((100 * 1.2) / Math.sqrt(1.1), 6);
    const past = pastWith(230, (day) => (day < 30 ? 3 : 1));
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
        const memberMw = { a: hours((lead) => 1.5 * pointMw + lead), b: hours(() => Number.NaN) };
        const all = errorQuantiles({ blendMw: hours(() => pointMw), memberMw }, scored);
        expect(all.length).toBe(72 * quantileLevels.length);
        expect(all.every(Number.isFinite)).toBe(true);
        const crossing = all.findIndex((value, i) => i % 7 > 0 && value < (all[i - 1] ?? value));
        expect(crossing).toBe(-1);
      }),
    );
  });
});
