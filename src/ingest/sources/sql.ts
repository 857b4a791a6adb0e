import { LoadcastError, messageOf } from '../../core/errors.js';
import type { QualityIssue } from '../../core/quality-issue.js';
import { endOfReading, type Reading } from '../../core/reading.js';
import { dayMs, type Interval } from '../../core/time.js';
import { hasLoadColumns, unitOfName } from '../column-names.js';
import { parseLoadTable, type LoadTableOptions } from '../load-table.js';
import { hasParameter, statementOf, type SqlRequest, type SqlResult } from './sql-statement.js';

export interface SqlLoadRequest extends Pick<SqlRequest, 'timeoutMs' | 'signal'> {
  /** what a person calls the database */
  readonly title: string;
  readonly query: string;
  readonly interval: Interval;
  /** zone of clocks without an offset, and whatever else is not found out from the rows */
  readonly options: LoadTableOptions;
  /** told of rows that could not be read */
  readonly onRejected?: (rows: number, issues: readonly QualityIssue[]) => void;
}

export interface SqlDatabase {
  /** `$1`, or `?1` */
  readonly mark: (index: number) => string;
  readonly ask: (request: SqlRequest) => Promise<SqlResult>;
}

const mostRows = 2_000_000;
/** rows are text in memory: a month of seconds or a year of quarter hours at a time */
const windowDays = 92;

/**
 * Asks a database for loads: all at once, or by quarters of a year where the query has `:until`. Its columns are
 * recognised as those of a file are; of two or three others the first is the time, the second the load.
 * @yields MW, ascending, of intervals that end in the interval
 * @throws {LoadcastError} SOURCE_FAILED naming the database, also if there are too many rows; CANCELLED
 */
export async function* fetchSql(
  { mark, ask }: SqlDatabase,
  request: SqlLoadRequest,
): AsyncGenerator<Reading[]> {
  const { query, interval, title, onRejected, timeoutMs, signal } = request;
  for (const window of windowsOf(query, interval)) {
    const result = await ask({
      statement: statementOf(query, window, mark, mostRows),
      timeoutMs,
      ...(signal ? { signal } : {}),
    });
    if (result.rows.length > mostRows)
      throw new LoadcastError(
        'SOURCE_FAILED',
        `${title}: the query gives more than ${mostRows} rows; put :until into it, such as AND read_at < :until, and it is asked by quarters of a year.`,
      );
    if (result.rows.length === 0) continue;
    const table = readTable(request, result);
    if (table.rejected > 0) onRejected?.(table.rejected, table.issues);
    const readings = table.load.filter(
      (reading) => reading.startMs >= window.startMs && endOfReading(reading) <= window.endMs,
    );
    if (readings.length > 0) yield readings;
  }
}

function windowsOf(query: string, { startMs, endMs }: Interval): Interval[] {
  if (!hasParameter(query, 'until')) return [{ startMs, endMs }];
  const windows: Interval[] = [];
  for (let from = startMs; from < endMs; from += windowDays * dayMs)
    windows.push({ startMs: from, endMs: Math.min(endMs, from + windowDays * dayMs) });
  return windows;
}

function readTable({ title, options }: SqlLoadRequest, { columns, rows }: SqlResult) {
  const isNamed = hasLoadColumns(columns, options) || columns.length < 2 || columns.length > 3;
  const unit = options.unit ?? unitOfName(columns[1] ?? '');
  try {
    return parseLoadTable(
      {
        source: 'the query',
        // Text such as 1,234 is no number of a database.
        delimiter: ',',
        columns: isNamed ? columns : ['time', 'load', 'temperature'].slice(0, columns.length),
        rows,
        lines: rows.map((_, i) => i + 1),
      },
      isNamed || unit === null ? options : { ...options, unit },
    );
  } catch (error) {
    throw new LoadcastError('SOURCE_FAILED', `${title}: ${messageOf(error)}`, { cause: error });
  }
}
