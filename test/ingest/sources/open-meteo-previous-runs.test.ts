import { describe, expect, it } from 'vitest';
import {
  fetchOpenMeteoPreviousRuns,
  parseOpenMeteoPreviousRuns,
} from '../../../src/ingest/sources/open-meteo-previous-runs.js';
import { answers, localServer, pagesOf, passingFailures, status } from './local-server.js';

/** As documented on open-meteo.com/en/docs/previous-runs-api. */
const answerOf = (day1: readonly unknown[], day2: readonly unknown[]) => ({
  latitude: -37.75,
  longitude: 145,
  utc_offset_seconds: 0,
  hourly_units: {
    time: 'iso8601',
    temperature_2m_previous_day1: '°C',
    temperature_2m_previous_day2: '°C',
  },
  hourly: {
    time: ['2024-01-01T00:00', '2024-01-01T01:00', '2024-01-01T02:00'],
    temperature_2m_previous_day1: day1,
    temperature_2m_previous_day2: day2,
  },
});
const hour = (of: number, value: number) => ({
  startMs: Date.UTC(2024, 0, 1, of),
  minutes: 60,
  value,
});
const melbourne = { latitude: -37.81, longitude: 144.96, weight: 3 };
const geelong = { latitude: -38.15, longitude: 144.36, weight: 1 };
const first = answerOf([16, 17, 18], [12, null, 14]);
const second = answerOf([20, 21, null], [8, 9, 10]);

describe("Open-Meteo's previous runs", () => {
  it('are the weighted mean of each lead day, of the hours that all places have', () => {
    const places = [melbourne, geelong];
    expect(parseOpenMeteoPreviousRuns([first, second], places, [1, 2])).toEqual([
      { leadDays: 1, readings: [hour(0, 17), hour(1, 18)] },
      { leadDays: 2, readings: [hour(0, 11), hour(2, 13)] },
    ]);
  });

  it.each([
    ['null', null],
    ['of fewer lead days than asked', [first, answerOf([1, 2, 3], [])]],
    ['of one place', first],
    ['of lists of two lengths', [first, answerOf([1, 2], [1, 2, 3])]],
    ['with a word for a temperature', [first, answerOf([1, 2, 'n/a'], [1, 2, 3])]],
    ['of the temperature now', [first, { ...second, hourly_units: { temperature_2m: '°C' } }]],
  ])('that are %s are refused', (_, json) => {
    expect(() => parseOpenMeteoPreviousRuns(json, [melbourne, geelong], [1, 2])).toThrow(
      expect.objectContaining({ code: 'SOURCE_FAILED' }),
    );
  });
});

const server = localServer();
const ask = (baseUrl: string, until: string, signal?: AbortSignal) =>
  pagesOf(
    fetchOpenMeteoPreviousRuns({
      points: [melbourne],
      leadDays: [1, 2],
      interval: { startMs: Date.UTC(2024, 0, 1), endMs: Date.parse(until) },
      baseUrl,
      timeoutMs: 300,
      retryDelayMs: 1,
      pauseMs: signal ? 60_000 : 1,
      ...(signal ? { signal } : {}),
    }),
  );
const page = [
  { leadDays: 1, readings: [hour(0, 16), hour(1, 17), hour(2, 18)] },
  { leadDays: 2, readings: [hour(0, 12), hour(2, 14)] },
];

describe("asking for Open-Meteo's previous runs", () => {
  it('names the lead days and goes from year to year', async () => {
    const nothing = answerOf([null, null, null], [null, null, null]);
    const baseUrl = await server.serve(answers(first), answers(nothing));
    const empty = [1, 2].map((leadDays) => ({ leadDays, readings: [] }));
    expect(await ask(baseUrl, '2025-01-02T00:00Z')).toEqual([page, empty]);
    const [url, next] = server.asked.map((path) => new URL(path, 'http://host'));
    expect(url?.pathname).toBe('/v1/forecast');
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      latitude: '-37.81',
      longitude: '144.96',
      hourly: 'temperature_2m_previous_day1,temperature_2m_previous_day2',
      start_date: '2024-01-01',
      end_date: '2024-12-31',
      timezone: 'UTC',
    });
    expect(next?.searchParams.get('start_date')).toBe('2025-01-01');
  });

  it.each(passingFailures)('tries again after %s', async (_, failing) => {
    const baseUrl = await server.serve(failing, answers(first));
    expect(await ask(baseUrl, '2024-01-02T00:00Z')).toEqual([page]);
  });

  it('says why it is refused', async () => {
    const baseUrl = await server.serve(status(400));
    await expect(ask(baseUrl, '2024-01-02T00:00Z')).rejects.toThrow(
      /^Open-Meteo at http.* failed after 1 of 3 attempts: HTTP 400: .*"reason":"no"/,
    );
  });

  it('is stopped at once, between pages too', async () => {
    const stopping = new AbortController();
    const baseUrl = await server.serve((request, response) => {
      answers(first)(request, response);
      setTimeout(() => stopping.abort(), 50);
    });
    const asking = ask(baseUrl, '2025-06-01T00:00Z', stopping.signal);
    await expect(asking).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(server.asked).toHaveLength(1);
  });
});
