import type { History, Place } from '../../core/history.js';
import type { HourlySeries } from '../../core/hourly.js';
import { hourPhaseMs } from '../../core/time.js';
import { hourlyMeans } from '../../ingest/hourly-means.js';
import type { LoadTable } from '../../ingest/load-table.js';
import { endOfReading } from '../../core/reading.js';
import { hourlyHistory } from '../hourly-history.js';

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
  const ends = [table.load, table.temperature].flatMap((readings) => readings.slice(-1));
  return {
    history: hourlyHistory(place, table, phaseMs),
    temperatureForecast:
      table.temperatureForecast.length > 0
        ? hourlyMeans(table.temperatureForecast, phaseMs).hourly
        : null,
    endMs: Math.max(...ends.map(endOfReading)),
  };
}
