import type { History, Place } from '../../core/history.js';
import type { HourlySeries } from '../../core/hourly.js';
import { hourPhaseMs } from '../../core/time.js';
import { hourlyMeans } from '../../ingest/hourly-means.js';
import type { LoadTable } from '../../ingest/load-table.js';
import type { Reading } from '../../ingest/reading.js';

export interface FileHistory {
  readonly history: History;
  /** the file's own forecast of the temperature, one value an hour; null without such a column */
  readonly temperatureForecast: HourlySeries | null;
  /** end of the last interval with a load or a temperature */
  readonly endMs: number;
}

/** Hourly history of a load file, without a database. */
export function historyOfFile(table: LoadTable, place: Place): FileHistory {
  const phaseMs = hourPhaseMs(place.zone, table.load[0]?.startMs ?? 0);
  const hourly = (readings: readonly Reading[]): HourlySeries =>
    hourlyMeans(readings, table.resolutionMinutes, phaseMs).hourly;
  const lastStartMs = Math.max(
    ...[table.load, table.temperature].flatMap((readings) => readings.at(-1)?.startMs ?? []),
  );
  const load = hourly(table.load);
  return {
    history: {
      place,
      load,
      temperature:
        table.temperature.length > 0
          ? hourly(table.temperature)
          : { startMs: load.startMs, values: new Float64Array(0) },
    },
    temperatureForecast:
      table.temperatureForecast.length > 0 ? hourly(table.temperatureForecast) : null,
    endMs: lastStartMs + table.resolutionMinutes * 60_000,
  };
}
