import { endOfReading, type Reading } from '../core/reading.js';
import {
  sliceColumns,
  toColumns,
  toReadings,
  type ReadingColumns,
  type Readings,
} from '../core/reading-columns.js';
import { likelyNotation, scanRows, type ScanOutcome } from './load-rows.js';
import { inReadings, loadTableOf, type LoadTable, type LoadTableOptions } from './load-table.js';
import { hasLoadColumns } from './column-names.js';
import type { CsvLimits, RowSink } from './sources/scan-csv.js';
import { scanTableFile } from './sources/scan-table.js';

/** A load file, its temperatures told apart: those known with the loads and those after them, a forecast. */
export interface LoadFile<R extends Readings = readonly Reading[]> extends LoadTable<R> {
  /** start of the first load, or of what a file without load has */
  readonly firstMs: number;
  /** end of the last load, or that of `loadsEndMs` */
  readonly endMs: number;
  /** °C of the intervals from `endMs` on */
  readonly futureTemperature: readonly Reading[];
}

/** Numbers take some 70 bytes of memory a row. */
export const loadFileLimits: CsvLimits = { bytes: 2 * 1024 ** 3, rows: 20_000_000 };

/**
 * Reads a file of load and temperature: CSV, JSON or an Excel workbook; rows after the last load that carry a temperature are a weather forecast.
 * @throws {LoadcastError} as `scanTableFile` and `parseLoadTable` do
 */
export async function readLoadFile(
  file: string,
  options: LoadTableOptions = {},
  limits: CsvLimits = loadFileLimits,
): Promise<LoadFile> {
  return inReadings(await readLoadColumns(file, options, limits));
}

const rowsPerReport = 100_000;

/**
 * The same in columns, for files of millions of rows.
 * @param onRows called now and then with the number of rows so far
 */
export async function readLoadColumns(
  file: string,
  options: LoadTableOptions = {},
  limits: CsvLimits = loadFileLimits,
  onRows?: (rows: number) => void,
): Promise<LoadFile<ReadingColumns>> {
  const scan = (supposed = likelyNotation(options)): Promise<ScanOutcome> =>
    scanTableFile(
      file,
      limits,
      (head) => reporting(scanRows(head, options, supposed), onRows),
      (columns) => hasLoadColumns(columns, options),
      options.sheet,
    );
  let outcome = await scan();
  while (outcome.kind === 'again') outcome = await scan(outcome.notation);
  return splitColumns(loadTableOf(outcome.rows, options), options.loadsEndMs);
}

function reporting<T>(sink: RowSink<T>, onRows?: (rows: number) => void): RowSink<T> {
  if (!onRows) return sink;
  let rows = 0;
  return {
    add(cells, line) {
      if (++rows % rowsPerReport === 0) onRows(rows);
      return sink.add(cells, line);
    },
    end: () => sink.end(),
  };
}

export function splitAtLastLoad(table: LoadTable): LoadFile {
  const split = splitColumns({
    ...table,
    load: toColumns(table.load),
    temperature: toColumns(table.temperature),
    temperatureForecast: toColumns(table.temperatureForecast),
    extras: [],
  });
  return { ...split, ...table, temperature: toReadings(split.temperature) };
}

/** Start of the first reading of the first columns that have any. */
function firstOf(columns: readonly ReadingColumns[]): number {
  return columns.find(({ startMs }) => startMs.length > 0)?.startMs[0] ?? 0;
}

function splitColumns(table: LoadTable<ReadingColumns>, loadsEndMs = 0): LoadFile<ReadingColumns> {
  const { load, temperature } = table;
  const [last] = toReadings(sliceColumns(load, -1));
  const endMs = last ? endOfReading(last) : loadsEndMs;
  const firstLater = temperature.startMs.findIndex((startMs) => startMs >= endMs);
  const known = firstLater < 0 ? temperature.startMs.length : firstLater;
  return {
    ...table,
    firstMs: firstOf([load, temperature, ...table.extras.map(({ readings }) => readings)]),
    endMs,
    temperature: sliceColumns(temperature, 0, known),
    futureTemperature: toReadings(sliceColumns(temperature, known)),
  };
}
