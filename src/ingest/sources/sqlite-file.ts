import { existsSync } from 'node:fs';
import sqlite3 from 'sqlite3';
import { LoadcastError } from '../../core/errors.js';
import { numberText } from '../number-text.js';
import { stopped, type SqlRequest, type SqlResult } from './sql-statement.js';

/**
 * Asks an SQLite file, opened for reading alone.
 * @throws {LoadcastError} SOURCE_FAILED if it cannot be read or refuses the query, CANCELLED
 */
export async function querySqlite(
  file: string,
  { statement, timeoutMs, signal }: SqlRequest,
): Promise<SqlResult> {
  if (!existsSync(file)) throw failure(file, 'there is no such file');
  const database = await opened(file);
  const stop = (): void => {
    database.interrupt();
  };
  const timer = setTimeout(stop, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    if (signal?.aborted) throw stopped();
    const rows = await all(database, statement.text, statement.values);
    const columns = Object.keys(rows[0] ?? {});
    return { columns, rows: rows.map((row) => columns.map((name) => cellText(row[name]))) };
  } catch (error) {
    if (signal?.aborted) throw stopped();
    const reason = error instanceof Error ? error.message : String(error);
    throw failure(
      file,
      reason.includes('INTERRUPT') ? `no answer within ${timeoutMs / 1000} s` : reason,
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    await new Promise<void>((resolve) => {
      database.close(() => {
        resolve();
      });
    });
  }
}

type Row = Readonly<Record<string, unknown>>;

function opened(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, sqlite3.OPEN_READONLY, (error) => {
      if (error) reject(failure(file, error.message));
      else resolve(database);
    });
  });
}

function all(
  database: sqlite3.Database,
  text: string,
  values: readonly string[],
): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    database.all<Row>(text, values, (error, rows) => {
      if (error) reject(error);
      else resolve(rows);
    });
  });
}

function cellText(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return value.trim();
  return value instanceof Uint8Array ? new TextDecoder().decode(value).trim() : '';
}

function failure(file: string, reason: string): LoadcastError {
  return new LoadcastError('SOURCE_FAILED', `SQLite file ${file}: ${reason}.`);
}
