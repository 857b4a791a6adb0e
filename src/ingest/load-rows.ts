import { isoUtc } from '../core/time.js';
import { saysFahrenheit, saysUtc, type LoadColumns } from './column-names.js';
import type { IssueList } from './issue-list.js';
import { decimalSignOf, isMissing, parseNumber, type DecimalSign } from './number-text.js';
import type { CsvTable } from './sources/csv-file.js';
import { readStamps, type StampOptions } from './stamps.js';

/** One row that could be read. NaN = missing. */
export interface LoadRow {
  readonly line: number;
  /** start or end of the interval, as the file marks it */
  readonly instantMs: number;
  /** in the unit of the file */
  readonly load: number;
  readonly temperatureC: number;
  readonly temperatureForecastC: number;
}

export interface RowOptions extends StampOptions {
  /** default: found from the numbers of each column */
  readonly decimal?: DecimalSign;
}

/** beyond any load in any unit */
const largestLoad = 1e13;
const [coldestC, hottestC] = [-90, 65];

/** The rows with a readable time and load (or a blank one); each other row becomes an issue with line and reason. */
export function readRows(
  table: CsvTable,
  columns: LoadColumns,
  options: RowOptions,
  issues: IssueList,
): { rows: LoadRow[]; mark: 'start' | 'end' } {
  const utc = columns.time.some((column) => saysUtc(table.columns[column] ?? ''));
  const stamps = readStamps(
    table.source,
    table.rows.map((cells) => stampText(cells, columns.time)),
    utc ? { ...options, zone: 'UTC' } : options,
  );
  const loadOf = numberReader(table, columns.load, options);
  const temperatureOf = temperatureReader(table, columns.temperature, options, issues);
  const forecastOf = temperatureReader(table, columns.temperatureForecast, options, issues);
  const rows: LoadRow[] = [];
  table.rows.forEach((cells, i) => {
    const line = table.lines[i] ?? i + 2;
    const load = loadOf(cells);
    const reason =
      shapeProblem(cells, table.columns.length, columns.load) ??
      stamps.reasons[i] ??
      loadProblem(cells[columns.load] ?? '', load);
    if (reason !== null) {
      rejectRow(issues, line, reason);
      return;
    }
    rows.push({
      line,
      instantMs: stamps.instantMs[i] ?? Number.NaN,
      load,
      temperatureC: temperatureOf(cells, line),
      temperatureForecastC: forecastOf(cells, line),
    });
  });
  return { rows, mark: stamps.mark };
}

export function rejectRow(issues: IssueList, line: number, reason: string): void {
  issues.add({ kind: 'rejected-row', line, validAtMs: null, count: 1, reason });
}

/**
 * One row for each interval, ascending. Of rows for the same interval the last value counts; blanks never replace one.
 * Rows that say the same are counted together, rows that differ are listed.
 */
export function oneRowPerInterval(rows: readonly LoadRow[], issues: IssueList): LoadRow[] {
  const ascending = rows.toSorted((a, b) => a.instantMs - b.instantMs);
  const merged: LoadRow[] = [];
  let same = 0;
  let firstSameLine: number | null = null;
  for (const row of ascending) {
    const previous = merged.at(-1);
    if (previous?.instantMs !== row.instantMs) {
      merged.push(row);
      continue;
    }
    merged[merged.length - 1] = mergeRows(previous, row);
    if (!differ(previous, row)) {
      same++;
      firstSameLine ??= row.line;
    } else
      issues.add({
        kind: 'duplicate',
        line: row.line,
        validAtMs: row.instantMs,
        count: 1,
        reason: `${isoUtc(row.instantMs)} again with other values (load ${previous.load}, then ${row.load}); the last counts`,
      });
  }
  if (same > 0)
    issues.add({
      kind: 'duplicate',
      line: firstSameLine,
      validAtMs: null,
      count: same,
      reason: `${same} rows repeat a row before them with the same values`,
    });
  return merged;
}

function mergeRows(earlier: LoadRow, later: LoadRow): LoadRow {
  return {
    line: later.line,
    instantMs: later.instantMs,
    load: laterIfAny(earlier.load, later.load),
    temperatureC: laterIfAny(earlier.temperatureC, later.temperatureC),
    temperatureForecastC: laterIfAny(earlier.temperatureForecastC, later.temperatureForecastC),
  };
}

function laterIfAny(earlier: number, later: number): number {
  return Number.isNaN(later) ? earlier : later;
}

/** True if both rows say something about one value and not the same. */
function differ(a: LoadRow, b: LoadRow): boolean {
  return (
    contradict(a.load, b.load) ||
    contradict(a.temperatureC, b.temperatureC) ||
    contradict(a.temperatureForecastC, b.temperatureForecastC)
  );
}

function contradict(a: number, b: number): boolean {
  return !Number.isNaN(a) && !Number.isNaN(b) && a !== b;
}

function stampText(cells: readonly string[], time: readonly number[]): string {
  const [first = '', second] = time.map((column) => cells[column] ?? '');
  // Spreadsheets write a date as midnight of that day.
  return second === undefined ? first : `${first.replace(/[T ]00:00(:00)?$/, '')} ${second}`;
}

/** A row of more cells than columns was split in the wrong places, often by a decimal comma. */
function shapeProblem(
  cells: readonly string[],
  columns: number,
  loadColumn: number,
): string | null {
  if (cells.length <= loadColumn)
    return `has ${cells.length} cells, the load would be cell ${loadColumn + 1}`;
  if (cells.slice(columns).some((cell) => cell !== ''))
    return `has ${cells.length} cells for ${columns} columns`;
  return null;
}

function loadProblem(text: string, load: number): string | null {
  if (Number.isNaN(load))
    return isMissing(text) ? null : `cannot read the load "${text.slice(0, 60)}"`;
  return Math.abs(load) > largestLoad ? `load ${load} is beyond any load` : null;
}

/** @returns a function of a row; NaN for a missing number and for text that is none */
function numberReader(
  table: CsvTable,
  column: number,
  options: RowOptions,
): (cells: readonly string[]) => number {
  const decimal = options.decimal ?? decimalSignOf(cellsOf(table, column), table.delimiter);
  return (cells) => {
    const text = cells[column] ?? '';
    return isMissing(text) ? Number.NaN : parseNumber(text, decimal);
  };
}

/** A temperature that cannot be read or be true is left out and reported; its row stays. */
function temperatureReader(
  table: CsvTable,
  column: number | null,
  options: RowOptions,
  issues: IssueList,
): (cells: readonly string[], line: number) => number {
  if (column === null) return () => Number.NaN;
  const read = numberReader(table, column, options);
  const fahrenheit = saysFahrenheit(table.columns[column] ?? '');
  return (cells, line) => {
    const text = cells[column] ?? '';
    if (isMissing(text)) return Number.NaN;
    const value = read(cells);
    const temperatureC = fahrenheit ? ((value - 32) * 5) / 9 : value;
    if (temperatureC >= coldestC && temperatureC <= hottestC) return temperatureC;
    const reason = `"${text.slice(0, 60)}" is no temperature between ${coldestC} and ${hottestC} °C; left out`;
    issues.add({ kind: 'suspect-value', line, validAtMs: null, count: 1, reason });
    return Number.NaN;
  };
}

function* cellsOf(table: CsvTable, column: number): Generator<string> {
  for (const cells of table.rows) yield cells[column] ?? '';
}
