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

  test('with paths the band is that of the peak itself, and energy and peak hours have theirs', () => {
    const flat = flatForecast(replayIssueMs, { 4: 40, 17: 200, 18: 199 });
    // every hour for itself: the higher of two near peaks is higher than either
    const pathRanks = Uint8Array.from({ length: 72 * 200 }, (_, i) =>
      Math.floor(i / 200) % 2 === 0 ? i % 200 : ((i % 200) * 77) % 200,
    );
    // 77 and 200 share no factor, so that each rank comes once
    const [day] = dayOutlooks({ ...flat, pathRanks }, null, zone);
    expect(day?.peakBandMw[0]).toBeGreaterThan(185);
    expect(day?.peakBandMw[1]).toBeGreaterThan(222);
    const [low = 0, , high = 0] = day?.paths?.energyMwh ?? [];
    expect(low).toBeLessThan(day?.energyMwh ?? 0);
    expect(high).toBeGreaterThan(day?.energyMwh ?? 0);
    expect(day?.paths?.peakHours.map(({ startMs }) => (startMs - replayIssueMs) / hourMs)).toEqual([
      17, 18,
    ]);
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
