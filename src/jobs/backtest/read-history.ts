import type { History, Place } from '../../core/history.js';
import type { HourlySeries } from '../../core/hourly.js';
import { hourPhaseMs } from '../../core/time.js';
import { hourlyMeans } from '../../ingest/hourly-means.js';
import type { Resolution } from '../../core/native-load.js';
import { nativeLoad } from '../../ingest/native-load.js';
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

/**
 * Hourly history of a load file, without a database.
 * @param resolution native: with the loads as they are, so that forecasts are as fine
 */
export function historyOfFile(
  table: LoadTable,
  place: Place,
  resolution: Resolution = 'hourly',
): FileHistory {
  const phaseMs = hourPhaseMs(place.zone, table.load[0]?.startMs ?? 0);
  const native =
    resolution === 'native' ? nativeLoad(table.load, phaseMs, table.resolutionMinutes) : null;
  const ends = [table.load, table.temperature].flatMap((readings) => readings.slice(-1));
  return {
    history: { ...hourlyHistory(place, table, phaseMs), ...(native ? { native } : {}) },
    temperatureForecast:
      table.temperatureForecast.length > 0
        ? hourlyMeans(table.temperatureForecast, phaseMs).hourly
        : null,
    endMs: Math.max(...ends.map(endOfReading)),
  };
}
