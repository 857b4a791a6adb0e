import { LoadcastError } from '../core/errors.js';
import type { ExtraReadings } from '../core/extra-input.js';
import type { QualityIssue } from '../core/quality-issue.js';
import type { Reading } from '../core/reading.js';
import {
  toColumns,
  toReadings,
  type ReadingColumns,
  type Readings,
} from '../core/reading-columns.js';
import { unitOfName, type ColumnOptions } from './column-names.js';
import type { IssueList } from './issue-list.js';
import {
  firstRows,
  likelyNotation,
  numbersOf,
  rejectRow,
  scanRows,
  type Notation,
  type RowColumns,
  type RowOptions,
  type ScannedRows,
  type ScanOutcome,
} from './load-rows.js';
import { toMw, type LoadUnit } from './load-unit.js';
import { oneRowPerInterval } from './merge-rows.js';
import { detectGrids, gapIssues, gridAt, isOnGrid, type NativeGrid } from './native-grid.js';
import type { CsvTable } from './sources/csv-file.js';

export interface LoadTableOptions extends ColumnOptions, RowOptions {
  /** of a workbook: name of the sheet */
  readonly sheet?: string;
  /** default: what the column's name tells, else MW */
  readonly unit?: LoadUnit;
  /** for files with fewer than 3 rows; others tell it by the most frequent distance of their rows */
  readonly resolutionMinutes?: number;
}

/** What a load file says. `rows = accepted + rejected`; a row with a blank load is accepted, its load missing. */
export interface LoadTable<R extends Readings = readonly Reading[]> {
  readonly source: string;
  readonly rows: number;
  readonly rejected: number;
  /** of the last interval; earlier ones may be of other lengths */
  readonly resolutionMinutes: number;
  readonly unit: LoadUnit;
  /** what the stamps were taken to mark; readings always name the start */
  readonly stamps: 'start' | 'end';
  /** names of the columns that were read */
  readonly columns: {
    readonly time: string;
    /** null for a file without load */
    readonly load: string | null;
    readonly temperature: string | null;
  };
  /** MW, ascending, one for each interval that has one */
  readonly load: R;
  /** °C, likewise; goes on after the last load where the file does */
  readonly temperature: R;
  /** °C, likewise, from a column of forecasts */
  readonly temperatureForecast: R;
  /** further inputs that were asked for; they go on after the last load where the file does */
  readonly extras: readonly ExtraReadings<R>[];
  readonly issues: readonly QualityIssue[];
}

/**
 * Reads a table of load and temperature. Pure: the same table and options give the same result.
 * @throws {LoadcastError} MISSING_COLUMN naming the columns there are; INVALID_INPUT if no row holds a load, if the
 * order of day and month cannot be told, or if the rows lie on no grid that divides the hour
 */
export function parseLoadTable(table: CsvTable, options: LoadTableOptions = {}): LoadTable {
  let outcome = scanTable(table, options, likelyNotation(options));
  while (outcome.kind === 'again') outcome = scanTable(table, options, outcome.notation);
  return inReadings(loadTableOf(outcome.rows, options));
}

/** What a table or a file says with one object for each reading, for those that are not very long. */
export function inReadings<T extends LoadTable<ReadingColumns>>(
  table: T,
): Omit<T, keyof LoadTable> & LoadTable {
  return {
    ...table,
    load: toReadings(table.load),
    temperature: toReadings(table.temperature),
    temperatureForecast: toReadings(table.temperatureForecast),
    extras: table.extras.map(({ name, readings }) => ({ name, readings: toReadings(readings) })),
  };
}

function scanTable(table: CsvTable, options: LoadTableOptions, supposed: Notation): ScanOutcome {
  const sink = scanRows(table, options, supposed);
  for (const [i, cells] of table.rows.entries())
    if (!sink.add(cells, table.lines[i] ?? i + 2)) break;
  return sink.end();
}

/**
 * What scanned rows say.
 * @throws {LoadcastError} as `parseLoadTable` does
 */
