import type { Knex } from 'knex';
import { endOfReading, type Reading } from '../core/reading.js';
import {
  sliceColumns,
  toReadings,
  type ReadingColumns,
  type Readings,
} from '../core/reading-columns.js';
import { availability } from './availability.js';
import type { Database } from './database.js';
import { insertFirstVersions } from './first-versions.js';
import { insertRows } from './insert-rows.js';
import {
  columnsOf,
  extraTable,
  keyOf,
  loadTable,
  stageOf,
  temperatureTable,
  type ReadingTable,
} from './reading-table.js';
import { requireSeries } from './series-records.js';
import type {
  ReadingSpan,
  ReadLoadOptions,
  Reception,
  Series,
  Store,
  WriteCounts,
} from './store.js';
import { condenseHours } from './whole-hours.js';
import { addCounts, ascendingColumns, changesOf, countsOf, type Version } from './versions.js';

/** Readings compared with the stored ones at a time: bounds memory, keeps the event loop free. */
const chunkSize = 5_000;
/** Readings that are stored together: of a longer write that is cut short whole batches stay. */
const batchSize = 100_000;

export function readings(
  database: Database,
): Pick<
  Store,
  | 'writeLoad'
  | 'writeTemperature'
  | 'writeExtra'
  | 'readLoad'
  | 'readTemperature'
  | 'readExtra'
  | 'loadSpan'
  | 'temperatureSpan'
  | 'extraSpan'
  | 'listExtras'
> {
  return {
    writeLoad: (id, values, reception, onWritten) =>
      write(database, loadTable, id, values, reception, onWritten),
    writeTemperature: (id, values, reception, onWritten) =>
      write(database, temperatureTable, id, values, reception, onWritten),
    writeExtra: (id, name, values, reception, onWritten) =>
      write(database, extraTable(name), id, values, reception, onWritten),
    readLoad: (id, options) => read(database, loadTable, id, options),
    readTemperature: (id, options) => read(database, temperatureTable, id, options),
    readExtra: (id, name, options) => read(database, extraTable(name), id, options),
    loadSpan: (id) => span(database, loadTable, id),
    temperatureSpan: (id) => span(database, temperatureTable, id),
    extraSpan: (id, name) => span(database, extraTable(name), id),
    listExtras: (id) => database.read((reader) => namesOfExtras(reader, id)),
  };
}

async function write(
  database: Database,
  target: ReadingTable,
  seriesId: string,
  values: Readings,
  reception: Reception,
  onWritten?: (readings: number) => void,
): Promise<WriteCounts> {
  const ascending = ascendingColumns(`${target.what} of series "${seriesId}"`, values);
  let counts: WriteCounts = { added: 0, unchanged: 0, revised: 0 };
  let from = 0;
  do {
    const batch = sliceColumns(ascending, from, from + batchSize);
    counts = addCounts(
      counts,
      await database.write((transaction) =>
        writeBatch(transaction, target, seriesId, batch, reception),
      ),
    );
    from += batchSize;
    onWritten?.(Math.min(from, ascending.startMs.length));
  } while (from < ascending.startMs.length);
  return counts;
}

async function writeBatch(
  transaction: Knex.Transaction,
  target: ReadingTable,
  seriesId: string,
  batch: ReadingColumns,
  reception: Reception,
): Promise<WriteCounts> {
  const series = await requireSeries(transaction, seriesId);
  let counts: WriteCounts = { added: 0, unchanged: 0, revised: 0 };
  for (let from = 0; from < batch.startMs.length; from += chunkSize) {
    const chunk = sliceColumns(batch, from, from + chunkSize);
    counts = addCounts(counts, await writeChunk(transaction, target, series, chunk, reception));
  }
  return counts;
}

async function writeChunk(
  transaction: Knex.Transaction,
  target: ReadingTable,
  series: Series,
  columns: ReadingColumns,
  reception: Reception,
): Promise<WriteCounts> {
  if (!(await holdsAny(transaction, target, series.id, columns))) {
    await insertFirstVersions(transaction, target, series, columns, reception);
    return { added: columns.startMs.length, unchanged: 0, revised: 0 };
  }
  const chunk = toReadings(columns);
  const stage = stageOf(target, reception);
  const changes = changesOf(
    chunk,
    await newestVersions(transaction, target, series.id, chunk),
    stage[0],
  );
  const key = Object.values(keyOf(target, series.id));
  const rows = changes.map(({ reading, previous }) => {
    const { availableAtMs, assumed } = availability(series, reading, previous, reception);
    const version = (previous?.version ?? 0) + 1;
    return [
      ...key,
      reading.startMs,
      version,
      reading.minutes,
      reading.value,
      availableAtMs,
      assumed,
      ...stage,
    ];
  });
  await insertRows(transaction, target.table, columnsOf(target), rows);
  return countsOf(chunk.length, changes);
}

