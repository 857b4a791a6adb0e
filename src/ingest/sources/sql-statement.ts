import { LoadcastError } from '../../core/errors.js';
import { dayMs, type Interval } from '../../core/time.js';

/** A query with the parameters `:since` and, if it likes, `:until`. */
export interface SqlStatement {
  readonly text: string;
  readonly values: readonly string[];
}

const parameter = /(?<![:\w]):(since|until)\b/g;

export function hasParameter(query: string, name: 'since' | 'until'): boolean {
  return [...query.matchAll(parameter)].some((match) => match[1] === name);
}

/** What is wrong with a query, in words that go after its name; null if nothing is. */
export function queryProblem(query: string): string | null {
  if (!/^\s*(?:select|with|values)\b/i.test(query)) return 'must begin with SELECT or WITH';
  if (query.trim().replace(/;$/, '').includes(';')) return 'must be one statement, without ;';
  return hasParameter(query, 'since')
    ? null
    : 'must have :since in it, such as WHERE read_at >= :since';
}

/**
 * The query with its parameters as dates such as 2026-03-01, a day before what is wanted and two after: so it does not
 * matter whether the column holds instants, the clock of a zone or text, and what is too much is left out later.
 * @param mark how the database marks the parameter of a number (1 = first)
 * @param mostRows one more is asked for, so that too many are noticed
 */
export function statementOf(
  query: string,
  { startMs, endMs }: Interval,
  mark: (index: number) => string,
  mostRows: number,
): SqlStatement {
  const dates = { since: dateOf(startMs - dayMs), until: dateOf(endMs + 2 * dayMs) };
  const values: string[] = [];
  const text = query
    .trim()
    .replace(/;$/, '')
    .replace(parameter, (_, name: 'since' | 'until') => mark(values.push(dates[name])));
  return { text: `select * from (${text}\n) as asked limit ${mostRows + 1}`, values };
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** What a query gave, as text cells. */
export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a database may be asked with. */
export interface SqlRequest {
  readonly statement: SqlStatement;
  /** ms that the whole may take */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export function stopped(): LoadcastError {
  return new LoadcastError('CANCELLED', 'The query was stopped.');
}
