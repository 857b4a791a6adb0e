import {
  findLoadColumns,
  saysFahrenheit,
  saysUtc,
  type ColumnOptions,
  type LoadColumns,
} from './column-names.js';
import { largestExtra } from '../core/extra-input.js';
import { doubled } from './doubled.js';
import { createIssueList, type IssueList } from './issue-list.js';
import { isMissing, parseNumber, surveyDecimalSign, type DecimalSign } from './number-text.js';
import type { CsvHead, RowSink } from './sources/scan-csv.js';
import type { DateOrder } from './stamp-text.js';
import { scanStamps, type StampOptions, type Stamps } from './stamps.js';

/** Rows in columns. NaN = missing. */
export interface RowColumns {
  readonly line: Uint32Array;
  /** start or end of the interval, as the file marks it */
  readonly instantMs: Float64Array;
  /** in the unit of the file */
  readonly load: Float64Array;
  /** null for a file without such a column */
  readonly temperatureC: Float64Array | null;
  readonly temperatureForecastC: Float64Array | null;
  /** further inputs, in the order of `LoadColumns.extras` */
  readonly extras: readonly Float64Array[];
}

/** The first rows, sharing the memory. */
export function firstRows(rows: RowColumns, count: number): RowColumns {
  return {
    line: rows.line.subarray(0, count),
    instantMs: rows.instantMs.subarray(0, count),
    ...mapNumbers(rows, (column) => column.subarray(0, count)),
  };
}

type NumberColumns = Omit<RowColumns, 'line' | 'instantMs'>;

/** The columns of numbers, that of the load first. */
export function numbersOf({
  load,
  temperatureC,
  temperatureForecastC,
  extras,
}: NumberColumns): Float64Array[] {
  return [load, temperatureC, temperatureForecastC, ...extras].filter((column) => column !== null);
}

/** The same columns of numbers with what `change` makes of each. */
export function mapNumbers(
  { load, temperatureC, temperatureForecastC, extras }: NumberColumns,
  change: (column: Float64Array) => Float64Array,
): NumberColumns {
  return {
    load: change(load),
    temperatureC: temperatureC && change(temperatureC),
    temperatureForecastC: temperatureForecastC && change(temperatureForecastC),
    extras: extras.map(change),
  };
}

export interface RowOptions extends StampOptions {
  /** default: found from the numbers of each column */
  readonly decimal?: DecimalSign;
}

/** How a file writes dates and the numbers of its columns. */
export interface Notation {
  readonly dateOrder: DateOrder;
  readonly load: DecimalSign;
  readonly temperature: DecimalSign;
  readonly temperatureForecast: DecimalSign;
  /** in the order of `LoadColumns.extras`; absent ones as the numbers of other files */
  readonly extras: readonly DecimalSign[];
}

/** The rows of a file, or how it is written: otherwise than was supposed, so that it must be read again. */
export type ScanOutcome =
  | { readonly kind: 'rows'; readonly rows: ScannedRows }
  | { readonly kind: 'again'; readonly notation: Notation };

export interface ScannedRows {
  readonly head: CsvHead;
  readonly columns: LoadColumns;
  /** of the file */
  readonly count: number;
  /** those with a readable time and load (or a blank one) */
  readonly accepted: RowColumns;
  readonly mark: 'start' | 'end';
  /** one for each other row, with line and reason */
  readonly issues: IssueList;
}

/** beyond any load in any unit */
const largestLoad = 1e13;
const [coldestC, hottestC] = [-90, 65];

export function likelyNotation({ dateOrder = 'dmy', decimal = '.' }: RowOptions): Notation {
  return {
    dateOrder,
    load: decimal,
    temperature: decimal,
    temperatureForecast: decimal,
    extras: [],
  };
}

/**
 * Reads the rows of a load file one after the other.
 * @param supposed how the file is written; what it tells itself comes out at the end
 * @throws {LoadcastError} MISSING_COLUMN, or INVALID_INPUT if the order of day and month cannot be told
 */
