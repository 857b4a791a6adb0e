import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blendWeights, priorWeights } from '../../src/ensemble/blend-weights.js';
import { createRandom } from '../../src/core/random.js';
import type { ScoredForecast } from '../../src/ensemble/past-forecast.js';
import { present } from '../core/present.js';
import { hours, scoredForecast } from './scored-forecasts.js';

function weightsOf(past: readonly ScoredForecast[], names: readonly string[], day = 1): number[] {
  const weights = blendWeights(past, names);
  return names.map((name) => present(weights[name]?.[day - 1]));
}

function knownFor(count: number): ScoredForecast {
  return scoredForecast(
    0,
    { a: () => 0.01, b: () => 0.05 },
    { actualMw: (lead) => (lead % 24 < count ? 100 : Number.NaN) },
  );
}

function knownUntilDay2(size: number): ScoredForecast {
  return scoredForecast(
    0,
    { a: (lead) => (lead < 48 ? 0.01 : size), b: () => 0.03 },
    { actualMw: (lead) => (lead < 48 ? 100 : Number.NaN) },
  );
}

function pastWithValue(value: number): ScoredForecast {
  return {
    ...scoredForecast(0, { a: () => 0.02, b: () => 0.02 }),
    memberMw: { a: hours((lead) => (lead % 24 === 3 ? value : 102)), b: hours(() => 99) },
  };
}

describe('priorWeights', () => {
  it('share equally among the members other than naive', () => {
    expect([...priorWeights(['naive', 'lstm', 'prophet'])]).toEqual([0, 0.5, 0.5]);
    expect([...priorWeights(['lstm'])]).toEqual([1]);
  });

  it('leave the reserves out where others are there, and naive as long as there is any', () => {
    const members = ['naive', 'additive', 'similar-day', 'lstm', 'mstl'];
    expect([...priorWeights(members)]).toEqual([0, 0.5, 0, 0.5, 0]);
    expect([...priorWeights(['naive', 'mstl', 'similar-day'])]).toEqual([0, 0.5, 0.5]);
  });

  it('give naive everything where it is alone', () => {
    expect([...priorWeights(['naive'])]).toEqual([1]);
  });
});

