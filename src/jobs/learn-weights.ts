import { LoadcastError } from '../core/errors.js';
import { sliceHours } from '../core/hourly.js';
import { dayMs, hourPhaseMs, isoUtc } from '../core/time.js';
import { undisturbedHistory } from '../features/events.js';
import { learnPointWeights, type LearnedWeights } from '../forecast/learn-point-weights.js';
import { hourlyMeans } from '../ingest/hourly-means.js';
import type { Reading } from '../core/reading.js';
import type { LiveSeries } from '../ingest/live-series.js';
import { fetchOpenMeteoArchive } from '../ingest/sources/open-meteo.js';
import type { Series } from '../store/store.js';
import type { JobControl, JobServices } from './job-services.js';
import { lastKnownEnd, seriesHistory } from './series-history.js';

const longestDays = 3 * 366;

/**
 * Learns how much each weather point of a live series counts, from its load and the archive's temperature of each point
 * over the last three years. Nothing is stored.
 * @throws {LoadcastError} INVALID_INPUT for a series without several points, SOURCE_FAILED, CANCELLED
 * @throws {InsufficientHistoryError} for less than a year of load
 */
export async function learnWeights(
  services: JobServices,
  series: Series,
  { onProgress, signal }: JobControl = {},
): Promise<LearnedWeights & { readonly points: NonNullable<LiveSeries['weather']>['points'] }> {
  const points = services.live.get(series.id)?.weather?.points ?? [];
  if (points.length < 2)
    throw new LoadcastError(
      'INVALID_INPUT',
      `"${series.name}" has ${points.length} weather points in the configuration; weights are learned of two or more.`,
    );
  const { load } = undisturbedHistory(await seriesHistory(services, series));
  const untilMs = lastKnownEnd(load);
  const interval = {
    startMs: Math.max(load.startMs, untilMs - longestDays * dayMs),
    endMs: untilMs,
  };
  const { archiveUrl, timeoutMs, pauseMs } = services.providers.openMeteo;
  const temperatures = [];
  for (const [i, point] of points.entries()) {
    onProgress?.({ phase: 'temperatures of the points', step: i + 1, steps: points.length });
    const readings: Reading[] = [];
    const pages = fetchOpenMeteoArchive({
      points: [point],
      baseUrl: archiveUrl,
      timeoutMs,
      pauseMs,
      interval,
      ...(signal ? { signal } : {}),
    });
    for await (const page of pages) readings.push(...page);
    if (readings.length === 0)
      throw new LoadcastError(
        'SOURCE_FAILED',
        `Open-Meteo has no temperature at ${point.latitude}, ${point.longitude} since ${isoUtc(interval.startMs)}.`,
      );
    temperatures.push(hourlyMeans(readings, hourPhaseMs(series.place.zone, load.startMs)).hourly);
  }
  const recent = sliceHours(load, interval.startMs, interval.endMs);
  const given = points.map(({ weight }) => weight);
  return { ...learnPointWeights(series.place, recent, temperatures, given), points };
}
