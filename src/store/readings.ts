import type { Knex } from 'knex';
import { endOfReading, type Reading } from '../core/reading.js';
import { hourMs } from '../core/time.js';
import type { Database } from './database.js';
import { insertRows } from './insert-rows.js';
import { requireSeries } from './series-records.js';
import type { ReadingSpan, ReadOptions, Reception, Series, Store, WriteCounts } from './store.js';
import { addCounts, ascendingReadings, changesOf, countsOf, type Version } from './versions.js';

interface ReadingTable {
  readonly what: string;
  readonly table: 'load_observation' | 'weather_observation';
  readonly valueColumn: 'load_mw' | 'temperature_c';
}

const load: ReadingTable = { what: 'Load', table: 'load_observation', valueColumn: 'load_mw' };
const temperature: ReadingTable = {
  what: 'Temperature',
  table: 'weather_observation',
  valueColumn: 'temperature_c',
};

/** Readings compared with the stored ones at a time: bounds memory, keeps the event loop free. */
const chunkSize = 5_000;

export function readings(
  database: Database,
): Pick<
  Store,
  'writeLoad' | 'writeTemperature' | 'readLoad' | 'readTemperature' | 'loadSpan' | 'temperatureSpan'
> {
  return {
    writeLoad: (id, values, reception) => write(database, load, id, values, reception),
    writeTemperature: (id, values, reception) =>
      write(database, temperature, id, values, reception),
    readLoad: (id, options) => read(database, load, id, options),
    readTemperature: (id, options) => read(database, temperature, id, options),
    loadSpan: (id) => span(database, load, id),
    temperatureSpan: (id) => span(database, temperature, id),
  };
}

async function write(
  database: Database,
  target: ReadingTable,
  seriesId: string,
  values: readonly Reading[],
  reception: Reception,
): Promise<WriteCounts> {
  const ascending = ascendingReadings(`${target.what} of series "${seriesId}"`, values);
  return database.write(async (transaction) => {
    const series = await requireSeries(transaction, seriesId);
    let counts: WriteCounts = { added: 0, unchanged: 0, revised: 0 };
    for (let from = 0; from < ascending.length; from += chunkSize) {
      const chunk = ascending.slice(from, from + chunkSize);
      const changes = changesOf(chunk, await newestVersions(transaction, target, series.id, chunk));
      const rows = changes.map(({ reading, previous }) => {
        const { availableAtMs, assumed } = availability(series, reading, previous, reception);
        const version = (previous?.version ?? 0) + 1;
        return [
          series.id,
          reading.startMs,
          version,
          reading.minutes,
          reading.value,
          availableAtMs,
          assumed,
        ];
      });
      await insertRows(transaction, target.table, columnsOf(target), rows);
      counts = addCounts(counts, countsOf(chunk.length, changes));
    }
    return counts;
  });
}

function columnsOf(target: ReadingTable): string[] {
  return [
    'series_id',
    'start_ms',
    'version',
    'interval_minutes',
    target.valueColumn,
    'available_at_ms',
    'assumed',
  ];
}

/**
 * When a version counts as known. History without an arrival time is taken to have come `reportingDelayHours` after
 * its interval, but never later than it was written; a correction of it is known from its writing on, so that a
 * back-test sees the value which a forecast of that time would have seen.
 */
function availability(
  series: Series,
  reading: Reading,
  previous: Version | null,
  reception: Reception,
): { availableAtMs: number; assumed: 0 | 1 } {
  if (reception.kind === 'received') return { availableAtMs: reception.atMs, assumed: 0 };
  const writtenAtMs = reception.writtenAtMs ?? null;
  if (previous && writtenAtMs !== null) return { availableAtMs: writtenAtMs, assumed: 0 };
  const endMs = endOfReading(reading);
  const usualMs = endMs + Math.round(series.reportingDelayHours * hourMs);
  if (previous) return { availableAtMs: Math.max(usualMs, previous.availableAtMs), assumed: 1 };
  return { availableAtMs: Math.min(usualMs, writtenAtMs ?? usualMs), assumed: 1 };
}

async function newestVersions(
  reader: Knex,
  target: ReadingTable,
  seriesId: string,
  ascending: readonly Reading[],
): Promise<Map<number, Version>> {
  const startMs = ascending[0]?.startMs ?? 0;
  const endMs = (ascending.at(-1)?.startMs ?? 0) + 1;
  const rows = await newestFirstToLast(reader, target, seriesId, { interval: { startMs, endMs } });
  return new Map(rows.map((row) => [row.startMs, row]));
}

function read(
  database: Database,
  source: ReadingTable,
  seriesId: string,
  options: ReadOptions = {},
): Promise<Reading[]> {
  return database.read(async (reader) => {
    const rows = await newestFirstToLast(reader, source, seriesId, options);
    return withoutOverlaps(rows).map(({ startMs, minutes, value }) => ({
      startMs,
      minutes,
      value,
    }));
  });
}

/** Two queries: SQLite finds the end of an index for one `min` or `max`, and scans for both at once. */
function span(
  database: Database,
  { table }: ReadingTable,
  seriesId: string,
): Promise<ReadingSpan | null> {
  return database.read(async (reader) => {
    const end = async (pick: 'min' | 'max'): Promise<number | null> => {
      const query = reader(table).where('series_id', seriesId);
      const [row] = await query[pick]<{ startMs: number | null }[]>({ startMs: 'start_ms' });
      return row?.startMs ?? null;
    };
    const [firstMs, lastMs] = [await end('min'), await end('max')];
    return firstMs === null || lastMs === null ? null : { firstMs, lastMs };
  });
}

/**
 * Of readings that cover the same time, where a correction is of another length than what it corrects, the one that
 * came last.
 */
function withoutOverlaps(ascending: readonly Version[]): Version[] {
  const kept: Version[] = [];
  for (const row of ascending) {
    let last = kept.at(-1);
    while (last && endOfReading(last) > row.startMs && last.availableAtMs < row.availableAtMs) {
      kept.pop();
      last = kept.at(-1);
    }
    if (!last || endOfReading(last) <= row.startMs) kept.push(row);
  }
  return kept;
}

/** The newest version of each interval that was available, ascending by start. */
async function newestFirstToLast(
  reader: Knex,
  source: ReadingTable,
  seriesId: string,
  options: ReadOptions,
): Promise<Version[]> {
  const query = reader(source.table)
    .where('series_id', seriesId)
    .orderBy(['start_ms', 'version'])
    .select<Version[]>({
      startMs: 'start_ms',
      version: 'version',
      minutes: 'interval_minutes',
      value: source.valueColumn,
      availableAtMs: 'available_at_ms',
    });
  if (options.interval)
    void query
      .where('start_ms', '>=', options.interval.startMs)
      .where('start_ms', '<', options.interval.endMs);
  if (options.knownAtMs !== undefined) void query.where('available_at_ms', '<=', options.knownAtMs);
  const versions = await query;
  // The primary key gives this order for free; the last version of each interval is the newest.
  return versions.filter((row, i) => versions[i + 1]?.startMs !== row.startMs);
}
