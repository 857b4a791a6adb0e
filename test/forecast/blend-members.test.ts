import { describe, expect, it } from 'vitest';
import { blendPoint, presentWeights } from '../../src/forecast/blend-members.js';
import type { MemberRun } from '../../src/forecast/run-members.js';
import { hours, scoredForecast } from '../ensemble/scored-forecasts.js';

function run(name: string, mw: number | null): MemberRun {
  return {
    name,
    pointMw: mw === null ? null : hours(() => mw),
    leftOut: mw === null ? 'left out' : null,
  };
}

const learned = { naive: [0, 0.02, 0], a: [0.6, 0.95, 0.97], b: [0.4, 0.03, 0.03] };

describe('presentWeights', () => {
  it('are the learned ones where every member is there', () => {
    const runs = [run('naive', 1), run('a', 1), run('b', 1)];
    expect(presentWeights(learned, runs, [])).toEqual(learned);
  });

  it('renormalise those that are left, lead day by lead day', () => {
    const weights = presentWeights(learned, [run('naive', 1), run('a', null), run('b', 1)], []);
    expect(weights['a']).toEqual([0, 0, 0]);
    expect(weights['b']?.[0]).toBe(1); // 0.4 of 0.4
    expect(weights['naive']?.[0]).toBe(0);
    expect(weights['b']?.[1]).toBeCloseTo(0.6, 12); // 0.03 of 0.05
    expect(weights['naive']?.[1]).toBeCloseTo(0.4, 12);
  });

  it('go by inverse recent error where less than 0.05 is left', () => {
    const past = [scoredForecast(0, { naive: () => Math.log(1.04), b: () => Math.log(0.99) })];
    const runs = [run('naive', 1), run('a', null), run('b', 1)];
    const weights = presentWeights(learned, runs, past);
    // Day 3 leaves 0.03: errors 4 % and 1 % give 1 : 4.
    expect(weights['naive']?.[2]).toBeCloseTo(0.2, 9);
    expect(weights['b']?.[2]).toBeCloseTo(0.8, 9);
    expect(weights['b']?.[0]).toBe(1); // day 1 leaves 0.4: the learned weights stand
  });

  it('go by recent error alone: the last 28 forecasts', () => {
    const past = Array.from({ length: 40 }, (_, day) =>
      scoredForecast(day, {
        naive: () => Math.log(day < 12 ? 3 : 1.02),
        b: () => Math.log(day < 12 ? 1 : 1.02),
      }),
    );
    const weights = presentWeights(
      { naive: [0, 0, 0], a: [1, 1, 1], b: [0, 0, 0] },
      [run('naive', 1), run('a', null), run('b', 1)],
      past,
    );
    expect(weights['naive']?.[0]).toBeCloseTo(0.5, 9);
  });

  it('share equally where nothing is known of the members left', () => {
    const weights = presentWeights(learned, [run('naive', 1), run('a', null), run('b', 1)], []);
    expect(weights['naive']?.[2]).toBeCloseTo(0.5, 12);
  });

  it('are all zero where no member is left', () => {
    const weights = presentWeights(learned, [run('a', null), run('b', null)], []);
    expect(weights).toEqual({ a: [0, 0, 0], b: [0, 0, 0] });
  });
});

describe('blendPoint', () => {
  it('is the weighted mean, by lead day', () => {
    const point = blendPoint([run('a', 100), run('b', 200)], {
      a: [0.75, 0.5, 0],
      b: [0.25, 0.5, 1],
    });
    expect([point[0], point[23], point[24], point[47], point[48], point[71]]).toEqual([
      125, 125, 150, 150, 200, 200,
    ]);
  });

  it('is NaN where no member is left', () => {
    expect(blendPoint([run('a', null)], { a: [0, 0, 0] }).every(Number.isNaN)).toBe(true);
    expect(blendPoint([], {}).every(Number.isNaN)).toBe(true);
  });
});
