import { describe, expect, it } from 'vitest';
import {
  fetchOpenMeteoArchive,
  fetchOpenMeteoArchiveOf,
  fetchOpenMeteoForecast,
  fetchOpenMeteoForecastOf,
  parseOpenMeteo,
  type WeatherPoint,
} from '../../../src/ingest/sources/open-meteo.js';
import { answers, localServer, pagesOf, passingFailures, status } from './local-server.js';

/** As documented on open-meteo.com/en/docs. */
const answer = {
  latitude: -37.75,
  longitude: 145,
  generationtime_ms: 0.03,
  utc_offset_seconds: 0,
  timezone: 'UTC',
  timezone_abbreviation: 'UTC',
  elevation: 18,
  hourly_units: { time: 'iso8601', temperature_2m: '°C' },
  hourly: {
    time: ['2024-01-01T00:00', '2024-01-01T01:00', '2024-01-01T02:00'],
    temperature_2m: [17.5, null, -2],
  },
};
const hour = (of: number, value: number) => ({
  startMs: Date.UTC(2024, 0, 1, of),
  minutes: 60,
  value,
});
const readings = [hour(0, 17.5), hour(2, -2)];
const melbourne = { latitude: -37.81, longitude: 144.96, weight: 3 };
const geelong = { latitude: -38.15, longitude: 144.36, weight: 1 };
const second = {
  ...answer,
  hourly: { ...answer.hourly, temperature_2m: [13.5, 10, null] },
};
const read = (json: unknown, points: readonly WeatherPoint[]) =>
  parseOpenMeteo(json, points, ['temperatureC']).get('temperatureC');

describe("Open-Meteo's answer", () => {
  it('is read as UTC hours; hours without a temperature are left out', () => {
    expect(read(answer, [melbourne])).toEqual(readings);
  });

  it('of several places is their weighted mean, of the hours that all of them have', () => {
    expect(read([answer, second], [melbourne, geelong])).toEqual([hour(0, 16.5)]);
  });

  it('may lack an hour, and give one twice: the last value counts', () => {
    const time = ['2024-01-01T05:00', '2024-01-01T03:00', '2024-01-01T05:00', '2024-01-01T05:00'];
    const doubled = { ...answer, hourly: { time, temperature_2m: [1, 2, 3, null] } };
    expect(read(doubled, [melbourne])).toEqual([hour(3, 2), hour(5, 3)]);
  });

  it('has means at the end of their hour, other variables at its start', () => {
    const { time } = answer.hourly;
    const sunny = {
      ...answer,
      hourly_units: { shortwave_radiation: 'W/m²', wind_speed_10m: 'm/s' },
      hourly: { time, shortwave_radiation: [0, 100, 250.5], wind_speed_10m: [3, null, 4] },
    };
    const variables = ['windSpeedMPerS', 'shortwaveWPerM2'] as const;
    expect([...parseOpenMeteo(sunny, [melbourne], variables)]).toEqual([
      ['windSpeedMPerS', [hour(0, 3), hour(2, 4)]],
      ['shortwaveWPerM2', [hour(-1, 0), hour(0, 100), hour(1, 250.5)]],
    ]);
  });

  it.each([
    ['null', null],
    ['without the variable', { ...answer, hourly: { time: answer.hourly.time } }],
    [
      'with an hour that is none',
      { ...answer, hourly: { time: ['2024-01-01T25:00'], temperature_2m: [1] } },
    ],
    ['of half hours', { ...answer, hourly: { time: ['2024-01-01T00:30'], temperature_2m: [1] } }],
    ['an error', { error: true, reason: 'Latitude must be in range' }],
    ['another unit', { ...answer, hourly_units: { temperature_2m: '°F' } }],
    ['another offset', { ...answer, utc_offset_seconds: 3_600 }],
    [
      'a temperature that cannot be',
      { ...answer, hourly: { time: ['2024-01-01T00:00'], temperature_2m: [999] } },
    ],
    [
      'a text for a temperature',
      { ...answer, hourly: { time: ['2024-01-01T00:00'], temperature_2m: ['17'] } },
    ],
    [
      'lists of two lengths',
      { ...answer, hourly: { time: ['2024-01-01T00:00'], temperature_2m: [1, 2] } },
    ],
    ['of more places than were asked', [answer, second]],
  ])('that is %s is refused', (_, json) => {
    expect(() => read(json, [melbourne])).toThrow(
      expect.objectContaining({ code: 'SOURCE_FAILED' }),
    );
  });
});

