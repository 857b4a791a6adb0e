import { dayMs, hourMs, isoUtc, localDate, localInstants } from '../../core/time.js';
import { firstInstant } from '../../ingest/live-series.js';
import { messageOf } from '../../core/errors.js';
import { mostScenarios } from '../../forecast/weather-scenarios.js';
import { leadDaysOf } from '../../core/horizon.js';
import { endOfReading, type Reading } from '../../core/reading.js';
import { fetchOpenMeteoArchive, fetchOpenMeteoForecast } from '../../ingest/sources/open-meteo.js';
import { ensembleMean, fetchOpenMeteoEnsemble } from '../../ingest/sources/open-meteo-ensemble.js';
import { fetchOpenMeteoPreviousRuns } from '../../ingest/sources/open-meteo-previous-runs.js';
import type { Series, WriteCounts } from '../../store/store.js';
import type { JobControl, JobServices } from '../job-services.js';
import { ingestVariables } from './ingest-variables.js';
import { analysedDays, weatherPoints } from './weather-points.js';

/** a run keeps its last days before, for forecasts that are issued late */
const runDaysBefore = 2;
/** as long as fetched forecasts are kept */
const forecastDays = 400;
/** runs that began less than this before were not out yet */
const publishedAfterHours = 6;
/** Open-Meteo tells what was forecast up to so many days before */
const longestLeadDays = 7;

/**
 * Fetches the temperature forecast of a series with coordinates and stores it as one run. Of a live series the past is
 * stored as well, as what was measured: all of it from the archive at first, the last days from each forecast; and so
 * are the other variables that it names.
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
  const points = weatherPoints(services, series);
  if (points.length === 0) return null;
  const past = live ? await services.store.temperatureSpan(series.id) : null;
  if (live) {
    await backfillForecasts(services, series, control);
    const usualMs = past ? past.lastMs : firstInstant(live, services.nowMs());
    await backfillTemperature(services, series, sinceMs ?? usualMs, control);
  }
  const { baseUrl, timeoutMs } = services.providers.openMeteo;
  const readings = await fetchOpenMeteoForecast({
    points,
    baseUrl,
    timeoutMs,
    pastDays: live ? analysedDays : runDaysBefore,
    forecastDays: daysReached(services),
    ...(control.signal ? { signal: control.signal } : {}),
  });
  const nowMs = services.nowMs();
  if (live) {
    const measured = readings.filter((reading) => endOfReading(reading) <= nowMs);
    await services.store.writeTemperature(series.id, measured, {
      kind: 'assumed',
      writtenAtMs: nowMs,
    });
  }
  const counts = await services.store.writeWeatherRun(series.id, {
    source: 'open-meteo',
    runAtMs: nowMs,
    availableAtMs: nowMs,
    readings: await withEnsemble(
      services,
      series,
      readings.filter(({ startMs }) => startMs >= nowMs - runDaysBefore * dayMs),
      control,
    ),
  });
  await ingestVariables(services, series, control, sinceMs ?? past?.lastMs);
  return counts;
}

/** Today and what a horizon from any of its hours reaches, a day of which may be another one in UTC. */
function daysReached({ horizonHours }: Pick<JobServices, 'horizonHours'>): number {
  return horizonHours / 24 + 2;
}

/**
 * The forecast with the mean of an ensemble in place of the hours that are still to come, where the configuration asks
 * for one. Its failure costs that alone.
 */
