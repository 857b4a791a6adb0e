import { describe, expect, it } from 'vitest';
import { fillWeather, trailingMean } from '../../src/features/weather.js';

/** A daily course that is the same on every day. */
function course(hour: number): number {
  return 10 + 5 * Math.sin((2 * Math.PI * hour) / 24);
}

function days(count: number, of: (hour: number) => number = course): Float64Array {
  return Float64Array.from({ length: count * 24 }, (_, hour) => of(hour));
}

describe('fillWeather', () => {
  it('follows the usual course of the day through a hole', () => {
    const values = days(21);
    values.fill(Number.NaN, 240, 258);
    expect(fillWeather(values)).toBe(18);
    for (let hour = 240; hour < 258; hour++) expect(values[hour]).toBeCloseTo(course(hour), 9);
  });

  it('carries the departures at both edges into a hole, where they fade', () => {
    const values = days(21);
    values.fill(Number.NaN, 241, 311);
    values[240] = course(240) + 8;
    values[311] = course(311) - 4;
    fillWeather(values);
    const departure = (hour: number): number => values[hour]! - course(hour);
    // The edges lift the usual course a little too, by a twentieth of their departure.
    expect(departure(241)).toBeGreaterThan(7);
    expect(departure(241)).toBeLessThan(8);
    expect(departure(310)).toBeLessThan(-3.5);
    expect(Math.abs(departure(276))).toBeLessThan(1);
    for (let hour = 265; hour < 311; hour += 24)
      expect(departure(hour)).toBeLessThan(departure(hour - 24));
  });

  it('fades from one edge over a day at the end', () => {
    const values = days(23);
    values.fill(Number.NaN, 20 * 24);
    values[20 * 24 - 1] = course(-1) + 6;
    expect(fillWeather(values)).toBe(72);
    const departure = (hour: number): number => values[20 * 24 + hour]! - course(hour);
    expect(departure(0)).toBeGreaterThan(5);
    expect(departure(24) / departure(0)).toBeCloseTo(Math.exp(-1), 6);
    expect(departure(70)).toBeLessThan(0.5);
  });

  it('takes the days of the year around it from other years', () => {
    const values = days(400, (hour) => (Math.floor(hour / 24) >= 20 && hour < 50 * 24 ? 20 : 0));
    values.fill(Number.NaN, 395 * 24);
    fillWeather(values);
    // 20 °C of the year before and 0 °C of the last days, in shares of 21 and 5 days; then a fading −16 °C.
    expect(values[395 * 24]).toBeGreaterThan(0);
    expect(values[395 * 24]).toBeLessThan(2);
    expect(values.at(-1)).toBeGreaterThan(15);
  });

  it('fills from the given hour on and leaves what is known', () => {
    const values = days(14);
    values[30] = Number.NaN;
    values[300] = Number.NaN;
    values[301] = 33;
    expect(fillWeather(values, 48)).toBe(1);
    expect(values[30]).toBeNaN();
    expect(values[301]).toBe(33);
    expect(Number.isFinite(values[300])).toBe(true);
  });

  it('fills hours of the day that are never known', () => {
    const values = days(14, (hour) => (hour % 24 < 12 ? Number.NaN : 7));
    expect(fillWeather(values)).toBe(14 * 12);
    expect([...new Set(values)]).toEqual([7]);
  });

  it('says when nothing is known', () => {
    expect(() => fillWeather(new Float64Array(3).fill(Number.NaN))).toThrow('No hour is known');
  });
});

describe('trailingMean', () => {
  it('covers the last hours up to and including the row', () => {
    expect([...trailingMean(Float64Array.of(1, 2, 3, 7), 3)]).toEqual([1, 1.5, 2, 4]);
  });
});
