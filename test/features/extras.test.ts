import { describe, expect, it } from 'vitest';
import type { History } from '../../src/core/history.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import { fillExtra } from '../../src/features/extras.js';
import { sampleHistory } from '../forecast/sample-history.js';

const hole = Number.NaN;

const sun = (hour: number) => Math.max(0, Math.round(500 * Math.sin((hour / 12 - 0.5) * Math.PI)));

describe('fillExtra', () => {
  it('carries a level on, as that of an installed capacity', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i < 60 ? 800 : 820));
    values.fill(hole, 0, 3);
    values.fill(hole, 55, 65);
    values.fill(hole, 90);
    expect(fillExtra(values)).toBe(23);
    expect(Array.from(values)).toEqual(Array.from({ length: 100 }, (_, i) => (i < 65 ? 800 : 820)));
  });

  it('fills the weather by the usual course of the day, never beyond what was seen', () => {
    const values = Float64Array.from({ length: 20 * 24 }, (_, i) => sun(i % 24));
    // The last hour before the hole is far below the usual one: nothing falls below zero at night for it.
    values[15 * 24 + 11] = 0;
    values.fill(hole, 15 * 24 + 12, 16 * 24 + 12);
    expect(fillExtra(values)).toBe(24);
    const filled = values.subarray(15 * 24 + 12, 16 * 24 + 12);
    expect(Math.min(...filled)).toBe(0);
    expect(filled[9]).toBe(0); // at 21 h
    expect(filled[23]).toBeGreaterThan(250); // at 11 h the next day
    expect(values[14 * 24 + 12]).toBe(sun(12));
  });

  it('fills from an hour on alone', () => {
    const values = Float64Array.from([1, hole, 3, hole]);
    expect(fillExtra(values, 2)).toBe(1);
    expect(values[1]).toBeNaN();
    expect(values[3]).not.toBeNaN();
  });

  it('needs an hour that is known', () => {
    expect(() => fillExtra(new Float64Array(5).fill(hole))).toThrow(RangeError);
  });
});

const unknown = (from: number, to: number) => (values: Float64Array) => {
  values.fill(hole, from, to);
};

describe('extra inputs of a feature table', () => {
  const days = 60;
  const base = sampleHistory(days);
  const { startMs } = base.load;
  const issuedAtMs = startMs + (days - 3) * dayMs;
  const endMs = issuedAtMs + 72 * hourMs;
  const wind = Float64Array.from({ length: days * 24 }, (_, hour) => hour % 7);
  const withWind = (changes: (values: Float64Array) => void): History => {
    const values = wind.slice();
    changes(values);
    return { ...base, extras: [{ name: 'wind', hourly: { startMs, values } }] };
  };
  const originIndex = (days - 3) * 24;

  it('are whole; what was filled is told', () => {
    const history = withWind((values) => {
      values.fill(hole, 100, 103);
      values.fill(hole, originIndex + 2);
    });
    const { extras, issues } = buildFeatureTable({ history, issuedAtMs, endMs });
    expect(extras.map(({ name }) => name)).toEqual(['wind']);
    expect(extras[0]?.values.every(Number.isFinite)).toBe(true);
    expect(extras[0]?.values.slice(0, 100)).toEqual(wind.slice(0, 100));
    expect(issues.map(({ kind, count, reason }) => [kind, count, reason])).toEqual([
      [
        'weather-missing',
        3,
        '3 h of "wind" missing in the past, filled from the hours and days beside them',
      ],
      [
        'weather-missing',
        70,
        '70 h of "wind" missing in the horizon, filled from the hours and days beside them',
      ],
    ]);
  });

  const extrasOf = (start: { startMs?: number }, changes: (values: Float64Array) => void) =>
    buildFeatureTable({ history: withWind(changes), issuedAtMs, endMs, ...start }).extras.length;
  const training = extrasOf.bind(null, {});
  const forecast = extrasOf.bind(null, { startMs });

  it('are left out of a training that knows less than half of them, or none of the last weeks', () => {
    expect(training(unknown(0, originIndex / 2))).toBe(1);
    expect(training(unknown(0, originIndex / 2 + 1))).toBe(0);
    expect(training(unknown(originIndex - 28 * 24, originIndex))).toBe(0);
    // A forecast takes what there is.
    expect(forecast(unknown(0, originIndex / 2 + 1))).toBe(1);
    expect(forecast(unknown(originIndex - 28 * 24, originIndex))).toBe(1);
    expect(forecast(unknown(0, originIndex))).toBe(0);
  });
});
