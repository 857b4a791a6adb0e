import type { Knex } from 'knex';

export type SqlValue = string | number | null;

/** SQLite takes 32,766 bound values a statement, PostgreSQL 65,535. */
const valuesPerStatement = 16_000;

/**
 * Inserts many rows with bound values, a few statements in all. (knex's own multi-row insert fails above 500 rows on
 * SQLite.)
 * @param rows each aligned with `columns`
 */
export async function insertRows(
  transaction: Knex.Transaction,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
): Promise<void> {
  const chunk = Math.floor(valuesPerStatement / columns.length);
  const tuple = `(${columns.map(() => '?').join(', ')})`;
  for (let from = 0; from < rows.length; from += chunk) {
    const part = rows.slice(from, from + chunk);
    await transaction.raw(
      `insert into ${table} (${columns.join(', ')}) values ${part.map(() => tuple).join(', ')}`,
      part.flat(),
    );
  }
}
