import { describe, expect, it } from 'vitest';
import type { Forecast } from '../../src/core/forecast.js';
import type { History } from '../../src/core/history.js';
import { sliceHours, valueAt } from '../../src/core/hourly.js';
import { dayMs, hourMs, isoUtc, localInstants, sameClockEarlier } from '../../src/core/time.js';
import { backtest, refitInstants, toPastForecast } from '../../src/evaluate/backtest.js';
import { modelWeather } from '../../src/forecast/weather.js';
import type { Member } from '../../src/models/member.js';
import { naiveMember } from '../../src/models/naive/naive.js';
import { present } from '../core/present.js';
import { changed, victoriaHistory } from '../forecast/sample-history.js';
import { recentDaysMember } from '../forecast/sample-members.js';
import { sampleForecast } from './sample-forecasts.js';

const zone = 'Australia/Melbourne';
const year = victoriaHistory();
/** From mid-August on: enough for a split run before December. */
const startMs = Date.parse('2014-08-09T14:00:00Z');
const whole: History = {
  place: year.place,
  load: sliceHours(year.load, startMs, year.load.startMs + year.load.values.length * hourMs),
  temperature: sliceHours(
    year.temperature,
    startMs,
    year.temperature.startMs + year.temperature.values.length * hourMs,
  ),
};
const origins = localInstants(zone, '2014-12-02', '2014-12-09');
const refitsAtMs = [present(origins[0]), present(origins[4])];

async function run(
  history: History,
  members: readonly Member[] = [naiveMember],
  changes: { loadDelayHours?: number } = {},
): Promise<Forecast[]> {
  const forecasts: Forecast[] = [];
  const stream = backtest({
    seriesId: 'victoria',
    history,
    members,
    seed: 1,
    threads: 1,
    issueTimes: ['00:00'],
    loadDelayHours: 0,
    weather: modelWeather(history.temperature, zone, 1),
    origins,
    refitsAtMs,
    temperatureSource: 'model',
    ...changes,
  });
  for await (const forecast of stream) forecasts.push(forecast);
  return forecasts;
}

const forecasts = await run(whole);

describe('backtest with naive on the project’s own data', () => {
  it('gives every origin one whole forecast, in order', () => {
    expect(forecasts.map((forecast) => forecast.issuedAtMs)).toEqual(origins);
    for (const forecast of forecasts) {
      expect(forecast.values.length).toBe(72);
      expect(forecast.quality).toBe('full');
      expect(forecast.kind).toBe('replay');
      expect(forecast.temperatureSource).toBe('model');
      expect(forecast.dataCutoffMs).toBe(forecast.issuedAtMs);
    }
  });

  it('repeats the same local hour of the week before', () => {
    for (const { values } of forecasts)
      for (const { startMs: hour, pointMw } of values)
        expect(pointMw).toBe(valueAt(whole.load, sameClockEarlier(hour, zone, 7)));
  });

  it('takes each forecast from the newest fit before it', () => {
    const versions = forecasts.map((forecast) => present(forecast.members[0]).version);
    expect(new Set(versions.slice(0, 4))).toEqual(
      new Set([`naive-${isoUtc(present(refitsAtMs[0]))}`]),
    );
    expect(new Set(versions.slice(4))).toEqual(
      new Set([`naive-${isoUtc(present(refitsAtMs[1]))}`]),
    );
  });

  it('calibrates its bands on its own earlier errors', () => {
    const value = present(forecasts[0]?.values[40]);
    const [low, high] = [present(value.quantilesMw[1]), present(value.quantilesMw[5])];
    expect((high - low) / value.pointMw).not.toBeCloseTo(Math.exp(0.16) - Math.exp(-0.16), 3);
    expect(high).toBeGreaterThan(low);
  });

  it('gives the same bytes again', async () => {
    expect(JSON.stringify(await run(whole))).toBe(JSON.stringify(forecasts));
  });
});

