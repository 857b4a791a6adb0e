import { describe, expect, test } from 'vitest';
import { spreadOfCourses, spreadUnits, type Said } from '../../src/ensemble/spread.js';
import { hours } from './scored-forecasts.js';

/** Two members 1 % apart from the blend, and how far the blend differed between weather forecasts. */
function said(weather?: number, gap = 0.01): Said {
  return {
    blendMw: hours(() => 100),
    memberMw: { a: hours(() => 100 * Math.exp(gap)), b: hours(() => 100 * Math.exp(-gap)) },
    ...(weather === undefined ? {} : { weatherSpread: [weather, weather, weather] }),
  };
}

describe('units of the spread', () => {
  test('grow with how unsure the weather is, once that is known of twenty forecasts', () => {
    const past = Array.from({ length: 20 }, () => said(0.01));
    expect(spreadUnits(said(0.01), past, 'log').next[0]).toBeCloseTo(1, 9);
    expect(spreadUnits(said(0.05), past, 'log').next[0]).toBeGreaterThan(1.4);
    expect(spreadUnits(said(0), past, 'log').next[0]).toBeLessThan(0.95);
    expect(spreadUnits(said(0.05), past.slice(1), 'log').next[0]).toBeCloseTo(1, 9);
  });

  test('hold each forecast to its own kind', () => {
    const knowing = Array.from({ length: 20 }, () => said(0.03));
    const past = [...Array.from({ length: 20 }, () => said()), ...knowing];
    const units = spreadUnits(said(), past, 'log');
    for (const unit of [units.next, ...units.past]) expect(unit[1]).toBeCloseTo(1, 9);
  });

  test('without any are those of the members alone', () => {
    const past = Array.from({ length: 5 }, () => said());
    expect(spreadUnits(said(undefined, 0.04), past, 'log').next[2]).toBeGreaterThan(1.5);
  });
});

test('courses lie apart as far as they do, on each lead day', () => {
  const courses = [0.02, -0.02].map((gap) =>
    hours((lead) => 100 * Math.exp(lead < 24 ? gap : 2 * gap)),
  );
  const [first = 0, second = 0, third = 0] = spreadOfCourses(courses, 'log');
  expect(first).toBeCloseTo(0.02, 3);
  expect(second).toBeCloseTo(0.04, 3);
  expect(third).toBeCloseTo(second, 12);
  expect(spreadOfCourses([], 'log')).toEqual([]);
  expect(spreadOfCourses(courses, 'linear')[0]).toBeCloseTo(2, 2);
});
