import type { History, Place } from '../core/history.js';
import type { HourlySeries } from '../core/hourly.js';
import type { ExtraReadings } from '../core/extra-input.js';
import { hourlyMeans } from '../ingest/hourly-means.js';
import type { Reading } from '../core/reading.js';

/** Readings of one place. */
export interface NativeReadings {
  readonly load: readonly Reading[];
  /** empty where there is none */
  readonly temperature: readonly Reading[];
  readonly extras?: readonly ExtraReadings[];
}

/** History on the hour grid, its hours beginning `phaseMs` into the UTC hour, for load and weather alike. */
export function hourlyHistory(
  place: Place,
  { extras = [], ...readings }: NativeReadings,
  phaseMs: number,
): History {
  const hourly = (of: readonly Reading[]): HourlySeries => hourlyMeans(of, phaseMs).hourly;
  const load = hourly(readings.load);
  return {
    place,
    load,
    temperature:
      readings.temperature.length > 0
        ? hourly(readings.temperature)
        : { startMs: load.startMs, values: new Float64Array(0) },
    ...(extras.length > 0
      ? { extras: extras.map((extra) => ({ name: extra.name, hourly: hourly(extra.readings) })) }
      : {}),
  };
}
