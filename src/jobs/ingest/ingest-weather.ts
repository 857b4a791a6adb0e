import { dayMs, isoUtc } from '../../core/time.js';
import { firstInstant } from '../../ingest/live-series.js';
import { endOfReading } from '../../core/reading.js';
import {
  fetchOpenMeteoArchive,
  fetchOpenMeteoForecast,
  type WeatherPoint,
} from '../../ingest/sources/open-meteo.js';
import type { Series, WriteCounts } from '../../store/store.js';
import type { JobControl, JobServices } from '../job-services.js';

/** a run keeps its last days before, for forecasts that are issued late */
const runDaysBefore = 2;
/** the archive lags behind by five days or so: these are taken from the forecast's own analysis */
const analysedDays = 10;

/**
 * Fetches the temperature forecast of a series with coordinates and stores it as one run. Of a live series the past is
 * stored as well, as what was measured: all of it from the archive at first, the last days from each forecast.
 * @param sinceMs asks for the past from then on again
 * @returns null for a series without coordinates
 * @throws {LoadcastError} SOURCE_FAILED if Open-Meteo does not answer, CANCELLED if it was asked to stop
 */
export async function ingestWeather(
  services: JobServices,
  series: Series,
  control: JobControl = {},
  sinceMs?: number,
): Promise<WriteCounts | null> {
  const live = services.live.get(series.id);
  const points = pointsOf(services, series);
  if (points.length === 0) return null;
  if (live) {
    const known = await services.store.temperatureSpan(series.id);
    const usualMs = known ? known.lastMs : firstInstant(live, services.nowMs());
    await backfillTemperature(services, series, sinceMs ?? usualMs, control);
  }
  const { baseUrl, timeoutMs } = services.providers.openMeteo;
  const readings = await fetchOpenMeteoForecast({
    points,
    baseUrl,
    timeoutMs,
    pastDays: live ? analysedDays : runDaysBefore,
    ...(control.signal ? { signal: control.signal } : {}),
  });
  const nowMs = services.nowMs();
  if (live) {
    const past = readings.filter((reading) => endOfReading(reading) <= nowMs);
    await services.store.writeTemperature(series.id, past, { kind: 'assumed', writtenAtMs: nowMs });
  }
  return services.store.writeWeatherRun(series.id, {
    source: 'open-meteo',
    runAtMs: nowMs,
    availableAtMs: nowMs,
    readings: readings.filter(({ startMs }) => startMs >= nowMs - runDaysBefore * dayMs),
  });
}

function pointsOf({ live }: JobServices, series: Series): readonly WeatherPoint[] {
  const configured = live.get(series.id);
  if (configured) return configured.weather?.points ?? [];
  const { latitude, longitude } = series;
  return latitude === null || longitude === null ? [] : [{ latitude, longitude, weight: 1 }];
}

/** Asks the archive for what lies before the days that a forecast's own analysis covers. */
async function backfillTemperature(
  services: JobServices,
  series: Series,
  startMs: number,
  { onProgress, signal }: JobControl,
): Promise<void> {
  const { store, nowMs } = services;
  const { archiveUrl, timeoutMs, pauseMs } = services.providers.openMeteo;
  const endMs = nowMs();
  if (startMs >= endMs - analysedDays * dayMs) return;
  const pages = fetchOpenMeteoArchive({
    points: pointsOf(services, series),
    baseUrl: archiveUrl,
    timeoutMs,
    pauseMs,
    interval: { startMs, endMs },
    ...(signal ? { signal } : {}),
  });
  for await (const page of pages) {
    await store.writeTemperature(series.id, page, { kind: 'assumed', writtenAtMs: nowMs() });
    const last = page.at(-1);
    if (last)
      onProgress?.({ phase: `Open-Meteo: temperatures until ${isoUtc(endOfReading(last))}` });
  }
}
