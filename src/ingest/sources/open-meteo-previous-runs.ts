import type { Reading } from '../../core/reading.js';
import { readHourly, type HourlyColumn } from './open-meteo-answer.js';
import {
  askOpenMeteo,
  inDatePages,
  type OpenMeteoArchiveRequest,
  type WeatherPoint,
} from './open-meteo.js';
import { weatherVariables } from './weather-variables.js';

export interface OpenMeteoPreviousRunsRequest extends OpenMeteoArchiveRequest {
  /** of 1 to 7 */
  readonly leadDays: readonly number[];
}

/** The temperature of each hour as forecast by the newest run that began `leadDays` × 24 hours before it, or earlier. */
export interface PreviousRuns {
  readonly leadDays: number;
  /** °C, hourly, ascending */
  readonly readings: readonly Reading[];
}

/**
 * Hourly temperature as it was forecast some days ahead, the weighted mean of the points, in pages of a year; kept by
 * Open-Meteo since January 2024. The lead is fixed, so the readings are no single run: those of lead day 1 come from
 * runs that began before an origin for the first 24 hours after it, those of lead day 2 for the next 24, and so on. A run
 * is published some hours after it began.
 * @yields for each lead day its readings; hours that were not kept are left out
 * @throws {LoadcastError} as `fetchOpenMeteoForecast` does
 */
export function fetchOpenMeteoPreviousRuns(
  request: OpenMeteoPreviousRunsRequest,
): AsyncGenerator<PreviousRuns[]> {
  const { leadDays, points } = request;
  return inDatePages(request, async (span) => {
    const columns = leadDays.map((days) => leadColumn(days));
    const json = await askOpenMeteo(request, '/v1/forecast', columns, span);
    return parseOpenMeteoPreviousRuns(json, points, leadDays);
  });
}

/**
 * The temperatures of an answer.
 * @throws {LoadcastError} SOURCE_FAILED if the answer is not of the documented shape
 */
export function parseOpenMeteoPreviousRuns(
  json: unknown,
  points: readonly WeatherPoint[],
  leadDays: readonly number[],
): PreviousRuns[] {
  const columns = leadDays.map((days) => leadColumn(days));
  const readings = readHourly(json, columns, points);
  return leadDays.map((days, i) => ({ leadDays: days, readings: readings[i] ?? [] }));
}

function leadColumn(leadDays: number): HourlyColumn {
  const { temperatureC } = weatherVariables;
  return { ...temperatureC, name: `${temperatureC.name}_previous_day${leadDays}` };
}
