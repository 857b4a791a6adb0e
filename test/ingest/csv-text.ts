import { detectDelimiter } from '../../src/ingest/sources/csv-delimiter.js';
import {
  parseLoadTable,
  type LoadTable,
  type LoadTableOptions,
} from '../../src/ingest/load-table.js';

/** Parses rows without quotes as they would stand in a file, header first. */
export function parseLines(lines: readonly string[], options: LoadTableOptions = {}): LoadTable {
  const delimiter = detectDelimiter(lines.join('\n'));
  const [columns = [], ...rows] = lines.map((line) =>
    line.split(delimiter).map((cell) => cell.trim()),
  );
  const source = 'load.csv';
  return parseLoadTable(
    { source, delimiter, columns, rows, lines: rows.map((_, i) => i + 2) },
    options,
  );
}

/** Starts as `2024-03-31T00:00Z`. */
export function startsOf(readings: readonly { readonly startMs: number }[]): string[] {
  return readings.map(({ startMs }) => `${new Date(startMs).toISOString().slice(0, 16)}Z`);
}