describe('blendWeights', () => {
  it('are there for each lead day of a longer horizon, whose last ones past forecasts of 72 h say nothing of', () => {
    const past = [scoredForecast(0, { a: () => 0.01, b: () => 0.05 })];
    const weights = blendWeights(past, ['a', 'b'], 'log', 168);
    expect(weights['a']).toHaveLength(7);
    expect(weights['a']?.slice(0, 3)).toEqual(blendWeights(past, ['a', 'b'])['a']);
    expect(weights['a']?.slice(3)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('are the prior without evidence', () => {
    expect(blendWeights([], ['naive', 'a', 'b'])).toEqual({
      naive: [0, 0, 0],
      a: [0.5, 0.5, 0.5],
      b: [0.5, 0.5, 0.5],
    });
    expect(blendWeights([], [])).toEqual({});
  });

  it('match an answer computed by hand for two members and one forecast', () => {
    // Log errors 0.01 and −0.02. Scale = 0.0001 (the better), evidence 1: pull p = 0.0001 · 15 / 1.
    // d/dw of (0.01 w − 0.02 (1 − w))² + 2 p (w − ½)² = 0 gives w = (p + 0.03 · 0.02) / (0.03² + 2 p).
    const past = [scoredForecast(0, { a: () => 0.01, b: () => -0.02 })];
    const p = 0.0001 * 15;
    const [a, b] = weightsOf(past, ['a', 'b']);
    expect(a).toBeCloseTo((p + 0.0006) / (0.0009 + 2 * p), 8);
    expect(a).toBeCloseTo(0.5385, 4);
    expect(b).toBeCloseTo(1 - present(a), 12);
  });

  it('halve the say of a forecast that is 60 forecasts old', () => {
    // 61 forecasts; only the first and the last are scored on day 1, with weights ½ and 1.
    const silent = { a: () => Number.NaN, b: () => Number.NaN };
    const past = Array.from({ length: 61 }, (_, day) =>
      scoredForecast(
        day,
        day === 0
          ? { a: () => 0.03, b: () => 0 }
          : day === 60
            ? { a: () => 0, b: () => 0.03 }
            : silent,
      ),
    );
    // Variances 0.0009/3 and 0.0018/3, no product: scale 0.0003, evidence 1.5.
    const p = (0.0003 * 15) / 1.5;
    const [a] = weightsOf(past, ['a', 'b']);
    expect(a).toBeCloseTo((0.0006 + p) / (0.0009 + 2 * p), 8);
  });

  it('give no weight to a member that was never scored, and weigh the others by their errors', () => {
    const past = Array.from({ length: 40 }, (_, day) =>
      scoredForecast(day, {
        a: () => 0.01,
        b: () => (day % 2 ? 0.05 : -0.05),
        c: () => Number.NaN,
      }),
    );
    const [a, b, c] = weightsOf(past, ['a', 'b', 'c']);
    expect(a).toBeGreaterThan(0.85);
    expect(b).toBeLessThan(0.15);
    expect(c).toBe(0);
  });

  it('learn each lead day from its own hours', () => {
    const past = Array.from({ length: 30 }, (_, day) =>
      scoredForecast(day, {
        a: (lead) => (lead < 24 ? 0.01 : 0.1),
        b: (lead) => (lead < 24 ? 0.1 : 0.01),
      }),
    );
    expect(weightsOf(past, ['a', 'b'], 1)[0]).toBeGreaterThan(0.85);
    expect(weightsOf(past, ['a', 'b'], 2)[0]).toBeLessThan(0.15);
    expect(weightsOf(past, ['a', 'b'], 3)[0]).toBeLessThan(0.15);
  });

  it('give naive next to nothing where it is far worse', () => {
    const random = createRandom('naive is worse');
    const noise = (size: number) => () => size * random.normal();
    const past = Array.from({ length: 60 }, (_, day) =>
      scoredForecast(day, { naive: noise(0.1), a: noise(0.02), b: noise(0.02) }),
    );
    const weights = blendWeights(past, ['naive', 'a', 'b']);
    for (const weight of present(weights['naive'])) expect(weight).toBeLessThan(0.03);
    for (const weight of present(weights['a'])) expect(weight).toBeGreaterThan(0.4);
  });

  it('give naive a weight once it is the best', () => {
    const past = Array.from({ length: 60 }, (_, day) =>
      scoredForecast(day, { naive: () => 0.005, a: () => 0.1, b: () => 0.2 }),
    );
    expect(weightsOf(past, ['naive', 'a', 'b'])[0]).toBeGreaterThan(0.7);
  });

  it('give nearly everything to a member without any error', () => {
    const past = [scoredForecast(0, { a: () => 0, b: () => 0.05 })];
    expect(weightsOf(past, ['a', 'b'])[0]).toBeCloseTo(1, 6);
  });

  it('count a lead day only where at least half of its hours are known', () => {
    expect(weightsOf([knownFor(11)], ['a', 'b'])).toEqual([0.5, 0.5]);
    expect(weightsOf([knownFor(12)], ['a', 'b'])[0]).toBeGreaterThan(0.6);
  });

  it('do not change with an hour that has not come', () => {
    expect(blendWeights([knownUntilDay2(0.5)], ['a', 'b'])).toEqual(
      blendWeights([knownUntilDay2(0.001)], ['a', 'b']),
    );
    expect(weightsOf([knownUntilDay2(0.5)], ['a', 'b'], 3)).toEqual([0.5, 0.5]);
  });

  it('look at the last 180 forecasts', () => {
    const good = Array.from({ length: 180 }, (_, day) =>
      scoredForecast(day + 100, { a: () => 0.01, b: () => 0.03 }),
    );
    const old = Array.from({ length: 100 }, (_, day) =>
      scoredForecast(day, { a: () => 0.9, b: () => 0.001 }),
    );
    expect(blendWeights([...old, ...good], ['a', 'b'])).toEqual(blendWeights(good, ['a', 'b']));
  });

  it('leave out hours that have no logarithm', () => {
    const expected = blendWeights([pastWithValue(Number.NaN)], ['a', 'b']);
    for (const value of [0, -5, Number.POSITIVE_INFINITY])
      expect(blendWeights([pastWithValue(value)], ['a', 'b'])).toEqual(expected);
  });

  it('lie on the simplex whatever the past', () => {
    const anyMw = fc.oneof(
      { weight: 6, arbitrary: fc.double({ min: 1e-3, max: 1e5, noNaN: true }) },
      fc.constantFrom(Number.NaN, 0, -1, 1e12),
    );
    const names = ['naive', 'a', 'b', 'c'];
    const forecast = fc
      .array(fc.array(anyMw, { minLength: 5, maxLength: 5 }), { minLength: 3, maxLength: 3 })
      .map((days): ScoredForecast => ({
        issuedAtMs: 0,
        memberMw: Object.fromEntries(
          names.map((name, i) => [
            name,
            hours((lead) => present(days[Math.floor(lead / 24)]?.[i])),
          ]),
        ),
        blendMw: hours(() => 1),
        actualMw: hours((lead) => present(days[Math.floor(lead / 24)]?.[4])),
      }));
    fc.assert(
      fc.property(
        fc.array(forecast, { maxLength: 6 }),
        fc.subarray(names, { minLength: 1 }),
        (past, members) => {
          const weights = blendWeights(past, members);
          expect(Object.keys(weights)).toEqual(members);
          for (const day of [0, 1, 2]) {
            const ofDay = members.map((name) => present(weights[name]?.[day]));
            expect(ofDay.every((weight) => weight >= 0 && weight <= 1 + 1e-9)).toBe(true);
            expect(ofDay.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
