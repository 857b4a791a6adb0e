import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { LoadcastError, messageOf } from '../../core/errors.js';
import { stopped, type SqlRequest, type SqlResult } from './sql-statement.js';

/** Values as PostgreSQL writes them, so that no clock is shifted by that of this machine. */
const asText = { getTypeParser: () => (text: string) => text };

/** A server that starts, stops, or has no connection left; a network that fails. */
const passing = /^(?:57P0[123]|53300|08\d{3}|ECONN.*|ETIMEDOUT|EPIPE|EAI_AGAIN)$/;
const attempts = 3;
const firstPauseMs = 500;

/**
 * Asks a PostgreSQL database, in a session that can read alone; again where it fails in passing.
 * @param url with user and password; it stands in no message
 * @throws {LoadcastError} SOURCE_FAILED if it cannot be reached or refuses the query, CANCELLED
 */
export async function queryPostgres(url: string, request: SqlRequest): Promise<SqlResult> {
  const { signal } = request;
  for (let attempt = 1; ; attempt++) {
    try {
      return await askOnce(url, request);
    } catch (error) {
      if (signal?.aborted) throw stopped();
      if (attempt === attempts || !passing.test(codeOf(error))) throw failure(error, url);
    }
    const pauseMs = firstPauseMs * 2 ** (attempt - 1);
    await sleep(pauseMs, undefined, signal ? { signal } : {}).catch(() => {
      throw stopped();
    });
  }
}

async function askOnce(
  url: string,
  { statement, timeoutMs, signal }: SqlRequest,
): Promise<SqlResult> {
  const client = connection(url, timeoutMs);
  // A connection that breaks is told by the query that waits on it.
  client.on('error', () => {});
  const stop = (): void => void client.end();
  try {
    await client.connect();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) throw stopped();
    const { fields, rows } = await client.query<(string | null)[]>({
      text: statement.text,
      values: [...statement.values],
      rowMode: 'array',
    });
    return {
      columns: fields.map(({ name }) => name),
      rows: rows.map((row) => row.map((cell) => cell ?? '')),
    };
  } finally {
    signal?.removeEventListener('abort', stop);
    await client.end().catch(() => {});
  }
}

function connection(url: string, timeoutMs: number): Client {
  return new Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs + 1_000,
    statement_timeout: timeoutMs,
    options: '-c default_transaction_read_only=on -c TimeZone=UTC -c DateStyle=ISO',
    application_name: 'loadcast',
    types: asText,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function failure(error: unknown, url: string): LoadcastError {
  const code = codeOf(error);
  // Of a host with several addresses the error has no words of its own.
  const [first]: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const reason = withoutSecrets(messageOf(first), url);
  return new LoadcastError(
    'SOURCE_FAILED',
    `PostgreSQL: ${reason}${code === '' || reason.includes(code) ? '' : ` (${code})`}.`,
  );
}

function withoutSecrets(text: string, url: string): string {
  const password = URL.canParse(url) ? new URL(url).password : '';
  return [url, password, decodeURIComponent(password)]
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}
