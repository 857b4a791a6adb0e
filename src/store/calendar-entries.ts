import type { Knex } from 'knex';
import {
  entryProblem,
  isDayKind,
  isEventKind,
  isLoadEvent,
  type CalendarEntry,
} from '../core/calendar-entry.js';
import { LoadcastError } from '../core/errors.js';
import { isoUtc } from '../core/time.js';
import type { Database } from './database.js';
import { insertRows } from './insert-rows.js';
import { requireSeries } from './series-records.js';
import type { CalendarRecord, Store } from './store.js';

interface EntryRow {
  id: number;
  series_id: string;
  kind: string;
  name: string;
  region: string | null;
  start_ms: number;
  end_ms: number;
  share: number | null;
  effect_mw: number | null;
  masked: number;
  source: string;
  author: string;
  reason: string | null;
  created_at_ms: number;
  withdrawn_at_ms: number | null;
  withdrawn_by: string | null;
}

export function calendarEntries(
  database: Database,
): Pick<Store, 'addCalendarEntries' | 'withdrawCalendarEntry' | 'readCalendarEntries'> {
  return {
    addCalendarEntries: (seriesId, entries, addition) =>
      database.write(async (transaction) => {
        for (const entry of entries) assertEntry(entry);
        await requireSeries(transaction, seriesId);
        const standing = await transaction<EntryRow>('calendar_entry')
          .where('series_id', seriesId)
          .whereNull('withdrawn_at_ms');
        const known = new Set(standing.map((row) => contentOf(fromRow(row).entry)));
        const added = entries.filter((entry) => {
          const content = contentOf(entry);
          const isNew = !known.has(content);
          known.add(content);
          return isNew;
        });
        await insertRows(
          transaction,
          'calendar_entry',
          columns,
          added.map((entry) => valuesOf(seriesId, entry, addition)),
        );
        return { added: added.length, unchanged: entries.length - added.length };
      }),

    withdrawCalendarEntry: (seriesId, id, { atMs, author }) =>
      database.write(async (transaction) => {
        const row = await transaction<EntryRow>('calendar_entry')
          .where({ id, series_id: seriesId })
          .first();
        if (!row)
          throw new LoadcastError('NOT_FOUND', `Series "${seriesId}" has no calendar entry ${id}.`);
        if (row.withdrawn_at_ms !== null)
          throw new LoadcastError(
            'CONFLICT',
            `Calendar entry ${id} was withdrawn at ${isoUtc(row.withdrawn_at_ms)} already.`,
          );
        const withdrawn = {
          withdrawn_at_ms: Math.max(atMs, row.created_at_ms),
          withdrawn_by: author,
        };
        await transaction<EntryRow>('calendar_entry').where({ id }).update(withdrawn);
        return fromRow({ ...row, ...withdrawn });
      }),

    readCalendarEntries: (seriesId, options = {}) =>
      database.read(async (reader) => {
        const rows = await standingAt(reader, seriesId, options.asOfMs);
        return rows.map(fromRow);
      }),
  };
}

/** Half-open in time: an entry stands from its creation until it is withdrawn. */
function standingAt(
  reader: Knex,
  seriesId: string,
  asOfMs: number | undefined,
): Knex.QueryBuilder<EntryRow, EntryRow[]> {
  const query = reader<EntryRow>('calendar_entry')
    .where('series_id', seriesId)
    .orderBy(['start_ms', 'id']);
  if (asOfMs === undefined) return query.whereNull('withdrawn_at_ms');
  return query.where('created_at_ms', '<=', asOfMs).where((either) => {
    void either.whereNull('withdrawn_at_ms').orWhere('withdrawn_at_ms', '>', asOfMs);
  });
}

function assertEntry(entry: CalendarEntry): void {
  const problem = entryProblem(entry);
  if (problem !== null)
    throw new LoadcastError('INVALID_INPUT', `Calendar entry "${entry.name}": ${problem}.`);
}

/** The same for entries that say the same. */
function contentOf(entry: CalendarEntry): string {
  const { kind, name, startMs, endMs } = entry;
  return JSON.stringify(
    isLoadEvent(entry)
      ? [kind, name, startMs, endMs, entry.effectMw, entry.masked]
      : [kind, name, startMs, endMs, entry.region, entry.share],
  );
}

const columns = [
  'series_id',
  'kind',
  'name',
  'region',
  'start_ms',
  'end_ms',
  'share',
  'effect_mw',
  'masked',
  'source',
  'author',
  'reason',
  'created_at_ms',
] as const satisfies readonly (keyof EntryRow)[];

/** Aligned with `columns`. */
function valuesOf(
  seriesId: string,
  entry: CalendarEntry,
  { source, author, reason, atMs }: Parameters<Store['addCalendarEntries']>[2],
): (string | number | null)[] {
  const event = isLoadEvent(entry);
  return [
    seriesId,
    entry.kind,
    entry.name,
    event ? null : entry.region,
    entry.startMs,
    entry.endMs,
    event ? null : entry.share,
    event ? entry.effectMw : null,
    event && entry.masked ? 1 : 0,
    source,
    author,
    reason,
    atMs,
  ];
}

function fromRow(row: EntryRow): CalendarRecord {
  return {
    id: row.id,
    seriesId: row.series_id,
    entry: entryOf(row),
    source: row.source,
    author: row.author,
    reason: row.reason,
    createdAtMs: row.created_at_ms,
    withdrawnAtMs: row.withdrawn_at_ms,
    withdrawnBy: row.withdrawn_by,
  };
}

function entryOf({ kind, name, region, share, ...row }: EntryRow): CalendarEntry {
  const span = { name, startMs: row.start_ms, endMs: row.end_ms };
  if (isDayKind(kind)) return { kind, ...span, region, share: share ?? 1 };
  if (isEventKind(kind))
    return { kind, ...span, effectMw: row.effect_mw, masked: row.masked === 1 };
  throw new Error(`The database has a calendar entry of the unknown kind "${kind}".`);
}