describe('the leak test', () => {
  const members = [naiveMember, recentDaysMember];
  const cutMs = present(origins[3]);

  it('leaves every forecast up to T as it was when loads change from T and temperatures from T + 72 h on', async () => {
    const clean = await run(whole, members);
    const altered = changed(whole, {
      loadMw: (load, atMs) => (atMs >= cutMs ? 10 * load + 1 : load),
      temperatureC: (value, atMs) => (atMs >= cutMs + 72 * hourMs ? Number.NaN : value),
    });
    const after = await run(altered, members);
    expect(JSON.stringify(after.slice(0, 4))).toBe(JSON.stringify(clean.slice(0, 4)));
    expect(JSON.stringify(after[5])).not.toBe(JSON.stringify(clean[5]));
    // Nor does it matter how much file there is after the last horizon.
    const untilMs = present(origins.at(-1)) + 72 * hourMs;
    const shorter = await run(
      {
        place: whole.place,
        load: sliceHours(whole.load, startMs, untilMs),
        temperature: sliceHours(whole.temperature, startMs, untilMs),
      },
      members,
    );
    expect(JSON.stringify(shorter)).toBe(JSON.stringify(clean));
  });

  it('holds at the instant of a refit, with loads that arrive late', async () => {
    const refitMs = present(refitsAtMs[1]);
    const clean = await run(whole, members, { loadDelayHours: 5 });
    const altered = changed(whole, {
      loadMw: (load, atMs) => (atMs >= refitMs - 5 * hourMs ? 10 * load + 1 : load),
    });
    const after = await run(altered, members, { loadDelayHours: 5 });
    expect(JSON.stringify(after.slice(0, 5))).toBe(JSON.stringify(clean.slice(0, 5)));
    expect(clean[4]?.issuedAtMs).toBe(refitMs);
    expect(clean[4]?.dataCutoffMs).toBe(refitMs - 5 * hourMs);
    expect(clean[4]?.quality).toBe('full');
  });
});

describe('a back-test that is left early', () => {
  it('frees its models', async () => {
    let alive = 0;
    const member: Member = {
      ...naiveMember,
      fit: async (table, options) => {
        const fitted = await naiveMember.fit(table, options);
        alive++;
        return { ...fitted, dispose: () => void alive-- };
      },
    };
    for await (const forecast of backtest({
      seriesId: 'victoria',
      history: whole,
      members: [member],
      seed: 1,
      threads: 1,
      issueTimes: ['00:00'],
      loadDelayHours: 0,
      weather: modelWeather(whole.temperature, zone, 1),
      origins,
      refitsAtMs,
      temperatureSource: 'model',
    })) {
      expect(alive).toBe(1);
      expect(forecast.issuedAtMs).toBe(origins[0]);
      break;
    }
    expect(alive).toBe(0);
  });
});

describe('toPastForecast', () => {
  it('keeps members and blend, but no value of the ladder', () => {
    const members = [{ name: 'a', version: 'a', weightsByLeadDay: [1, 1, 1], leftOut: null }];
    const forecast = sampleForecast(0, (lead) => lead, {
      members,
      memberMw: (lead) => ({ a: lead < 2 ? null : lead + 0.5 }),
    });
    const mixed = {
      ...forecast,
      values: forecast.values.map((value) =>
        value.leadHours < 2 ? { ...value, quality: 'fallback' as const } : value,
      ),
    };
    const past = toPastForecast(mixed);
    expect([...past.blendMw.subarray(0, 4)]).toEqual([Number.NaN, Number.NaN, 2, 3]);
    expect([...present(past.memberMw['a']).subarray(0, 4)]).toEqual([
      Number.NaN,
      Number.NaN,
      2.5,
      3.5,
    ]);
  });
});

describe('refitInstants', () => {
  it('are evenly spread, the first at the start', () => {
    expect(refitInstants(0, 4 * dayMs, 4)).toEqual([0, dayMs, 2 * dayMs, 3 * dayMs]);
    expect(refitInstants(hourMs, 4 * dayMs, 1)).toEqual([hourMs]);
    expect(refitInstants(0, 10 * hourMs, 3)).toEqual([0, 3 * hourMs, 7 * hourMs]);
  });
});