export function scanRows(
  head: CsvHead,
  options: ColumnOptions & RowOptions,
  supposed: Notation,
): RowSink<ScanOutcome> {
  const columns = findLoadColumns(head.source, head.columns, options);
  const utc = columns.time.some((column) => saysUtc(head.columns[column] ?? ''));
  const stampOptions = utc ? { ...options, zone: 'UTC' } : options;
  const stamps = scanStamps(head.source, stampOptions, supposed.dateOrder);
  const refused = createReasons();
  const load =
    columns.load === null ? null : loadReader(head, columns.load, options, supposed.load);
  const temperature = temperatureReader(head, columns.temperature, options, supposed.temperature);
  const forecast = temperatureReader(
    head,
    columns.temperatureForecast,
    options,
    supposed.temperatureForecast,
  );
  const extras = columns.extras.map(({ column }, i) =>
    extraReader(head, column, options, supposed.extras[i] ?? options.decimal ?? '.'),
  );
  const readers = [load, temperature, forecast, ...extras].filter((reader) => reader !== null);
  let lines = new Uint32Array(1_024);
  let count = 0;
  return {
    add(cells, line) {
      if (count === lines.length) lines = doubled(lines);
      const row = count++;
      lines[row] = line;
      stamps.add(stampText(cells, columns.time));
      const problem = shapeProblem(cells, head.columns.length, columns.load);
      if (problem !== null) refused.add(row, problem);
      for (const reader of readers) reader.add(cells);
      return readers.every((reader) => reader.holds());
    },
    end() {
      const notation: Notation = {
        dateOrder: readers.every((reader) => reader.holds())
          ? stamps.dateOrder()
          : supposed.dateOrder,
        load: load?.sign() ?? supposed.load,
        temperature: temperature?.sign() ?? supposed.temperature,
        temperatureForecast: forecast?.sign() ?? supposed.temperatureForecast,
        extras: extras.map((extra) => extra.sign()),
      };
      if (differ(notation, supposed)) return { kind: 'again', notation };
      const issues = createIssueList();
      const read = stamps.end();
      const accepted = acceptRows(
        { count, lines, stamps: read, refused, load, temperature, forecast, extras },
        issues,
      );
      return {
        kind: 'rows',
        rows: { head, columns, count, accepted, mark: read.mark, issues },
      };
    },
  };
}

export function rejectRow(issues: IssueList, line: number, reason: string): void {
  issues.add({ kind: 'rejected-row', line, validAtMs: null, count: 1, reason });
}

interface ReadFile {
  readonly count: number;
  readonly lines: Uint32Array;
  readonly stamps: Stamps;
  readonly refused: Reasons;
  readonly load: NumberColumn | null;
  readonly temperature: NumberColumn | null;
  readonly forecast: NumberColumn | null;
  readonly extras: readonly NumberColumn[];
}

/** Moves the rows that can be read together, in place. */
function acceptRows(
  { count, lines, stamps, refused, load, temperature, forecast, extras }: ReadFile,
  issues: IssueList,
): RowColumns {
  const instantMs = new Float64Array(count);
  const loads = load?.values() ?? new Float64Array(count).fill(Number.NaN);
  const optional = [temperature, forecast, ...extras].map((column) =>
    column ? { column, values: column.values() } : null,
  );
  let kept = 0;
  for (let row = 0; row < count; row++) {
    const line = lines[row]!;
    const reason = refused.of(row) ?? stamps.reasonAt(row) ?? load?.problems.of(row) ?? null;
    if (reason !== null) {
      rejectRow(issues, line, reason);
      continue;
    }
    lines[kept] = line;
    instantMs[kept] = stamps.instantAt(row);
    loads[kept] = loads[row]!;
    for (const each of optional) {
      if (!each) continue;
      each.values[kept] = each.values[row]!;
      const leftOut = each.column.problems.of(row);
      if (leftOut !== null)
        issues.add({ kind: 'suspect-value', line, validAtMs: null, count: 1, reason: leftOut });
    }
    kept++;
  }
  const [temperatures, forecasts, ...others] = optional;
  return firstRows(
    {
      line: lines,
      instantMs,
      load: loads,
      temperatureC: temperatures?.values ?? null,
      temperatureForecastC: forecasts?.values ?? null,
      extras: others.flatMap((extra) => (extra ? [extra.values] : [])),
    },
    kept,
  );
}

function differ(told: Notation, supposed: Notation): boolean {
  return (
    told.dateOrder !== supposed.dateOrder ||
    told.load !== supposed.load ||
    told.temperature !== supposed.temperature ||
    told.temperatureForecast !== supposed.temperatureForecast ||
    told.extras.some((sign, i) => sign !== supposed.extras[i])
  );
}

