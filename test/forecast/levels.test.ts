import { describe, expect, test } from 'vitest';
import type { Forecast } from '../../src/core/forecast.js';
import { valueAt } from '../../src/core/hourly.js';
import { dayMs } from '../../src/core/time.js';
import { scorePastForecasts } from '../../src/ensemble/past-forecast.js';
import { accuracyByLead, blendColumn } from '../../src/evaluate/accuracy-by-lead.js';
import { backtest } from '../../src/evaluate/backtest.js';
import { atLevel, levelFactor, levelsSince, type Levels } from '../../src/forecast/levels.js';
import { dailyOrigins, historyBefore } from '../../src/forecast/split-run.js';
import { actualWeather } from '../../src/forecast/weather.js';
import { additiveMember } from '../../src/models/additive/additive.js';
import { hours } from '../ensemble/scored-forecasts.js';
import { changed, victoriaHistory } from './sample-history.js';

const history = victoriaHistory();
const shiftMs = Date.parse('2014-08-12T02:00Z');
const lost = changed(history, { loadMw: (mw, atMs) => (atMs >= shiftMs ? 0.7 * mw : mw) });
const half = Math.log(0.5);

function day(n: number): number {
  return history.load.startMs + n * dayMs;
}

describe('levels', () => {
  const levels: Levels = {
    frameMs: day(100),
    shifts: [
      { startMs: day(50), logRatio: half },
      { startMs: day(150), logRatio: -2 * half },
    ],
  };

  test('are those of instants over that of the frame', () => {
    const factors = [40, 50, 100, 149, 150].map((n) => levelFactor(levels, day(n)));
    expect(factors[0]).toBeCloseTo(2, 12);
    expect(factors.slice(1, 4)).toEqual([1, 1, 1]);
    expect(factors[4]).toBeCloseTo(4, 12);
  });

  test('bring all loads to that of the frame', () => {
    const { load } = atLevel(history, levels);
    for (const [n, factor] of [
      [40, 0.5],
      [120, 1],
      [160, 0.25],
    ] as const)
      expect(valueAt(load, day(n))).toBeCloseTo(factor * valueAt(history.load, day(n)), 6);
    expect(atLevel(history, { frameMs: 0, shifts: [] })).toBe(history);
  });

  test('of a fit are kept, and those that came since are added', () => {
    const shifts = [{ startMs: day(50), logRatio: 0.01 }];
    const fit = { frameMs: shiftMs - 40 * dayMs, shifts };
    const known = historyBefore(lost, shiftMs + 10 * dayMs);
    const since = levelsSince(fit, known);
    expect(since.shifts.map(({ startMs }) => startMs)).toEqual([day(50), shiftMs]);
    expect(since.frameMs).toBe(fit.frameMs);
    expect(levelsSince(fit, historyBefore(lost, shiftMs))).toBe(fit);
  });

  test('of a fit that came a day after a shift are those before it', () => {
    const fit = { frameMs: shiftMs + dayMs, shifts: [] };
    const since = levelsSince(fit, historyBefore(lost, shiftMs + 10 * dayMs));
    expect(levelFactor(since, shiftMs - 1)).toBe(1);
    expect(levelFactor(since, shiftMs)).toBeCloseTo(0.7, 1);
  });
});

test('what forecasts miss a shift by that they cannot know is no error of theirs', () => {
  const issuedAtMs = shiftMs - dayMs;
  const past = [{ issuedAtMs, memberMw: {}, blendMw: hours(() => 100) }];
  const load = {
    startMs: issuedAtMs,
    values: Float64Array.from({ length: 72 }, (_, lead) => (lead < 24 ? 101 : lead < 48 ? 71 : 99)),
  };
  const shifts = [{ startMs: shiftMs, logRatio: Math.log(0.7) }];
  const [scored] = scorePastForecasts(past, load, { shifts });
  expect([scored?.actualMw[23], scored?.actualMw[24], scored?.actualMw[48]]).toEqual([
    101,
    Number.NaN,
    99,
  ]);
  const later = past.map((forecast) => ({ ...forecast, issuedAtMs: shiftMs + 30 * dayMs }));
  const all = { ...load, startMs: shiftMs + 30 * dayMs };
  expect(scorePastForecasts(later, all, { shifts })[0]?.actualMw[24]).toBe(71);
});

/** Those issued from so many days after the shift on. */
function issuedSince(forecasts: readonly Forecast[], days: number): Forecast[] {
  return forecasts.filter(({ issuedAtMs }) => issuedAtMs >= shiftMs + days * dayMs);
}

function mape(forecasts: readonly Forecast[], of: typeof history): number {
  return accuracyByLead(forecasts, of.load, blendColumn).all.mape;
}

/** Mean width of the 10–90 band, at a level. */
function width(forecasts: readonly Forecast[], level: number): number {
  const values = forecasts.flatMap((forecast) => forecast.values);
  const sum = values.reduce((total, { quantilesMw: q }) => total + (q[5] ?? 0) - (q[1] ?? 0), 0);
  return sum / level / values.length;
}

describe('a load that lost three tenths', async () => {
  const fromMs = Date.parse('2014-08-07T14:00Z');
  const run = async (of: typeof history): Promise<Forecast[]> => {
    const forecasts: Forecast[] = [];
    for await (const forecast of backtest({
      seriesId: 'lost',
      history: of,
      origins: dailyOrigins(of.place.zone, fromMs, fromMs + 20 * dayMs, ['00:00']),
      refitsAtMs: [fromMs],
      weather: actualWeather(of.temperature),
      temperatureSource: 'actual',
      members: [additiveMember],
      seed: 1,
      threads: 1,
      issueTimes: ['00:00'],
      loadDelayHours: 0,
    }))
      forecasts.push(forecast);
    return forecasts;
  };
  const [before, after] = [await run(history), await run(lost)];
  test('is forecast as well as before once that is known', () => {
    expect(mape(issuedSince(after, 3), lost)).toBeLessThan(
      1.5 * mape(issuedSince(before, 3), history),
    );
  });

  test('is forecast the same until then', () => {
    const known = after.filter(({ issuedAtMs }) => issuedAtMs <= shiftMs);
    expect(known.map(({ values }) => values)).toEqual(
      before.slice(0, known.length).map(({ values }) => values),
    );
  });

  test('has forecasts that say so for a fortnight', () => {
    expect(issuedSince(after, 3)[0]).toMatchObject({
      quality: 'degraded',
      reason: expect.stringMatching(/level of the load changed by −?-?3\d % at 2014-08-12T/),
    });
    expect(before.every(({ quality }) => quality === 'full')).toBe(true);
  });

  test('has bands of about the same width', () => {
    const ratio = width(issuedSince(after, 4), 0.7) / width(issuedSince(before, 4), 1);
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.5);
  });
});
