import { LoadcastError } from '../../core/errors.js';
import type { Reading } from '../../core/reading.js';
import { columnNames, readHourly } from './open-meteo-answer.js';
import { askOpenMeteo, type OpenMeteoRequest, type WeatherPoint } from './open-meteo.js';
import { weatherVariables } from './weather-variables.js';

export interface OpenMeteoEnsembleRequest extends OpenMeteoRequest {
  /** such as `icon_seamless`, the default, of 40 members and 7 days */
  readonly model?: string;
  /** from today on */
  readonly forecastDays: number;
}

const { temperatureC } = weatherVariables;

/**
 * Hourly temperature of each member of an ensemble forecast, the weighted mean of the points.
 * @returns °C, ascending, for the control run and each perturbed member in their order
 * @throws {LoadcastError} as `fetchOpenMeteoForecast` does
 */
export async function fetchOpenMeteoEnsemble(
  request: OpenMeteoEnsembleRequest,
): Promise<Reading[][]> {
  const { model = 'icon_seamless', forecastDays, points } = request;
  const span = { models: model, forecast_days: String(forecastDays) };
  return parseOpenMeteoEnsemble(
    await askOpenMeteo(request, '/v1/ensemble', [temperatureC], span),
    points,
  );
}

/**
 * Mean of the members, hour by hour: from the second day on nearer to what comes than any one run, as what they do not
 * agree on cancels out (Leith, 1974, Monthly Weather Review 102).
 * @param members as `fetchOpenMeteoEnsemble` gives them
 * @returns °C, ascending; only hours that at least half of the members have
 */
export function ensembleMean(members: readonly (readonly Reading[])[]): Reading[] {
  const sums = new Map<number, { reading: Reading; sum: number; n: number }>();
  for (const reading of members.flat()) {
    const { sum, n } = sums.get(reading.startMs) ?? { sum: 0, n: 0 };
    sums.set(reading.startMs, { reading, sum: sum + reading.value, n: n + 1 });
  }
  return [...sums.values()]
    .filter(({ n }) => 2 * n >= members.length)
    .map(({ reading, sum, n }) => ({ ...reading, value: sum / n }))
    .sort((a, b) => a.startMs - b.startMs);
}

/**
 * The members of an answer: `temperature_2m`, the control run, `temperature_2m_member01` and so on.
 * @returns as `fetchOpenMeteoEnsemble` does; members without any temperature are left out
 * @throws {LoadcastError} SOURCE_FAILED if the answer is not of the documented shape or holds no temperature
 */
export function parseOpenMeteoEnsemble(
  json: unknown,
  points: readonly WeatherPoint[],
): Reading[][] {
  const members = columnNames(json)
    .map((name) => ({ name, number: memberNumber(name) }))
    .filter(({ number }) => number !== null)
    .sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
  const columns = members.map(({ name }) => ({ ...temperatureC, name }));
  const readings = readHourly(json, columns, points).filter((member) => member.length > 0);
  if (readings.length === 0)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `Open-Meteo's answer holds no ${temperatureC.name} of any member.`,
    );
  return readings;
}

/** @returns 0 for the control run, null for another column */
function memberNumber(column: string): number | null {
  if (column === temperatureC.name) return 0;
  const [, number] = /^temperature_2m_member(\d{2,3})$/.exec(column) ?? [];
  return number === undefined ? null : Number(number);
}
