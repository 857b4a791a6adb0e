import { describe, expect, it } from 'vitest';
import { dayPaths } from '../../src/core/outlook.js';
import { pathCount } from '../../src/core/paths.js';
import { hourMs } from '../../src/core/time.js';

const zone = 'Europe/Berlin';

/** Ranks that are the same in every hour: path 0 is low throughout, path 199 high. */
const ranks = Uint8Array.from({ length: 72 * pathCount }, (_, i) => i % pathCount);

/** 100 MW with a peak of 150 at one local hour and 5 % on each side at 0.1 and 0.9. */
function forecastFrom(startMs: number, peakHour: number, growth = 0) {
  const values = Array.from({ length: 72 }, (_, hour) => {
    const atMs = startMs + hour * hourMs;
    const local = Number(
      new Intl.DateTimeFormat('en', { hour: '2-digit', hourCycle: 'h23', timeZone: zone }).format(
        atMs,
      ),
    );
    const point = (local === peakHour ? 150 : 100) + growth * Math.floor(hour / 24);
    return {
      startMs: atMs,
      leadHours: hour,
      pointMw: point,
      quantilesMw: [0.94, 0.95, 0.98, 1, 1.02, 1.05, 1.06].map((factor) => factor * point),
      memberMw: {},
      memberWeight: {},
      temperatureC: null,
      quality: 'full' as const,
    };
  });
  return { values };
}

describe('dayPaths', () => {
  it('gives peak, hour, energy and ramps of each whole day with their bands', () => {
    const days = dayPaths(
      forecastFrom(Date.parse('2026-03-09T23:00:00Z'), 18),
      ranks,
      zone,
      () => Number.NaN,
    );
    expect(days.map(({ date }) => date)).toEqual(['2026-03-10', '2026-03-11', '2026-03-12']);
    const [, second] = days;
    for (const [i, factor] of [0.95, 1, 1.05].entries())
      expect(second!.peakMw[i]! / (factor * 150)).toBeCloseTo(1, 2);
    expect(second!.peakHours).toEqual([
      { startMs: Date.parse('2026-03-11T17:00:00Z'), probability: 1 },
    ]);
    // hours that move together: the day is as uncertain as each of them
    for (const [i, factor] of [0.95, 1, 1.05].entries())
      expect(second!.energyMwh[i]! / (factor * (23 * 100 + 150))).toBeCloseTo(1, 2);
    expect(second!.rampUpMw[1]).toBeCloseTo(50, 6);
    expect(second!.rampDownMw[1]).toBeCloseTo(-50, 6);
  });

  it('leaves out days that the forecast cuts, and knows those of 23 and 25 hours', () => {
    const desk = dayPaths(
      forecastFrom(Date.parse('2026-03-27T08:00:00Z'), 18),
      ranks,
      zone,
      () => Number.NaN,
    );
    expect(desk.map(({ date }) => date)).toEqual(['2026-03-28', '2026-03-29']);
    expect(desk[1]!.energyMwh[1]).toBeCloseTo(22 * 100 + 150, 6);
  });

  it('says how likely a day holds the peak of its month', () => {
    const flat = forecastFrom(Date.parse('2026-03-09T23:00:00Z'), 18, 20);
    const probabilities = (knownMw: number): (number | null)[] =>
      dayPaths(flat, ranks, zone, () => knownMw).map((day) => day.monthPeakProbability);
    // 150, 170 and 190 MW on paths that move together: the last is always the highest of the three
    expect(probabilities(Number.NaN)).toEqual([0, 0, 1]);
    expect(probabilities(190)[2]).toBeCloseTo(0.5, 2);
    expect(probabilities(300)).toEqual([0, 0, 0]);
    // across the end of a month each is beside the days of its own, and what is known of that
    const turn = dayPaths(
      forecastFrom(Date.parse('2026-03-29T22:00:00Z'), 18, 20),
      ranks,
      zone,
      (startMs) => (startMs < Date.parse('2026-03-31T22:00:00Z') ? 100 : Number.NaN),
    );
    expect(turn.map((day) => [day.date, day.monthPeakProbability])).toEqual([
      ['2026-03-30', 0],
      ['2026-03-31', 1],
      ['2026-04-01', null],
    ]);
  });

  it('says nothing of a forecast without a whole day', () => {
    expect(dayPaths({ values: [] }, new Uint8Array(0), zone, () => 1)).toEqual([]);
  });
});
