import { LoadcastError } from '../../core/errors.js';
import type { Interval } from '../../core/time.js';
import type { Reading } from '../../core/reading.js';
import { addressOf, requestJson, type HttpOptions } from './http.js';
import { readHourly, type HourlyColumn } from './open-meteo-answer.js';
import { inPages } from './pages.js';
import { weatherVariables, type WeatherVariable } from './weather-variables.js';

/** Open-Meteo's APIs: no key for non-commercial use, data under CC BY 4.0. */
export const openMeteoBaseUrls = {
  forecast: 'https://api.open-meteo.com',
  archive: 'https://archive-api.open-meteo.com',
  previousRuns: 'https://previous-runs-api.open-meteo.com',
  ensemble: 'https://ensemble-api.open-meteo.com',
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
  /** today and those after it; at least seven are asked for, 16 are the most there are */
  readonly forecastDays?: number;
}

export interface OpenMeteoArchiveRequest extends OpenMeteoRequest {
  /** whole days of it are asked for */
  readonly interval: Interval;
  /** between requests; default 500 */
  readonly pauseMs?: number;
}

/** What to ask for beside or instead of the temperature. */
export interface WeatherSelection {
  readonly variables: readonly WeatherVariable[];
}

/** readings of each variable that was asked for, ascending, in the unit of its name */
export type WeatherReadings = ReadonlyMap<WeatherVariable, Reading[]>;

const source = 'Open-Meteo';
const mostBytes = 20_000_000;
const daysPerPage = 366;
const temperatureOnly: WeatherSelection = { variables: ['temperatureC'] };

/**
 * Hourly temperature from some days ago, as the model analysed it, to seven days ahead or more, the weighted mean of the points.
 * @returns °C, ascending
 * @throws {LoadcastError} as `requestJson` does, and SOURCE_FAILED for an answer that is not of the documented shape
 */
export async function fetchOpenMeteoForecast(
  request: OpenMeteoForecastRequest,
): Promise<Reading[]> {
  return temperatureOf(await fetchOpenMeteoForecastOf({ ...request, ...temperatureOnly }));
}

/** Likewise for any variables. */
export async function fetchOpenMeteoForecastOf(
  request: OpenMeteoForecastRequest & WeatherSelection,
): Promise<WeatherReadings> {
  const { variables, points, pastDays, forecastDays = 7 } = request;
  const span = { past_days: String(pastDays), forecast_days: String(Math.max(7, forecastDays)) };
  const json = await askOpenMeteo(request, '/v1/forecast', columnsOf(variables), span);
  const weather = parseOpenMeteo(json, points, variables);
  for (const [variable, readings] of weather)
    if (readings.length === 0)
      throw new LoadcastError(
        'SOURCE_FAILED',
        `Open-Meteo's answer holds no ${weatherVariables[variable].name}.`,
      );
  return weather;
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
  const pages = fetchOpenMeteoArchiveOf({ ...request, ...temperatureOnly });
  for await (const weather of pages) yield temperatureOf(weather);
}

/** Likewise for any variables. */
export function fetchOpenMeteoArchiveOf(
  request: OpenMeteoArchiveRequest & WeatherSelection,
): AsyncGenerator<WeatherReadings> {
  const { variables, points } = request;
  return inDatePages(request, async (span) =>
    parseOpenMeteo(
      await askOpenMeteo(request, '/v1/archive', columnsOf(variables), span),
      points,
      variables,
    ),
  );
}

/** Pages of a year, each as the dates of its whole days. */
export function inDatePages<T>(
  request: OpenMeteoArchiveRequest,
  ask: (span: Readonly<Record<string, string>>) => Promise<T>,
): AsyncGenerator<T> {
  const { pauseMs = 500 } = request;
  return inPages({ ...request, source, daysPerPage, pauseMs }, ({ startMs, endMs }) =>
    ask({ start_date: utcDate(startMs), end_date: utcDate(endMs - 1) }),
  );
}

/** @param columns to ask for, by their names in the answer */
export function askOpenMeteo(
  request: OpenMeteoRequest,
  path: string,
  columns: readonly Pick<HourlyColumn, 'name' | 'unit'>[],
  span: Readonly<Record<string, string>>,
): Promise<unknown> {
  const { points, baseUrl } = request;
  const url = addressOf(baseUrl, path, {
    latitude: points.map((point) => point.latitude).join(','),
    longitude: points.map((point) => point.longitude).join(','),
    hourly: columns.map(({ name }) => name).join(','),
    ...span,
    ...(columns.some(({ unit }) => unit === 'm/s') ? { wind_speed_unit: 'ms' } : {}),
    timezone: 'UTC',
  });
  return requestJson({ ...request, source, url, mostBytes });
}

function utcDate(instantMs: number): string {
  return new Date(instantMs).toISOString().slice(0, 10);
}

/**
 * The weather of an answer, the weighted mean of the points.
 * @returns for each variable its readings, ascending; hours that any point lacks are left out
 * @throws {LoadcastError} SOURCE_FAILED if the answer is not of the documented shape
 */
export function parseOpenMeteo(
  json: unknown,
  points: readonly WeatherPoint[],
  variables: readonly WeatherVariable[],
): WeatherReadings {
  const readings = readHourly(json, columnsOf(variables), points);
  return new Map(variables.map((variable, i) => [variable, readings[i] ?? []]));
}

function columnsOf(variables: readonly WeatherVariable[]): HourlyColumn[] {
  return variables.map((variable) => weatherVariables[variable]);
}

function temperatureOf(weather: WeatherReadings): Reading[] {
  return weather.get('temperatureC') ?? [];
}
