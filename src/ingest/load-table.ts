import { LoadcastError } from '../core/errors.js';
import type { QualityIssue } from '../core/quality-issue.js';
import { findLoadColumns, unitOfName, type ColumnOptions } from './column-names.js';
import { createIssueList } from './issue-list.js';
import {
  oneRowPerInterval,
  readRows,
  rejectRow,
  type LoadRow,
  type RowOptions,
} from './load-rows.js';
import { toMw, type LoadUnit } from './load-unit.js';
import { detectGrids, gapIssues, gridAt, isOnGrid } from './native-grid.js';
import type { Reading } from '../core/reading.js';
import type { CsvTable } from './sources/csv-file.js';

export interface LoadTableOptions extends ColumnOptions, RowOptions {
  /** default: what the column's name tells, else MW */
  readonly unit?: LoadUnit;
  /** for files with fewer than 3 rows; others tell it by the most frequent distance of their rows */
  readonly resolutionMinutes?: number;
}

/** What a load file says. `rows = accepted + rejected`; a row with a blank load is accepted, its load missing. */
export interface LoadTable {
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
    readonly load: string;
    readonly temperature: string | null;
  };
  /** MW, ascending, one for each interval that has one */
  readonly load: readonly Reading[];
  /** °C, likewise; goes on after the last load where the file does */
  readonly temperature: readonly Reading[];
  /** °C, likewise, from a column of forecasts */
  readonly temperatureForecast: readonly Reading[];
  readonly issues: readonly QualityIssue[];
}

/**
 * Reads a table of load and temperature. Pure: the same table and options give the same result.
 * @throws {LoadcastError} MISSING_COLUMN naming the columns there are; INVALID_INPUT if no row holds a load, if the
 * order of day and month cannot be told, or if the rows lie on no grid that divides the hour
 */
export function parseLoadTable(table: CsvTable, options: LoadTableOptions = {}): LoadTable {
  const columns = findLoadColumns(table.source, table.columns, options);
  const issues = createIssueList();
  const { rows, mark } = readRows(table, columns, options, issues);
  if (!rows.some((row) => !Number.isNaN(row.load))) throw noLoad(table, issues.all());

  const instants = Float64Array.from(rows, (row) => row.instantMs);
  const grids = detectGrids(table.source, instants, mark, options.resolutionMinutes ?? null);
  const onGrid = rows.filter((row) => {
    const grid = gridAt(grids, row.instantMs);
    if (isOnGrid(grid, row.instantMs)) return true;
    rejectRow(issues, row.line, `lies off the ${grid.minutes}-minute grid of the file`);
    return false;
  });

  const intervals = oneRowPerInterval(onGrid, issues);
  const readingsOf = (valueOf: (row: LoadRow, minutes: number) => number): Reading[] =>
    intervals
      .map((row) => {
        const { minutes } = gridAt(grids, row.instantMs);
        const startMs = row.instantMs - (mark === 'end' ? minutes * 60_000 : 0);
        return { startMs, minutes, value: valueOf(row, minutes) };
      })
      .filter((reading) => !Number.isNaN(reading.value));
  const nameOf = (column: number): string => table.columns[column] ?? '';
  const unit = options.unit ?? unitOfName(nameOf(columns.load)) ?? 'MW';
  const load = readingsOf((row, minutes) => toMw(row.load, unit, minutes / 60));
  for (const issue of gapIssues(load)) issues.add(issue);
  return {
    source: table.source,
    rows: table.rows.length,
    rejected: table.rows.length - onGrid.length,
    resolutionMinutes: grids.at(-1)?.minutes ?? 60,
    unit,
    stamps: mark,
    columns: {
      time: columns.time.map(nameOf).join('+'),
      load: nameOf(columns.load),
      temperature: columns.temperature === null ? null : nameOf(columns.temperature),
    },
    load,
    temperature: readingsOf((row) => row.temperatureC),
    temperatureForecast: readingsOf((row) => row.temperatureForecastC),
    issues: issues.all(),
  };
}

function noLoad(table: CsvTable, issues: readonly QualityIssue[]): LoadcastError {
  const rejected = issues.filter((issue) => issue.kind === 'rejected-row');
  const count = rejected.reduce((sum, issue) => sum + issue.count, 0);
  const [first] = rejected;
  const why = first
    ? ` ${count} were rejected; the first, line ${first.line}: ${first.reason}.`
    : '';
  return new LoadcastError(
    'INVALID_INPUT',
    `None of the ${table.rows.length} rows of ${table.source} holds a load.${why}`,
  );
}
