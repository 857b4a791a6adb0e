import type { Knex } from 'knex';
import { LoadcastError } from '../core/errors.js';
import type { LoadMark, MarkedValue } from '../core/load-mark.js';
import type { Database } from './database.js';
import { insertRows } from './insert-rows.js';
import { requireSeries } from './series-records.js';
import type { Store } from './store.js';

interface MarkRow {
  id: number;
  series_id: string;
  start_ms: number;
  end_ms: number;
  kind: LoadMark['kind'];
  treatment: LoadMark['treatment'];
  reason: string;
  made_by: LoadMark['madeBy'];
  made_at_ms: number;
  withdrawn_at_ms: number | null;
}

export function loadMarks(database: Database): Pick<Store, 'changeLoadMarks' | 'listLoadMarks'> {
  return {
    changeLoadMarks: (seriesId, { add, withdraw }, atMs) =>
      database.write(async (transaction) => {
        await requireSeries(transaction, seriesId);
        for (const id of withdraw) await withdrawMark(transaction, seriesId, id, atMs);
        for (const mark of add) {
          const [row] = await transaction<MarkRow>('load_mark').insert(
            {
              series_id: seriesId,
              start_ms: mark.startMs,
              end_ms: mark.endMs,
              kind: mark.kind,
              treatment: mark.treatment,
              reason: mark.reason,
              made_by: mark.madeBy,
              made_at_ms: atMs,
            },
            'id',
          );
          if (!row) throw new Error('The database gave the mark no id.');
          await insertRows(
            transaction,
            'load_mark_value',
            ['mark_id', 'start_ms', 'load_mw', 'substitute_mw'],
            mark.values.map(({ startMs, loadMw, substituteMw }) => [
              row.id,
              startMs,
              loadMw,
              substituteMw,
            ]),
          );
        }
      }),
    listLoadMarks: (seriesId, { interval, knownAtMs } = {}) =>
      database.read(async (reader) => {
        const query = reader<MarkRow>('load_mark')
          .where('series_id', seriesId)
          .orderBy(['start_ms', 'id']);
        if (interval)
          void query.where('end_ms', '>', interval.startMs).where('start_ms', '<', interval.endMs);
        if (knownAtMs === undefined) void query.whereNull('withdrawn_at_ms');
        else
          void query
            .where('made_at_ms', '<=', knownAtMs)
            .whereRaw('(withdrawn_at_ms is null or withdrawn_at_ms > ?)', [knownAtMs]);
        const rows = await query;
        const values = await valuesOf(reader, rows);
        return rows.map((row) => fromRow(row, values.get(row.id) ?? []));
      }),
  };
}

async function withdrawMark(
  transaction: Knex.Transaction,
  seriesId: string,
  id: number,
  atMs: number,
): Promise<void> {
  const changed = await transaction<MarkRow>('load_mark')
    .where({ id, series_id: seriesId })
    .whereNull('withdrawn_at_ms')
    .update({ withdrawn_at_ms: atMs });
  if (changed === 0)
    throw new LoadcastError('NOT_FOUND', `The series "${seriesId}" has no mark ${id} in force.`);
}

/** The values of many marks by one query each 500, as a statement may hold only so many ids. */
async function valuesOf(
  reader: Knex,
  marks: readonly MarkRow[],
): Promise<Map<number, MarkedValue[]>> {
  const byMark = new Map<number, MarkedValue[]>();
  const ids = marks.map(({ id }) => id);
  for (let from = 0; from < ids.length; from += 500) {
    const rows = await reader('load_mark_value')
      .whereIn('mark_id', ids.slice(from, from + 500))
      .orderBy(['mark_id', 'start_ms'])
      .select<(MarkedValue & { markId: number })[]>({
        markId: 'mark_id',
        startMs: 'start_ms',
        loadMw: 'load_mw',
        substituteMw: 'substitute_mw',
      });
    for (const { markId, ...value } of rows) {
      const known = byMark.get(markId);
      if (known) known.push(value);
      else byMark.set(markId, [value]);
    }
  }
  return byMark;
}

function fromRow(row: MarkRow, values: readonly MarkedValue[]): LoadMark {
  return {
    id: row.id,
    startMs: row.start_ms,
    endMs: row.end_ms,
    kind: row.kind,
    treatment: row.treatment,
    reason: row.reason,
    madeBy: row.made_by,
    madeAtMs: row.made_at_ms,
    withdrawnAtMs: row.withdrawn_at_ms,
    values,
  };
}
