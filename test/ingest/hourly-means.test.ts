import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourMs } from '../../src/core/time.js';
import { hourlyMeans } from '../../src/ingest/hourly-means.js';

const start = Date.UTC(2024, 0, 1);
const at = (minute: number, value: number, minutes = 60) => ({
  startMs: start + minute * 60_000,
  minutes,
  value,
});

describe('the mean of an hour', () => {
  it('is the mean of its intervals', () => {
    const { hourly, issues } = hourlyMeans([
      at(0, 1, 30),
      at(30, 3, 30),
      at(60, 10, 30),
      at(90, 20, 30),
    ]);
    expect(hourly).toEqual({ startMs: start, values: Float64Array.of(2, 15) });
    expect(issues).toEqual([]);
  });

  it('is the value itself at hourly resolution, gaps are NaN', () => {
    const { hourly } = hourlyMeans([at(0, 0.1), at(120, 0.3)]);
    expect(hourly.values).toEqual(Float64Array.of(0.1, Number.NaN, 0.3));
  });

  it('is that of the part that is there if it is half of the hour or more, and says so', () => {
    const { hourly, issues } = hourlyMeans([
      at(0, 1, 15),
      at(15, 3, 15),
      at(60, 7, 15),
      at(120, 9, 15),
      at(180, 5, 15),
    ]);
    expect(hourly.values).toEqual(Float64Array.of(2, Number.NaN, Number.NaN, Number.NaN));
    expect(issues).toMatchObject([{ kind: 'partial-hour', validAtMs: start, count: 4 }]);
  });

  it('weighs intervals that straddle the hour by the time they cover', () => {
    const { hourly } = hourlyMeans([at(30, 10), at(90, 20), at(150, 30)]);
    expect(hourly).toEqual({ startMs: start, values: Float64Array.of(10, 15, 25, 30) });
  });

  it('takes each interval for as long as it is, where a series goes over to another resolution', () => {
    const { hourly, issues } = hourlyMeans([
      at(0, 10),
      ...[1, 2, 3, 4].map((value, i) => at(60 + 15 * i, value, 15)),
      at(120, 5, 30),
      at(150, 7, 30),
    ]);
    expect(hourly).toEqual({ startMs: start, values: Float64Array.of(10, 2.5, 6) });
    expect(issues).toEqual([]);
  });

  it('begins where the phase says, so that half-hour zones keep their local hours', () => {
    const { hourly, issues } = hourlyMeans([at(30, 10), at(90, 20), at(150, 30)], 30 * 60_000);
    expect(hourly).toEqual({ startMs: at(30, 0).startMs, values: Float64Array.of(10, 20, 30) });
    expect(issues).toEqual([]);
  });

  it('of no reading is no hour', () => {
    expect(hourlyMeans([])).toEqual({
      hourly: { startMs: 0, values: new Float64Array(0) },
      issues: [],
    });
  });

  it('keeps the energy of whole hours, whatever the resolution', () => {
    const whole = fc.constantFrom(5, 10, 12, 15, 20, 30, 60).chain((minutes) =>
      fc
        .array(
          fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), {
            minLength: 60 / minutes,
            maxLength: 60 / minutes,
          }),
          { minLength: 1, maxLength: 20 },
        )
        .map((values) => ({ minutes, values: values.flat() })),
    );
    fc.assert(
      fc.property(whole, ({ minutes, values }) => {
        const { hourly, issues } = hourlyMeans(
          values.map((value, i) => at(i * minutes, value, minutes)),
        );
        const energy = values.reduce((sum, value) => sum + (value * minutes) / 60, 0);
        expect(hourly.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(energy, 6);
        expect(hourly.values).toHaveLength((values.length * minutes * 60_000) / hourMs);
        expect(issues).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