export function loadTableOf(
  { head, columns, count, accepted, mark, issues }: ScannedRows,
  options: LoadTableOptions,
): LoadTable<ReadingColumns> {
  const nameOf = (column: number): string => head.columns[column] ?? '';
  const loadName = columns.load === null ? null : nameOf(columns.load);
  const wanted = loadName === null ? numbersOf(accepted) : [accepted.load];
  if (wanted.every((column) => column.every(Number.isNaN)))
    throw nothingRead(head.source, count, loadName !== null, issues.all());

  const grids = detectGrids(
    head.source,
    accepted.instantMs,
    mark,
    options.resolutionMinutes ?? null,
  );
  const onGrid = rowsOnGrid(accepted, grids, issues);
  const intervals = intervalsOf(oneRowPerInterval(onGrid, issues), grids, mark);
  const unit = options.unit ?? unitOfName(loadName ?? '') ?? 'MW';
  const load = intervals.readingsOf(intervals.rows.load, (value, minutes) =>
    toMw(value, unit, minutes / 60),
  );
  for (const issue of gapIssues(load)) issues.add(issue);
  return {
    source: head.source,
    rows: count,
    rejected: count - onGrid.instantMs.length,
    resolutionMinutes: grids.at(-1)?.minutes ?? 60,
    unit,
    stamps: mark,
    columns: {
      time: columns.time.map(nameOf).join('+'),
      load: loadName,
      temperature: columns.temperature === null ? null : nameOf(columns.temperature),
    },
    load,
    temperature: intervals.readingsOf(intervals.rows.temperatureC),
    temperatureForecast: intervals.readingsOf(intervals.rows.temperatureForecastC),
    extras: columns.extras.map(({ name }, i) => ({
      name,
      readings: intervals.readingsOf(intervals.rows.extras[i] ?? null),
    })),
    issues: issues.all(),
  };
}

/** Moves the rows that lie on their grid together, in place; the others become issues. */
function rowsOnGrid(rows: RowColumns, grids: readonly NativeGrid[], issues: IssueList): RowColumns {
  const { line, instantMs } = rows;
  const numbers = numbersOf(rows);
  let kept = 0;
  for (let row = 0; row < instantMs.length; row++) {
    const instant = instantMs[row]!;
    const grid = gridAt(grids, instant);
    if (!isOnGrid(grid, instant)) {
      rejectRow(issues, line[row]!, `lies off the ${grid.minutes}-minute grid of the file`);
      continue;
    }
    line[kept] = line[row]!;
    instantMs[kept] = instant;
    for (const column of numbers) column[kept] = column[row]!;
    kept++;
  }
  return firstRows(rows, kept);
}

interface Intervals {
  readonly rows: RowColumns;
  /** those that have a value; `convert` may be left out */
  readingsOf(
    values: Float64Array | null,
    convert?: (value: number, minutes: number) => number,
  ): ReadingColumns;
}

function intervalsOf(
  rows: RowColumns,
  grids: readonly NativeGrid[],
  mark: 'start' | 'end',
): Intervals {
  const minutes = Uint8Array.from(rows.instantMs, (instantMs) => gridAt(grids, instantMs).minutes);
  const startMs =
    mark === 'start'
      ? rows.instantMs
      : rows.instantMs.map((instantMs, i) => instantMs - minutes[i]! * 60_000);
  return {
    rows,
    readingsOf(values, convert = (value) => value) {
      if (!values) return toColumns([]);
      const value = values.map((each, i) => convert(each, minutes[i]!));
      if (!value.some(Number.isNaN)) return { startMs, minutes, value };
      const isThere = (_: number, i: number): boolean => !Number.isNaN(value[i]);
      return {
        startMs: startMs.filter(isThere),
        minutes: minutes.filter(isThere),
        value: value.filter(isThere),
      };
    },
  };
}

function nothingRead(
  source: string,
  rows: number,
  withLoad: boolean,
  issues: readonly QualityIssue[],
): LoadcastError {
  const rejected = issues.filter((issue) => issue.kind === 'rejected-row');
  const count = rejected.reduce((sum, issue) => sum + issue.count, 0);
  const [first] = rejected;
  const why = first
    ? ` ${count} were rejected; the first, line ${first.line}: ${first.reason}.`
    : '';
  return new LoadcastError(
    'INVALID_INPUT',
    `None of the ${rows} rows of ${source} holds a ${withLoad ? 'load' : 'temperature or another input'}.${why}`,
  );
}