const server = localServer();
const http = { timeoutMs: 300, retryDelayMs: 1, pastDays: 2 };

describe("asking for Open-Meteo's forecast", () => {
  it('names the places, the hours and UTC', async () => {
    const baseUrl = await server.serve(answers([answer, second]));
    const points = [melbourne, geelong];
    expect(await fetchOpenMeteoForecast({ points, baseUrl, ...http })).toEqual([hour(0, 16.5)]);
    const url = new URL(server.asked[0] ?? '', 'http://host');
    expect(url.pathname).toBe('/v1/forecast');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      latitude: '-37.81,-38.15',
      longitude: '144.96,144.36',
      hourly: 'temperature_2m',
      past_days: '2',
      forecast_days: '7',
      timezone: 'UTC',
    });
  });

  it.each(passingFailures)('tries again after %s', async (_, failing) => {
    const baseUrl = await server.serve(failing, answers(answer));
    expect(await fetchOpenMeteoForecast({ points: [melbourne], baseUrl, ...http })).toEqual(
      readings,
    );
  });

  it('may be for several variables, in units of their own', async () => {
    const windy = {
      ...answer,
      hourly_units: { ...answer.hourly_units, wind_speed_10m: 'm/s' },
      hourly: { ...answer.hourly, wind_speed_10m: [3, 4, 5] },
    };
    const baseUrl = await server.serve(answers(windy));
    const variables = ['temperatureC', 'windSpeedMPerS'] as const;
    const request = { points: [melbourne], baseUrl, variables, ...http };
    const wind = [hour(0, 3), hour(1, 4), hour(2, 5)];
    const weather = new Map([
      ['temperatureC', readings],
      ['windSpeedMPerS', wind],
    ]);
    expect(await fetchOpenMeteoForecastOf(request)).toEqual(weather);
    const interval = { startMs: hour(0, 0).startMs, endMs: hour(3, 0).startMs };
    expect(await pagesOf(fetchOpenMeteoArchiveOf({ ...request, interval }))).toEqual([weather]);
    for (const path of server.asked) {
      const { searchParams } = new URL(path, 'http://host');
      expect(searchParams.get('hourly')).toBe('temperature_2m,wind_speed_10m');
      expect(searchParams.get('wind_speed_unit')).toBe('ms');
    }
  });

  it.each([
    ['another shape', {}, /documented shape/],
    [
      'no temperature at all',
      { ...answer, hourly: { time: ['2024-01-01T00:00'], temperature_2m: [null] } },
      /holds no temperature/,
    ],
  ])('fails in words at an answer of %s', async (_, json, message) => {
    const baseUrl = await server.serve(answers(json));
    await expect(
      fetchOpenMeteoForecast({ points: [melbourne], baseUrl, ...http }),
    ).rejects.toMatchObject({ code: 'SOURCE_FAILED', message: expect.stringMatching(message) });
    expect(server.asked).toHaveLength(1);
  });
});

const archive = (baseUrl: string, from: string, until: string) =>
  fetchOpenMeteoArchive({
    points: [melbourne],
    baseUrl,
    interval: { startMs: Date.parse(from), endMs: Date.parse(until) },
    pauseMs: 1,
    ...http,
  });

describe("asking for Open-Meteo's archive", () => {
  it('goes from year to year, each with its whole days', async () => {
    const empty = { ...answer, hourly: { time: [], temperature_2m: [] } };
    const baseUrl = await server.serve(answers(answer), answers(empty));
    const pages = await pagesOf(archive(baseUrl, '2024-01-01T00:00Z', '2025-06-01T00:00Z'));
    expect(pages).toEqual([readings, []]);
    const spans = server.asked.map((path) => {
      const { pathname, searchParams } = new URL(path, 'http://host');
      return [pathname, searchParams.get('start_date'), searchParams.get('end_date')];
    });
    expect(spans).toEqual([
      ['/v1/archive', '2024-01-01', '2024-12-31'],
      ['/v1/archive', '2025-01-01', '2025-05-31'],
    ]);
  });

  it('keeps the pages before one that fails', async () => {
    const baseUrl = await server.serve(answers(answer), status(400));
    const pages: unknown[] = [];
    const reading = async (): Promise<void> => {
      for await (const page of archive(baseUrl, '2024-01-01T00:00Z', '2026-01-01T00:00Z'))
        pages.push(page);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'SOURCE_FAILED' });
    expect(pages).toEqual([readings]);
  });
});