async function withEnsemble(
  services: JobServices,
  series: Series,
  forecast: readonly Reading[],
  { signal }: JobControl,
): Promise<readonly Reading[]> {
  const { ensembleUrl: baseUrl, timeoutMs } = services.providers.openMeteo;
  if (services.live.get(series.id)?.weather?.ensemble !== true) return forecast;
  try {
    const members = await fetchOpenMeteoEnsemble({
      points: weatherPoints(services, series),
      baseUrl,
      timeoutMs,
      forecastDays: daysReached(services),
      ...(signal ? { signal } : {}),
    });
    const fetchedMs = services.nowMs();
    await services.store.writeWeatherEnsemble(series.id, {
      runAtMs: fetchedMs,
      availableAtMs: fetchedMs,
      members: thinned(members),
    });
    const means = new Map(ensembleMean(members).map((reading) => [reading.startMs, reading]));
    const nowMs = services.nowMs();
    return forecast.map((reading) =>
      reading.startMs >= nowMs ? (means.get(reading.startMs) ?? reading) : reading,
    );
  } catch (error) {
    if (signal?.aborted) throw error;
    services.warn(`No ensemble forecast of ${series.id}, one run stands in: ${messageOf(error)}`);
    return forecast;
  }
}

/** As many as are made use of, the control run among them. */
function thinned<T>(members: readonly T[]): T[] {
  const stride = Math.ceil(members.length / mostScenarios);
  return members.filter((_, i) => i % stride === 0);
}

/**
 * Asks once for what was forecast on the midnights before the series came, so that a training sees weather forecasts of
 * the right age. Its failure costs that alone: then the protocol's error model stands in.
 */
async function backfillForecasts(
  services: JobServices,
  series: Series,
  { onProgress, signal }: JobControl,
): Promise<void> {
  const { store, nowMs, horizonHours } = services;
  const { previousRunsUrl, timeoutMs, pauseMs } = services.providers.openMeteo;
  const { zone } = series.place;
  const interval = { startMs: nowMs() - forecastDays * dayMs, endMs: nowMs() };
  const past = { startMs: interval.startMs, endMs: interval.endMs - 3 * dayMs };
  if ((await store.readWeatherForecast(series.id, { interval: past })).readings.length > 0) return;
  onProgress?.({ phase: 'Open-Meteo: earlier forecasts' });
  const pages = fetchOpenMeteoPreviousRuns({
    leadDays: leadDaysOf(horizonHours + 24).slice(0, longestLeadDays),
    points: weatherPoints(services, series),
    baseUrl: previousRunsUrl,
    timeoutMs,
    pauseMs,
    interval,
    ...(signal ? { signal } : {}),
  });
  const byLead = new Map<number, Map<number, number>>();
  try {
    for await (const page of pages)
      for (const { leadDays, readings } of page) {
        const known = byLead.get(leadDays) ?? new Map<number, number>();
        for (const { startMs, value } of readings) known.set(startMs, value);
        byLead.set(leadDays, known);
      }
  } catch (error) {
    if (signal?.aborted) throw error;
    services.warn(`No earlier weather forecasts of ${series.id}: ${messageOf(error)}`);
    return;
  }
  const dates = [interval.startMs, interval.endMs].map((ms) => localDate(ms, zone));
  for (const issuedAtMs of localInstants(zone, dates[0] ?? '', dates[1] ?? '')) {
    const fromMs = Math.ceil(issuedAtMs / hourMs) * hourMs;
    const readings = forecastOf(byLead, fromMs, horizonHours);
    if (readings.length > 0 && issuedAtMs < interval.endMs)
      await store.writeWeatherRun(series.id, {
        source: 'open-meteo',
        runAtMs: issuedAtMs - publishedAfterHours * hourMs,
        availableAtMs: issuedAtMs,
        readings,
      });
  }
}

/** The horizon of one issue time, each hour from a run that had begun long enough before to be out by then. */
function forecastOf(
  byLead: ReadonlyMap<number, ReadonlyMap<number, number>>,
  fromMs: number,
  horizonHours: number,
): Reading[] {
  const readings: Reading[] = [];
  for (let lead = 0; lead < horizonHours; lead++) {
    const startMs = fromMs + lead * hourMs;
    // Of the last hours of a week the run of seven days before is the oldest that is told.
    const leadDays = Math.min(longestLeadDays, Math.ceil((lead + publishedAfterHours) / 24));
    const value = byLead.get(leadDays)?.get(startMs);
    if (value !== undefined) readings.push({ startMs, minutes: 60, value });
  }
  return readings;
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
    points: weatherPoints(services, series),
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
