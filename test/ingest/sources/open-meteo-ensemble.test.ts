import { describe, expect, it } from 'vitest';
import {
  ensembleMean,
  fetchOpenMeteoEnsemble,
  parseOpenMeteoEnsemble,
} from '../../../src/ingest/sources/open-meteo-ensemble.js';
import { answers, half, localServer, passingFailures } from './local-server.js';

/** As documented on open-meteo.com/en/docs/ensemble-api. */
const answerOf = (members: Readonly<Record<string, readonly unknown[]>>, unit = '°C') => ({
  latitude: -37.75,
  longitude: 145,
  utc_offset_seconds: 0,
  hourly_units: {
    time: 'iso8601',
    ...Object.fromEntries(Object.keys(members).map((member) => [member, unit])),
  },
  hourly: { time: ['2024-01-01T00:00', '2024-01-01T01:00'], ...members },
});
const hour = (of: number, value: number) => ({
  startMs: Date.UTC(2024, 0, 1, of),
  minutes: 60,
  value,
});
const melbourne = { latitude: -37.81, longitude: 144.96, weight: 3 };
const geelong = { latitude: -38.15, longitude: 144.36, weight: 1 };
const first = answerOf({
  temperature_2m_member10: [20, 21],
  temperature_2m: [10, 11],
  temperature_2m_member02: [14, null],
  temperature_2m_member03: [null, null],
});
const members = [[hour(0, 10), hour(1, 11)], [hour(0, 14)], [hour(0, 20), hour(1, 21)]];

describe("Open-Meteo's ensemble", () => {
  it('has the control run first and its members in order, but those without a temperature', () => {
    expect(parseOpenMeteoEnsemble(first, [melbourne])).toEqual(members);
  });

  it('has a mean of the hours that at least half of the members have', () => {
    expect(ensembleMean(members)).toEqual([hour(0, 44 / 3), hour(1, 16)]);
    expect(ensembleMean([[hour(1, 4)], [hour(0, 2)], [hour(0, 6)], [hour(0, 1)]])).toEqual([
      hour(0, 3),
    ]);
    expect(ensembleMean([[]])).toEqual([]);
  });

  it('of several places has the weighted mean of each member', () => {
    const a = answerOf({ temperature_2m: [10, 11], temperature_2m_member01: [12, 13] });
    const b = answerOf({ temperature_2m: [14, null], temperature_2m_member01: [4, 5] });
    expect(parseOpenMeteoEnsemble([a, b], [melbourne, geelong])).toEqual([
      [hour(0, 11)],
      [hour(0, 10), hour(1, 11)],
    ]);
  });

  it.each([
    ['null', null, /documented shape/],
    ['without members', answerOf({ cloud_cover: [1, 2] }), /holds no temperature_2m of any member/],
    ['without temperatures', answerOf({ temperature_2m: [null, null] }), /holds no temperature_2m/],
    ['in another unit', answerOf({ temperature_2m: [50, 51] }, '°F'), /documented shape[^]*unit/],
    [
      'beyond any temperature',
      answerOf({ temperature_2m: [1, 2], temperature_2m_member01: [1, 999] }),
      /temperature_2m_member01\) is not of the documented shape[^]*values\[1\]/,
    ],
    ['of two lengths', answerOf({ temperature_2m: [1] }), /2 hours but 1 values of temperature_2m/],
  ])('that is %s is refused', (_, json, message) => {
    expect(() => parseOpenMeteoEnsemble(json, [melbourne])).toThrow(
      expect.objectContaining({ code: 'SOURCE_FAILED', message: expect.stringMatching(message) }),
    );
  });

  it('whose places differ in their members is refused', () => {
    const fewer = answerOf({ temperature_2m: [1, 2] });
    expect(() => parseOpenMeteoEnsemble([fewer, first], [melbourne, geelong])).toThrow(
      /temperature_2m_member02\) is not of the documented shape/,
    );
  });
});

const server = localServer();
const http = { points: [melbourne], forecastDays: 4, timeoutMs: 300, retryDelayMs: 1 };

describe("asking for Open-Meteo's ensemble", () => {
  it('names its model and days', async () => {
    const baseUrl = await server.serve(answers(first));
    expect(await fetchOpenMeteoEnsemble({ ...http, baseUrl })).toEqual(members);
    await fetchOpenMeteoEnsemble({ ...http, baseUrl, model: 'gfs_seamless' });
    const [url, other] = server.asked.map((path) => new URL(path, 'http://host'));
    expect(url?.pathname).toBe('/v1/ensemble');
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      latitude: '-37.81',
      longitude: '144.96',
      hourly: 'temperature_2m',
      models: 'icon_seamless',
      forecast_days: '4',
      timezone: 'UTC',
    });
    expect(other?.searchParams.get('models')).toBe('gfs_seamless');
  });

  it.each(passingFailures)('tries again after %s', async (_, failing) => {
    const baseUrl = await server.serve(failing, answers(first));
    expect(await fetchOpenMeteoEnsemble({ ...http, baseUrl })).toEqual(members);
  });

  it('is stopped at once', async () => {
    const stopping = new AbortController();
    const baseUrl = await server.serve((request, response) => {
      half(request, response);
      setTimeout(() => stopping.abort(), 50);
    });
    const request = { ...http, baseUrl, timeoutMs: 30_000, signal: stopping.signal };
    await expect(fetchOpenMeteoEnsemble(request)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(server.asked).toHaveLength(1);
  });
});
