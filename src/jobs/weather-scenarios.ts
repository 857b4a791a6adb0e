import { hourMs, hourPhaseMs } from '../core/time.js';
import { runScenarios } from '../forecast/weather-scenarios.js';
import { hourlyMeans } from '../ingest/hourly-means.js';
import type { Series } from '../store/store.js';
import type { JobServices } from './job-services.js';

/** a run of before says nothing of this horizon any more */
const newestHours = 48;

/**
 * Temperatures of the horizon that may come as well: the members of the last ensemble, or the last runs.
 * @param knownAtMs only what had arrived then; absent = all
 * @returns °C, shape (horizon,) each; none where there are too few
 */
export async function storedScenarios(
  { store, horizonHours }: Pick<JobServices, 'store' | 'horizonHours'>,
  { id, place }: Series,
  issuedAtMs: number,
  knownAtMs?: number,
): Promise<Float64Array[]> {
  const sinceMs = issuedAtMs - newestHours * hourMs;
  const interval = { startMs: issuedAtMs, endMs: issuedAtMs + horizonHours * hourMs };
  const known = knownAtMs === undefined ? {} : { knownAtMs };
  const ensemble = await store.latestWeatherEnsemble(id, sinceMs, knownAtMs);
  const runs = ensemble
    ? ensemble.members.map((readings) => ({ ...ensemble, readings }))
    : await store.listWeatherRuns(id, sinceMs, { interval, ...known });
  const phaseMs = hourPhaseMs(place.zone, issuedAtMs);
  const courses = runs
    .filter(({ readings }) => readings.length > 0)
    .map(({ runAtMs, readings }) => ({
      runAtMs,
      // what has arrived is known, be it some minutes after the issue time
      availableAtMs: issuedAtMs,
      temperature: hourlyMeans(readings, phaseMs).hourly,
    }));
  return runScenarios(courses, horizonHours)(issuedAtMs);
}
