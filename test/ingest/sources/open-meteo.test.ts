import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import {
  fetchOpenMeteoForecast,
  parseOpenMeteo,
  type OpenMeteoRequest,
} from '../../../src/ingest/sources/open-meteo.js';

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
const readings = [
  { startMs: Date.UTC(2024, 0, 1, 0), value: 17.5 },
  { startMs: Date.UTC(2024, 0, 1, 2), value: -2 },
];

describe("Open-Meteo's answer", () => {
  it('is read as UTC hours; hours without a temperature are left out', () => {
    expect(parseOpenMeteo(answer)).toEqual(readings);
  });

  it.each([
    ['null', null],
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
    [
      'no temperature at all',
      { ...answer, hourly: { time: ['2024-01-01T00:00'], temperature_2m: [null] } },
    ],
  ])('that is %s is refused', (_, json) => {
    expect(() => parseOpenMeteo(json)).toThrow(expect.objectContaining({ code: 'SOURCE_FAILED' }));
  });
});

const ask = (baseUrl: string, changes: Partial<OpenMeteoRequest> = {}) =>
  fetchOpenMeteoForecast({
    latitude: -37.81,
    longitude: 144.96,
    baseUrl,
    timeoutMs: 300,
    retryDelayMs: 1,
    ...changes,
  });

const good: RequestListener = (_, response) => response.end(JSON.stringify(answer));
const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(code, headers).end('{"error":true,"reason":"no"}');
const silent: RequestListener = () => {};
const cut: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': '5000' }).write('{"latitude":');
  setTimeout(() => response.destroy(), 5);
};
const half: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': '5000' }).write('{"latitude":');
};
const halfJson: RequestListener = (_, response) => response.end('{"latitude":');

describe("asking for Open-Meteo's forecast", () => {
  let server: Server | null = null;
  let asked: string[] = [];
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** Serves one handler after the other, the last one from then on. */
  async function serve(...handlers: RequestListener[]): Promise<string> {
    asked = [];
    const started = createServer((request, response) => {
      const handler = handlers[Math.min(asked.length, handlers.length - 1)];
      asked.push(request.url ?? '');
      handler?.(request, response);
    });
    server = started;
    await new Promise<void>((resolve) => {
      started.listen(0, '127.0.0.1', resolve);
    });
    const address = started.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }
  it('names the place, the hours and UTC', async () => {
    expect(await ask(await serve(good))).toEqual(readings);
    const url = new URL(asked[0] ?? '', 'http://host');
    expect(url.pathname).toBe('/v1/forecast');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      latitude: '-37.81',
      longitude: '144.96',
      hourly: 'temperature_2m',
      past_days: '2',
      forecast_days: '7',
      timezone: 'UTC',
    });
  });

  it.each([
    ['429', status(429)],
    ['500', status(500)],
    ['a time-out', silent],
    ['a connection cut short', cut],
    ['half a JSON text', halfJson],
  ])('tries again after %s', async (_, failing) => {
    expect(await ask(await serve(failing, failing, good))).toEqual(readings);
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['500 without end', status(500), /failed after 3 of 3 attempts: HTTP 500/, 3],
    ['no answer', silent, /no answer within 300 ms/, 3],
    ['400', status(400), /failed after 1 of 3 attempts: HTTP 400: .*"no"/, 1],
    [
      '429 for an hour',
      status(429, { 'retry-after': '3600' }),
      /after 1 of 3 attempts: HTTP 429/,
      1,
    ],
    [
      'an answer of another shape',
      (_: unknown, response: Parameters<RequestListener>[1]) => response.end('{}'),
      /documented shape/,
      1,
    ],
  ] as const)('gives up in words after %s', async (_, handler, message, attempts) => {
    const baseUrl = await serve(handler);
    const failure = await ask(baseUrl).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringMatching(message),
    });
    expect(asked).toHaveLength(attempts);
  });

  it('waits as long as Retry-After asks', async () => {
    const began = performance.now();
    await ask(await serve(status(429, { 'retry-after': '1' }), good));
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  it.each([
    ['no answer', silent],
    ['half an answer', half],
    ['a Retry-After of a minute', status(429, { 'retry-after': '60' })],
  ])('is stopped at once while it waits after %s', async (_, handler) => {
    const stopping = new AbortController();
    let stoppedMs = Number.NaN;
    const baseUrl = await serve((request, response) => {
      handler(request, response);
      setTimeout(() => {
        stoppedMs = performance.now();
        stopping.abort();
      }, 50);
    });
    const asking = ask(baseUrl, { timeoutMs: 30_000, signal: stopping.signal });
    await expect(asking).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - stoppedMs).toBeLessThan(1_000);
    expect(asked).toHaveLength(1);
    const late = ask(baseUrl, { signal: stopping.signal });
    await expect(late).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(asked).toHaveLength(1);
  });

  it('says so when nobody listens', async () => {
    const baseUrl = await serve(good);
    await new Promise((resolve) => {
      server?.close(resolve);
    });
    await expect(ask(baseUrl)).rejects.toThrow(new RegExp(`${baseUrl} failed.*ECONNREFUSED`));
  });
});
