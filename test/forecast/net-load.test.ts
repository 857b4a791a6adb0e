import { expect, test } from 'vitest';
import type { History } from '../../src/core/history.js';
import { endMs, valueAt } from '../../src/core/hourly.js';
import { dayMs } from '../../src/core/time.js';
import { issueForecast } from '../../src/forecast/issue-forecast.js';
import { historyBefore } from '../../src/forecast/split-run.js';
import { trainBundle } from '../../src/forecast/train-bundle.js';
import { actualWeather } from '../../src/forecast/weather.js';
import { allMembers, membersByName } from '../../src/models/all-members.js';
import { disposeBundle } from '../../src/forecast/bundle.js';
import { sampleHistory } from './sample-history.js';

/** The sample's load behind solar panels: up to 160 MW less about noon, below zero on many days. */
function netHistory(days: number): History {
  const history = sampleHistory(days);
  const values = history.load.values.map((load, hour) => {
    const sun = Math.max(0, Math.sin((2 * Math.PI * ((hour % 24) - 5)) / 24));
    return load - 160 * sun * sun * (0.8 + 0.2 * Math.sin(Math.floor(hour / 24) / 3));
  });
  return { ...history, load: { ...history.load, values } };
}

test('net load that goes below zero is learned and served by every member, with sensible quantiles', async () => {
  const everything = netHistory(120);
  const issuedAtMs = endMs(everything.load) - 3 * dayMs;
  const history = historyBefore(everything, issuedAtMs);
  const below = history.load.values.filter((load) => load < 0).length / history.load.values.length;
  expect(below).toBeGreaterThan(0.03);
  const bundle = await trainBundle({
    seriesId: 'net',
    history,
    members: membersByName(['all'], {
      units: 8,
      headUnits: 8,
      steps: { base: 150, perYear: 0 },
    }),
    seed: 1,
    threads: 1,
    trainedAtMs: issuedAtMs,
    issueTimes: ['00:00'],
    loadDelayHours: 0,
    temperatureSource: 'actual',
    weather: actualWeather(everything.temperature),
  });
  try {
    const forecast = issueForecast({
      seriesId: 'net',
      kind: 'issued',
      history: { ...history, temperature: everything.temperature },
      issuedAtMs,
      createdAtMs: issuedAtMs,
      temperatureSource: 'actual',
      reportingDelayHours: 0,
      bundle,
      past: bundle.past,
    });
    expect([forecast.quality, forecast.reason]).toEqual(['full', null]);
    expect(forecast.members.map(({ leftOut }) => leftOut)).toEqual(bundle.fitted.map(() => null));
    expect(forecast.members).toHaveLength(allMembers.length);
    const errors = forecast.values.map(({ startMs, pointMw, quantilesMw, memberMw }) => {
      expect(quantilesMw).toEqual(quantilesMw.toSorted((a, b) => a - b));
      for (const value of Object.values(memberMw)) expect(Number.isFinite(value)).toBe(true);
      const actual = valueAt(everything.load, startMs);
      return {
        size: Math.abs(pointMw - actual),
        inside: actual >= quantilesMw[0]! && actual <= quantilesMw[6]!,
      };
    });
    const mae = errors.reduce((sum, { size }) => sum + size, 0) / errors.length;
    // Noise alone costs 1.2 MW; the swing of a day is 160 MW.
    expect(mae).toBeLessThan(8);
    expect(errors.filter(({ inside }) => inside).length).toBeGreaterThan(40);
    expect(forecast.values.some(({ pointMw }) => pointMw < 0)).toBe(true);
  } finally {
    disposeBundle(bundle);
  }
}, 120_000);
