import { dayMs, hourMs, hourPhaseMs, localDate, localInstants } from '../core/time.js';
import type { TemperatureRun } from '../forecast/weather.js';
import { hourlyMeans } from '../ingest/hourly-means.js';
import type { Series, Store } from '../store/store.js';

/** as long as fetched forecasts are kept */
const longestDays = 400;

/**
 * The weather forecasts as they were known at the local midnights before an instant, one for each that has any: what
 * forecasts of then would have been made with.
 */
export async function pastWeather(
  store: Store,
  { id, place: { zone } }: Series,
  untilMs: number,
  horizonHours: number,
): Promise<TemperatureRun[]> {
  const runs: TemperatureRun[] = [];
  const dates = [untilMs - longestDays * dayMs, untilMs].map((ms) => localDate(ms, zone));
  for (const issuedAtMs of localInstants(zone, dates[0] ?? '', dates[1] ?? '')) {
    const interval = { startMs: issuedAtMs, endMs: issuedAtMs + horizonHours * hourMs };
    const { readings } = await store.readWeatherForecast(id, { interval, knownAtMs: issuedAtMs });
    if (readings.length > 0)
      runs.push({
        availableAtMs: issuedAtMs,
        runAtMs: issuedAtMs,
        temperature: hourlyMeans(readings, hourPhaseMs(zone, issuedAtMs)).hourly,
      });
  }
  return runs;
}
