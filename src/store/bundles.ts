import type { Knex } from 'knex';
import { LoadcastError } from '../core/errors.js';
import type { Database } from './database.js';
import { missingAsNaN } from './figures-json.js';
import { requireSeries } from './series-records.js';
import type { BundleRecord, Store } from './store.js';

interface BundleRow {
  id: string;
  series_id: string;
  created_at_ms: number;
  state: BundleRecord['state'];
  card: string;
  files: string;
}

export function bundles(
  database: Database,
): Pick<Store, 'saveBundle' | 'championBundle' | 'listBundles'> {
  return {
    saveBundle: (bundle) => database.write((transaction) => save(transaction, toRow(bundle))),
    championBundle: (seriesId) =>
      database.read(async (reader) => {
        const row = await reader<BundleRow>('bundle')
          .where({ series_id: seriesId, state: 'champion' })
          .first();
        return row ? fromRow(row) : null;
      }),
    listBundles: (seriesId) =>
      database.read(async (reader) => {
        const rows = await reader<BundleRow>('bundle')
          .where({ series_id: seriesId })
          .orderBy([
            { column: 'created_at_ms', order: 'desc' },
            { column: 'id', order: 'desc' },
          ]);
        return rows.map(fromRow);
      }),
  };
}

async function save(transaction: Knex.Transaction, row: BundleRow): Promise<void> {
  await requireSeries(transaction, row.series_id);
  const stored = await transaction<BundleRow>('bundle').where({ id: row.id }).first();
  if (stored && differs(stored, row))
    throw new LoadcastError(
      'CONFLICT',
      `Bundle "${row.id}" is stored already with other contents; only its state may change.`,
    );
  if (row.state === 'champion')
    await transaction<BundleRow>('bundle')
      .where({ series_id: row.series_id, state: 'champion' })
      .update({ state: 'retired' });
  if (stored)
    await transaction<BundleRow>('bundle').where({ id: row.id }).update({ state: row.state });
  else await transaction<BundleRow>('bundle').insert(row);
}

function differs(stored: BundleRow, row: BundleRow): boolean {
  return (
    stored.series_id !== row.series_id || stored.card !== row.card || stored.files !== row.files
  );
}

function toRow(bundle: BundleRecord): BundleRow {
  return {
    id: bundle.id,
    series_id: bundle.seriesId,
    created_at_ms: bundle.createdAtMs,
    state: bundle.state,
    card: JSON.stringify(bundle.card),
    files: JSON.stringify(bundle.files),
  };
}

function fromRow(row: BundleRow): BundleRecord {
  return {
    id: row.id,
    seriesId: row.series_id,
    createdAtMs: row.created_at_ms,
    state: row.state,
    card: JSON.parse(row.card, missingAsNaN),
    files: JSON.parse(row.files),
  };
}
