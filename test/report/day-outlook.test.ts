import { describe, expect, test } from 'vitest';
import type { Forecast } from '../../src/core/forecast.js';
import { hourMs } from '../../src/core/time.js';
import { dayOutlooks } from '../../src/report/day-outlook.js';
import { replayIssueMs, seasonalForecast, zone } from './report-fixture.js';

/** 100 MW everywhere but the given leads; bands at ±10 %. */
function flatForecast(issuedAtMs: number, peaks: Readonly<Record<number, number>>): Forecast {
  const base = seasonalForecast(replayIssueMs);
  return {
    ...base,
    issuedAtMs,
    values: base.values.map((value, lead) => {
      const pointMw = peaks[lead] ?? 100;
      const quantilesMw = [0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2].map((share) => share * pointMw);
      return { ...value, startMs: issuedAtMs + lead * hourMs, pointMw, quantilesMw };
    }),
  };
}

describe('key numbers of a local day', () => {
  test('are its peak with time and band, its minimum and its energy', () => {
    const days = dayOutlooks(flatForecast(replayIssueMs, { 4: 40, 17: 200 }), null, zone);
    expect(days).toHaveLength(3);
    expect(days[0]).toMatchObject({
      startMs: replayIssueMs,
      whole: true,
      hours: 24,
      peak: { startMs: replayIssueMs + 17 * hourMs, mw: 200 },
      lowest: { startMs: replayIssueMs + 4 * hourMs, mw: 40 },
      energyMwh: 22 * 100 + 40 + 200,
      actual: null,
    });
    expect(days[0]?.peakBandMw[0]).toBeCloseTo(180);
    expect(days[0]?.peakBandMw[1]).toBeCloseTo(220);
  });

  test('a 25-hour day has 25 hours of energy', () => {
    const issuedAtMs = Date.parse('2014-04-05T13:00:00Z');
    const days = dayOutlooks(flatForecast(issuedAtMs, {}), null, zone);
    expect(days.map((day) => day.energyMwh)).toEqual([2500, 2400, 2300]);
  });

  test('actuals are given only for days that are known whole', () => {
    const values = new Float64Array(72).fill(110);
    values[30] = Number.NaN;
    values[10] = 150;
    const days = dayOutlooks(
      flatForecast(replayIssueMs, {}),
      { startMs: replayIssueMs, values },
      zone,
    );
    expect(days.map((day) => day.actual !== null)).toEqual([true, false, true]);
    expect(days[0]?.actual).toEqual({
      peak: { startMs: replayIssueMs + 10 * hourMs, mw: 150 },
      energyMwh: 23 * 110 + 150,
    });
  });
});
