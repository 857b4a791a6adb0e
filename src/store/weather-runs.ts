import type { Knex } from 'knex';
import type { Database } from './database.js';
import { insertRows } from './insert-rows.js';
import { requireSeries } from './series-records.js';
import type { Reading } from '../core/reading.js';
import type { Store, WeatherRun, WriteCounts } from './store.js';
import { ascendingReadings, changesOf, countsOf, type Version } from './versions.js';

type Source = WeatherRun['source'];

const columns = [
  'series_id',
  'start_ms',
  'run_at_ms',
  'source',
  'version',
  'interval_minutes',
  'temperature_c',
  'available_at_ms',
];

export function weatherRuns(
  database: Database,
): Pick<Store, 'writeWeatherRun' | 'readWeatherForecast' | 'listWeatherRuns'> {
  return {
    writeWeatherRun: (seriesId, run) =>
      database.write((transaction) => writeRun(transaction, seriesId, run)),

    listWeatherRuns: (seriesId, sinceMs, { interval, knownAtMs } = {}) =>
      database.read(async (reader) => {
        const query = reader('weather_forecast')
          .where('series_id', seriesId)
          .where('run_at_ms', '>=', sinceMs);
        if (interval)
          void query
            .where('start_ms', '>=', interval.startMs)
            .where('start_ms', '<', interval.endMs);
        if (knownAtMs !== undefined) void query.where('available_at_ms', '<=', knownAtMs);
        const rows = await query
          .orderBy([
            { column: 'run_at_ms', order: 'desc' },
            { column: 'start_ms' },
            { column: 'version' },
          ])
          .select<(WeatherRow & { available_at_ms: number })[]>(
            'start_ms',
            'run_at_ms',
            'available_at_ms',
            'interval_minutes',
            'temperature_c',
          );
        const runs = new Map<number, { availableAtMs: number; readings: Map<number, Reading> }>();
        for (const row of rows) {
          const run = runs.get(row.run_at_ms) ?? { availableAtMs: 0, readings: new Map() };
          run.availableAtMs = Math.max(run.availableAtMs, row.available_at_ms);
          run.readings.set(row.start_ms, {
            startMs: row.start_ms,
            minutes: row.interval_minutes,
            value: row.temperature_c,
          });
          runs.set(row.run_at_ms, run);
        }
        return [...runs].map(([runAtMs, { availableAtMs, readings }]) => ({
          runAtMs,
          availableAtMs,
          readings: [...readings.values()],
        }));
      }),

    readWeatherForecast: (seriesId, options = {}) =>
      database.read(async (reader) => {
        const ranked = reader('weather_forecast')
          .where('series_id', seriesId)
          .select('start_ms', 'source', 'run_at_ms', 'interval_minutes', 'temperature_c')
          .rowNumber('newest', (over) => {
            void over
              .partitionBy('start_ms')
              .orderBy('run_at_ms', 'desc')
              .orderBy('available_at_ms', 'desc')
              .orderBy('version', 'desc')
              .orderBy('source');
          });
        const { interval, knownAtMs } = options;
        if (interval)
          void ranked
            .where('start_ms', '>=', interval.startMs)
            .where('start_ms', '<', interval.endMs);
        if (knownAtMs !== undefined) void ranked.where('available_at_ms', '<=', knownAtMs);
        const rows = await reader
          .from(ranked.as('ranked'))
          .where('newest', 1)
          .orderBy('start_ms')
          .select<WeatherRow[]>(
            'start_ms',
            'source',
            'run_at_ms',
            'interval_minutes',
            'temperature_c',
          );
        return {
          source: newestSource(rows),
          readings: rows.map((row) => ({
            startMs: row.start_ms,
            minutes: row.interval_minutes,
            value: row.temperature_c,
          })),
        };
      }),
  };
}

interface WeatherRow {
  start_ms: number;
  source: Source;
  run_at_ms: number;
  interval_minutes: number;
  temperature_c: number;
}

/** The source of the newest run that any hour came from. */
function newestSource(rows: readonly WeatherRow[]): Source | null {
  let newest: WeatherRow | null = null;
  for (const row of rows) if (!newest || row.run_at_ms > newest.run_at_ms) newest = row;
  return newest?.source ?? null;
}

async function writeRun(
  transaction: Knex.Transaction,
  seriesId: string,
  run: WeatherRun,
): Promise<WriteCounts> {
  const readings = ascendingReadings(`Weather forecast of series "${seriesId}"`, run.readings);
  await requireSeries(transaction, seriesId);
  const changes = changesOf(readings, await storedRun(transaction, seriesId, run, readings));
  const rows = changes.map(({ reading, previous }) => [
    seriesId,
    reading.startMs,
    run.runAtMs,
    run.source,
    (previous?.version ?? 0) + 1,
    reading.minutes,
    reading.value,
    run.availableAtMs,
  ]);
  await insertRows(transaction, 'weather_forecast', columns, rows);
  return countsOf(readings.length, changes);
}

/** The newest version of each hour of this very run. */
async function storedRun(
  transaction: Knex.Transaction,
  seriesId: string,
  run: WeatherRun,
  readings: readonly Reading[],
): Promise<Map<number, Version>> {
  const rows = await transaction('weather_forecast')
    .where({ series_id: seriesId, run_at_ms: run.runAtMs, source: run.source })
    .where('start_ms', '>=', readings[0]?.startMs ?? 0)
    .where('start_ms', '<=', readings.at(-1)?.startMs ?? 0)
    .orderBy(['start_ms', 'version'])
    .select<Version[]>({
      startMs: 'start_ms',
      version: 'version',
      minutes: 'interval_minutes',
      value: 'temperature_c',
      availableAtMs: 'available_at_ms',
    });
  return new Map(rows.map((row) => [row.startMs, row]));
}