/** Whether a reading is stored from the first to the last of these. */
async function holdsAny(
  reader: Knex,
  target: ReadingTable,
  seriesId: string,
  { startMs }: ReadingColumns,
): Promise<boolean> {
  const found: unknown = await reader(target.table)
    .where(keyOf(target, seriesId))
    .where('start_ms', '>=', startMs[0] ?? 0)
    .where('start_ms', '<=', startMs.at(-1) ?? 0)
    .first('start_ms');
  return found !== undefined;
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
  { hourPhaseMs, ...options }: ReadLoadOptions = {},
): Promise<Reading[]> {
  return database.read(async (reader) => {
    if (hourPhaseMs === undefined) return readEach(reader, source, seriesId, options);
    const condensed = await condenseHours(reader, source, seriesId, options, hourPhaseMs);
    const others: Reading[] = [];
    for (const interval of condensed.others)
      for (const reading of await readEach(reader, source, seriesId, { ...options, interval }))
        others.push(reading);
    return others.length === 0
      ? condensed.hours
      : [...condensed.hours, ...others].sort((a, b) => a.startMs - b.startMs);
  });
}

async function readEach(
  reader: Knex,
  source: ReadingTable,
  seriesId: string,
  options: ReadLoadOptions,
): Promise<Reading[]> {
  const rows = await newestFirstToLast(reader, source, seriesId, options);
  return withoutOverlaps(rows).map(({ startMs, minutes, value }) => ({ startMs, minutes, value }));
}

/** One look-up in the key for each name, however many readings it has. */
async function namesOfExtras(reader: Knex, seriesId: string): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const query = reader('extra_observation').where('series_id', seriesId);
    const last = names.at(-1);
    if (last !== undefined) void query.where('name', '>', last);
    const next = await query.orderBy('name').first<{ name: string } | undefined>('name');
    if (!next) return names;
    names.push(next.name);
  }
}

/** Two queries: SQLite finds the end of an index for one `min` or `max`, and scans for both at once. */
function span(
  database: Database,
  source: ReadingTable,
  seriesId: string,
): Promise<ReadingSpan | null> {
  return database.read(async (reader) => {
    const end = async (pick: 'min' | 'max'): Promise<number | null> => {
      const query = reader(source.table).where(keyOf(source, seriesId));
      const [row] = await query[pick]<{ startMs: number | null }[]>({ startMs: 'start_ms' });
      return row?.startMs ?? null;
    };
    const [firstMs, lastMs] = [await end('min'), await end('max')];
    return firstMs === null || lastMs === null ? null : { firstMs, lastMs };
  });
}

/**
 * Of readings that cover the same time, where a correction is of another length than what it corrects, the one that
 * came last; settled loads before operational ones.
 */
function withoutOverlaps(ascending: readonly Version[]): Version[] {
  const kept: Version[] = [];
  for (const row of ascending) {
    let last = kept.at(-1);
    while (last && endOfReading(last) > row.startMs && isBefore(last, row)) {
      kept.pop();
      last = kept.at(-1);
    }
    if (!last || endOfReading(last) <= row.startMs) kept.push(row);
  }
  return kept;
}

function isBefore(a: Version, b: Version): boolean {
  const [settledA, settledB] = [a.settlement ?? 0, b.settlement ?? 0];
  return settledA === settledB ? a.availableAtMs < b.availableAtMs : settledA < settledB;
}

/** The newest version of each interval that was available, ascending by start. */
async function newestFirstToLast(
  reader: Knex,
  source: ReadingTable,
  seriesId: string,
  options: ReadLoadOptions,
): Promise<Version[]> {
  const query = reader(source.table)
    .where(keyOf(source, seriesId))
    .orderBy(['start_ms', 'version'])
    .select<Version[]>({
      startMs: 'start_ms',
      version: 'version',
      minutes: 'interval_minutes',
      value: source.valueColumn,
      availableAtMs: 'available_at_ms',
      ...(source.staged ? { settlement: 'settlement' } : {}),
    });
  if (options.stage) void query.where('settlement', options.stage === 'settlement' ? 1 : 0);
  if (options.interval)
    void query
      .where('start_ms', '>=', options.interval.startMs)
      .where('start_ms', '<', options.interval.endMs);
  if (options.knownAtMs !== undefined) void query.where('available_at_ms', '<=', options.knownAtMs);
  const versions = await query;
  // The primary key gives this order for free; the last version of each interval is the newest.
  return versions.filter((row, i) => versions[i + 1]?.startMs !== row.startMs);
}