function stampText(cells: readonly string[], time: readonly number[]): string {
  const first = cells[time[0] ?? 0] ?? '';
  const second = time[1];
  // Spreadsheets write a date as midnight of that day.
  return second === undefined
    ? first
    : `${first.replace(/[T ]00:00(:00)?$/, '')} ${cells[second] ?? ''}`;
}

/** A row of more cells than columns was split in the wrong places, often by a decimal comma. */
function shapeProblem(
  cells: readonly string[],
  columns: number,
  loadColumn: number | null,
): string | null {
  if (loadColumn !== null && cells.length <= loadColumn)
    return `has ${cells.length} cells, the load would be cell ${loadColumn + 1}`;
  if (cells.length > columns && cells.slice(columns).some((cell) => cell !== ''))
    return `has ${cells.length} cells for ${columns} columns`;
  return null;
}

/** What is wrong with rows; of very many only the first are kept in words, as no list of issues shows more. */
interface Reasons {
  add(row: number, reason: string): void;
  of(row: number): string | null;
}

const mostReasons = 1_000;

function createReasons(): Reasons {
  const words = new Map<number, string>();
  let others = new Uint8Array(0);
  return {
    add(row, reason) {
      if (words.size < mostReasons) {
        words.set(row, reason);
        return;
      }
      if (others.length === 0) others = new Uint8Array(1_024);
      while (row >= others.length) others = doubled(others);
      others[row] = 1;
    },
    of(row) {
      if (words.size === 0) return null;
      return words.get(row) ?? (others[row] === 1 ? '…' : null);
    },
  };
}

/** The numbers of one column; NaN for a missing number and for text that is none. */
interface NumberColumn {
  add(cells: readonly string[]): void;
  /** false once the numbers tell another decimal sign than was supposed */
  holds(): boolean;
  sign(): DecimalSign;
  /** of the rows so far; the caller may change them */
  values(): Float64Array;
  readonly problems: Reasons;
}

/** @param check the value to keep of a number that is not missing, or what is wrong with it */
function numberColumn(
  head: CsvHead,
  column: number,
  { decimal }: RowOptions,
  supposed: DecimalSign,
  check: (value: number, text: string) => number | string,
): NumberColumn {
  const survey = surveyDecimalSign(head.delimiter);
  const problems = createReasons();
  let values = new Float64Array(1_024);
  let rows = 0;
  return {
    problems,
    add(cells) {
      if (rows === values.length) values = doubled(values);
      const row = rows++;
      const text = cells[column] ?? '';
      if (decimal === undefined) survey.add(text);
      if (isMissing(text)) {
        values[row] = Number.NaN;
        return;
      }
      const value = check(parseNumber(text, supposed), text);
      values[row] = typeof value === 'number' ? value : Number.NaN;
      if (typeof value === 'string') problems.add(row, value);
    },
    holds: () => (survey.told() ?? supposed) === supposed,
    sign: () => decimal ?? survey.sign(),
    values: () => values.subarray(0, rows),
  };
}

function loadReader(
  head: CsvHead,
  column: number,
  options: RowOptions,
  supposed: DecimalSign,
): NumberColumn {
  return numberColumn(head, column, options, supposed, (load, text) => {
    if (Number.isNaN(load)) return `cannot read the load "${text.slice(0, 60)}"`;
    return Math.abs(load) > largestLoad ? `load ${load} is beyond any load` : load;
  });
}

/** A temperature that cannot be read or be true is left out and reported; its row stays. */
function temperatureReader(
  head: CsvHead,
  column: number | null,
  options: RowOptions,
  supposed: DecimalSign,
): NumberColumn | null {
  if (column === null) return null;
  const fahrenheit = saysFahrenheit(head.columns[column] ?? '');
  return numberColumn(head, column, options, supposed, (value, text) => {
    const temperatureC = fahrenheit ? ((value - 32) * 5) / 9 : value;
    return temperatureC >= coldestC && temperatureC <= hottestC
      ? temperatureC
      : `"${text.slice(0, 60)}" is no temperature between ${coldestC} and ${hottestC} °C; left out`;
  });
}

/** A number that cannot be read is left out and reported; its row stays. */
function extraReader(
  head: CsvHead,
  column: number,
  options: RowOptions,
  supposed: DecimalSign,
): NumberColumn {
  const title = (head.columns[column] ?? '').slice(0, 60);
  return numberColumn(head, column, options, supposed, (value, text) =>
    Math.abs(value) <= largestExtra
      ? value
      : `"${text.slice(0, 60)}" of "${title}" is no number up to ${largestExtra}; left out`,
  );
}
