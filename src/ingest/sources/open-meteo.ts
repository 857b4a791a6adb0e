import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import { dayMs, type Interval } from '../../core/time.js';
import type { Reading } from '../../core/reading.js';
import { pause, requestJson, type HttpOptions } from './http.js';

/** Open-Meteo's APIs: no key for non-commercial use, data under CC BY 4.0. */
export const openMeteoBaseUrls = {
  forecast: 'https://api.open-meteo.com',
  archive: 'https://archive-api.open-meteo.com',
} as const;

/** A place of the weather, and its share in the series' temperature. */
export interface WeatherPoint {
  readonly latitude: number;
  readonly longitude: number;
  /** positive; shares are relative to their sum */
  readonly weight: number;
}

export interface OpenMeteoRequest extends HttpOptions {
  readonly points: readonly WeatherPoint[];
  /** without path, such as `https://api.open-meteo.com` */
  readonly baseUrl: string;
}

export interface OpenMeteoForecastRequest extends OpenMeteoRequest {
  /** days before today */
  readonly pastDays: number;
}

export interface OpenMeteoArchiveRequest extends OpenMeteoRequest {
  /** whole days of it are asked for */
  readonly interval: Interval;
  /** between requests; default 500 */
  readonly pauseMs?: number;
}

const source = 'Open-Meteo';
const mostBytes = 20_000_000;
const daysPerRequest = 366;

/**
 * Hourly temperature from some days ago, as the model analysed it, to seven days ahead, the weighted mean of the points.
 * @returns °C, ascending
 * @throws {LoadcastError} as `requestJson` does, and SOURCE_FAILED for an answer that is not of the documented shape
 */
export async function fetchOpenMeteoForecast(
  request: OpenMeteoForecastRequest,
): Promise<Reading[]> {
  const url = requestUrl(request, '/v1/forecast', {
    past_days: String(request.pastDays),
    forecast_days: '7',
  });
  const readings = parseOpenMeteo(await ask(url, request), request.points);
  if (readings.length === 0)
    throw new LoadcastError('SOURCE_FAILED', "Open-Meteo's answer holds no temperature.");
  return readings;
}

/**
 * Hourly temperature of the past (reanalysis, which lags behind by some days), the weighted mean of the points, in
 * pages of a year.
 * @yields °C, ascending; hours that are not known yet are left out
 * @throws {LoadcastError} as `fetchOpenMeteoForecast` does
 */
export async function* fetchOpenMeteoArchive(
  request: OpenMeteoArchiveRequest,
): AsyncGenerator<Reading[]> {
  const { interval } = request;
  for (let fromMs = interval.startMs; fromMs < interval.endMs; fromMs += daysPerRequest * dayMs) {
    const endMs = Math.min(interval.endMs, fromMs + daysPerRequest * dayMs);
    const url = requestUrl(request, '/v1/archive', {
      start_date: utcDate(fromMs),
      end_date: utcDate(endMs - 1),
    });
    yield parseOpenMeteo(await ask(url, request), request.points);
    if (endMs < interval.endMs) await pause(request.pauseMs ?? 500, { ...request, source, url });
  }
}

function ask(url: URL, request: HttpOptions): Promise<unknown> {
  return requestJson({ ...request, source, url, mostBytes });
}

function requestUrl(
  { points, baseUrl }: OpenMeteoRequest,
  path: string,
  span: Readonly<Record<string, string>>,
): URL {
  const url = new URL(path, baseUrl);
  url.search = new URLSearchParams({
    latitude: points.map((point) => point.latitude).join(','),
    longitude: points.map((point) => point.longitude).join(','),
    hourly: 'temperature_2m',
    ...span,
    timezone: 'UTC',
  }).toString();
  return url;
}

function utcDate(instantMs: number): string {
  return new Date(instantMs).toISOString().slice(0, 10);
}

const hoursAtMost = 24 * (daysPerRequest + 1);

const pointSchema = z.object({
  utc_offset_seconds: z.literal(0),
  hourly_units: z.object({ temperature_2m: z.literal('°C') }),
  hourly: z.object({
    time: z.array(z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:00$/)).max(hoursAtMost),
    temperature_2m: z.array(z.number().min(-100).max(70).nullable()).max(hoursAtMost),
  }),
});

/** one point comes bare, several come as a list in the order that was asked */
const answerSchema = z.union([pointSchema.transform((point) => [point]), z.array(pointSchema)]);

/**
 * The weighted mean temperature of an answer. The value at the full hour stands for the hour that starts then; hours
 * that any point lacks are left out, as a mean of the others would jump.
 * @returns °C, ascending
 * @throws {LoadcastError} SOURCE_FAILED if the answer is not of the documented shape
 */
export function parseOpenMeteo(json: unknown, points: readonly WeatherPoint[]): Reading[] {
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `Open-Meteo's answer is not of the documented shape: ${z.prettifyError(parsed.error).slice(0, 300)}`,
    );
  const answers = parsed.data;
  if (answers.length !== points.length)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `Open-Meteo's answer has ${answers.length} places, asked were ${points.length}.`,
    );
  const totalWeight = points.reduce((sum, { weight }) => sum + weight, 0);
  const means = new Map<number, { sum: number; points: number }>();
  answers.forEach(({ hourly: { time, temperature_2m } }, at) => {
    if (time.length !== temperature_2m.length)
      throw new LoadcastError(
        'SOURCE_FAILED',
        `Open-Meteo's answer has ${time.length} hours but ${temperature_2m.length} temperatures.`,
      );
    const share = (points[at]?.weight ?? 0) / totalWeight;
    time.forEach((hour, i) => {
      const value = temperature_2m[i] ?? null;
      if (value === null) return;
      const startMs = Date.parse(`${hour}Z`);
      const mean = means.get(startMs) ?? { sum: 0, points: 0 };
      means.set(startMs, { sum: mean.sum + share * value, points: mean.points + 1 });
    });
  });
  return [...means]
    .filter(([, mean]) => mean.points === points.length)
    .map(([startMs, mean]) => ({ startMs, minutes: 60, value: mean.sum }))
    .sort((a, b) => a.startMs - b.startMs);
}
