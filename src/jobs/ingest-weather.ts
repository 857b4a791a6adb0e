import { fetchOpenMeteoForecast } from '../ingest/sources/open-meteo.js';
import type { Series, WriteCounts } from '../store/store.js';
import type { JobServices } from './job-services.js';

/**
 * Fetches the temperature forecast of a series with coordinates and stores it as one run.
 * @returns null for a series without coordinates
 * @throws {LoadcastError} SOURCE_FAILED if Open-Meteo does not answer
 */
export async function ingestWeather(
  services: JobServices,
  series: Series,
): Promise<WriteCounts | null> {
  if (series.latitude === null || series.longitude === null) return null;
  const readings = await fetchOpenMeteoForecast({
    latitude: series.latitude,
    longitude: series.longitude,
    ...services.openMeteo,
  });
  const nowMs = services.nowMs();
  return services.store.writeWeatherRun(series.id, {
    source: 'open-meteo',
    runAtMs: nowMs,
    availableAtMs: nowMs,
    readings,
  });
}
