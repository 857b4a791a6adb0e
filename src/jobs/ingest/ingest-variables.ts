import { dayMs } from '../../core/time.js';
import { firstInstant } from '../../ingest/live-series.js';
import {
  fetchOpenMeteoArchiveOf,
  fetchOpenMeteoForecastOf,
  type WeatherReadings,
} from '../../ingest/sources/open-meteo.js';
import type { Series } from '../../store/store.js';
import type { JobControl, JobServices } from '../job-services.js';
import { analysedDays, weatherPoints } from './weather-points.js';

/**
 * Fetches the variables beside the temperature that the configuration names: the past from the archive at first, the
 * last days and the next ones from the forecast. A back-fill that was cut off goes on where it was.
 * @param pastMs until then the weather of the past is whole; absent: none of it is
 * @throws {LoadcastError} SOURCE_FAILED if Open-Meteo does not answer, CANCELLED if it was asked to stop
 */
export async function ingestVariables(
  services: JobServices,
  series: Series,
  { onProgress, signal }: JobControl,
  pastMs: number | undefined,
): Promise<void> {
  const { store, nowMs, providers } = services;
  const live = services.live.get(series.id);
  const variables = live?.weather?.variables ?? [];
  if (!live || variables.length === 0) return;
  const { baseUrl, archiveUrl, timeoutMs, pauseMs } = providers.openMeteo;
  const request = {
    points: weatherPoints(services, series),
    timeoutMs,
    variables,
    ...(signal ? { signal } : {}),
  };
  const write = async (weather: WeatherReadings): Promise<void> => {
    for (const [name, readings] of weather)
      await store.writeExtra(series.id, name, readings, { kind: 'assumed', writtenAtMs: nowMs() });
  };
  const firstMs = firstInstant(live, nowMs());
  let startMs = pastMs ?? firstMs;
  for (const variable of variables) {
    const span = await store.extraSpan(series.id, variable);
    startMs = Math.min(startMs, span?.lastMs ?? firstMs);
  }
  if (startMs < nowMs() - analysedDays * dayMs) {
    onProgress?.({ phase: `Open-Meteo: earlier ${variables.join(', ')}` });
    const interval = { startMs, endMs: nowMs() };
    const pages = fetchOpenMeteoArchiveOf({ ...request, baseUrl: archiveUrl, pauseMs, interval });
    for await (const page of pages) await write(page);
  }
  await write(await fetchOpenMeteoForecastOf({ ...request, baseUrl, pastDays: analysedDays }));
}
