import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endMs } from '../../src/core/hourly.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import type { Forecast } from '../../src/core/forecast.js';
import type { History } from '../../src/core/history.js';
import { issueForecast } from '../../src/forecast/issue-forecast.js';
import { knownHistory } from '../../src/forecast/known-history.js';
import { dailyOrigins, outOfSampleForecasts } from '../../src/forecast/split-run.js';
import { trainingTable } from '../../src/forecast/train-bundle.js';
import { actualWeather, modelWeather } from '../../src/forecast/weather.js';
import { buildCalendar } from '../../src/features/calendar.js';
import { changed, sampleHistory } from './sample-history.js';
import { bundleOf, fittedNaive, recentDaysMember } from './sample-members.js';

const everything = sampleHistory(60);
const startMs = everything.load.startMs;
const fitted = await Promise.all([
  fittedNaive(),
  recentDaysMember.fit(
    trainingTable(
      knownHistory(everything, startMs + 20 * dayMs, 0, null),
      buildCalendar(everything.place, startMs, 20 * 24),
    ),
    { seed: 1, threads: 1, validationStart: null, steps: null },
  ),
]);

/** A forecast whose weights and bands come from five days of forecasts before it. */
function forecastAt(history: History, issuedAtMs: number, delayHours = 0): Forecast {
  const weather = modelWeather(history.temperature, history.place.zone, 1);
  const past = outOfSampleForecasts({
    everything: history,
    fitted,
    levels: { frameMs: issuedAtMs, shifts: [] },
    origins: dailyOrigins(history.place.zone, issuedAtMs - 5 * dayMs, issuedAtMs + 70 * hourMs, [
      '00:00',
    ]),
    loadDelayHours: delayHours,
    weather,
    calendar: buildCalendar(history.place, startMs, 64 * 24),
  });
  return issueForecast({
    seriesId: 'sample',
    kind: 'replay',
    history: knownHistory(history, issuedAtMs, delayHours, weather(issuedAtMs)),
    issuedAtMs,
    createdAtMs: 0,
    temperatureSource: 'model',
    reportingDelayHours: delayHours,
    bundle: bundleOf(fitted, past),
  });
}

describe('knownHistory', () => {
  it('has extra inputs up to the end of the horizon', () => {
    const issuedAtMs = startMs + 30 * dayMs;
    const extras = [{ name: 'sun', hourly: everything.temperature }];
    const known = knownHistory({ ...everything, extras }, issuedAtMs, 0, null);
    const [sun] = known.extras ?? [];
    expect(sun && endMs(sun.hourly)).toBe(issuedAtMs + 72 * hourMs);
    expect(sun?.hourly.values).toEqual(everything.temperature.values.slice(0, 33 * 24));
  });

  const issuedAtMs = startMs + 40 * dayMs;

  it('ends the load where knowledge ends', () => {
    const known = knownHistory(everything, issuedAtMs, 0, null);
    expect(endMs(known.load)).toBe(issuedAtMs);
    expect(known.load.values).toEqual(everything.load.values.subarray(0, 40 * 24));
    expect(endMs(knownHistory(everything, issuedAtMs, 3, null).load)).toBe(issuedAtMs - 3 * hourMs);
  });

  it('gives the horizon’s temperature from the forecast alone, for 72 hours', () => {
    const horizon = { startMs: issuedAtMs, values: new Float64Array(100).fill(7) };
    const { temperature } = knownHistory(everything, issuedAtMs, 0, horizon);
    expect(endMs(temperature)).toBe(issuedAtMs + 72 * hourMs);
    expect(temperature.values.subarray(40 * 24).every((value) => value === 7)).toBe(true);
    expect(temperature.values.subarray(0, 40 * 24)).toEqual(
      everything.temperature.values.subarray(0, 40 * 24),
    );
    const blind = knownHistory(everything, issuedAtMs, 0, null).temperature;
    expect(blind.values.subarray(40 * 24).every(Number.isNaN)).toBe(true);
  });

  it('lays a forecast that starts elsewhere on the right hours', () => {
    const horizon = { startMs: issuedAtMs - hourMs, values: Float64Array.from([1, 2, 3]) };
    const { temperature } = knownHistory(everything, issuedAtMs, 0, horizon);
    expect([...temperature.values.subarray(40 * 24 - 1, 40 * 24 + 3)]).toEqual([
      everything.temperature.values[40 * 24 - 1],
      2,
      3,
      Number.NaN,
    ]);
  });

  it('is empty, not negative, before the first load', () => {
    const known = knownHistory(everything, startMs - dayMs, 0, null);
    expect(known.load.values.length).toBe(0);
  });
});

describe('a forecast issued at T', () => {
  it('stays the same, byte for byte, when load changes from T on and temperature from T + 72 h on', () => {
    const origin = fc.integer({ min: 25 * 24, max: 50 * 24 });
    const value = fc.oneof(
      fc.double({ min: -1e5, max: 1e5, noNaN: true }),
      fc.constant(Number.NaN),
    );
    fc.assert(
      fc.property(
        origin,
        value,
        value,
        fc.integer({ min: 0, max: 30 }),
        (hour, mw, degrees, delay) => {
          const issuedAtMs = startMs + hour * hourMs;
          const altered = changed(everything, {
            loadMw: (load, atMs) => (atMs >= issuedAtMs - delay * hourMs ? mw : load),
            temperatureC: (temperature, atMs) =>
              atMs >= issuedAtMs + 72 * hourMs ? degrees : temperature,
          });
          const [before, after] = [everything, altered].map((history) =>
            JSON.stringify(forecastAt(history, issuedAtMs, delay)),
          );
          expect(after).toBe(before);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('changes with the last load it knows, and with the weather of its horizon', () => {
    const issuedAtMs = startMs + 40 * dayMs;
    const before = JSON.stringify(forecastAt(everything, issuedAtMs).values);
    const lastLoad = changed(everything, {
      loadMw: (load, atMs) => (atMs === issuedAtMs - hourMs ? load * 1.05 : load),
    });
    expect(JSON.stringify(forecastAt(lastLoad, issuedAtMs).values)).not.toBe(before);
    const warmer = changed(everything, {
      temperatureC: (value, atMs) => (atMs === issuedAtMs + 71 * hourMs ? value + 5 : value),
    });
    expect(JSON.stringify(forecastAt(warmer, issuedAtMs).values)).not.toBe(before);
  });

  it('sees no load from T on even where the reader forgot to cut it', () => {
    const issuedAtMs = startMs + 40 * dayMs;
    const horizon = actualWeather(everything.temperature)(issuedAtMs);
    const cut = knownHistory(everything, issuedAtMs, 0, horizon);
    const issue = (history: History) =>
      issueForecast({
        seriesId: 'sample',
        kind: 'issued',
        history,
        issuedAtMs,
        createdAtMs: 0,
        temperatureSource: 'actual',
        reportingDelayHours: 0,
        bundle: bundleOf(fitted),
      });
    expect(issue({ ...cut, load: everything.load })).toEqual(issue(cut));
  });
});
