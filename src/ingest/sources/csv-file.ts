import { pipeline } from 'node:stream/promises';
import path from 'node:path';
import { CsvError, parse } from 'csv-parse';
import { LoadcastError } from '../../core/errors.js';
import { detectDelimiter, type Delimiter } from './csv-delimiter.js';
import { readSample, readText, type Encoding } from './text-file.js';

/** A CSV file as text cells; what they mean is read later. */
export interface CsvTable {
  /** file name without its folder, for messages */
  readonly source: string;
  readonly delimiter: Delimiter;
  /** cells of the first row, trimmed */
  readonly columns: readonly string[];
  /** cells of each further row, trimmed; rows may be shorter or longer than `columns` */
  readonly rows: readonly (readonly string[])[];
  /** line in the file on which each row ends (1 = first line), aligned with `rows` */
  readonly lines: readonly number[];
}

export interface CsvLimits {
  /** of the unpacked file */
  readonly bytes: number;
  readonly rows: number;
}

export const csvLimits: CsvLimits = { bytes: 512 * 1024 * 1024, rows: 2_000_000 };
const longestRow = 200_000;

/**
 * Reads a CSV file, plain or gzipped; `,`, `;` or tab between cells; UTF-8, UTF-16 with its mark, or else Latin 1.
 * @throws {LoadcastError} UNREADABLE_FILE if it is missing, a folder, empty, binary, or not to be read;
 * INVALID_INPUT if it is over a limit or its quotes never close
 */
export async function readCsvFile(file: string, limits: CsvLimits = csvLimits): Promise<CsvTable> {
  const sample = await readSample(file);
  const delimiter = detectDelimiter(sample.text);
  const encodings: readonly Encoding[] = sample.marked
    ? [sample.marked]
    : ['utf-8', 'windows-1252'];
  for (const encoding of encodings) {
    const table = await readTable(file, delimiter, encoding, limits);
    if (table) return table;
  }
  throw new LoadcastError('UNREADABLE_FILE', `"${file}" is no text; save it as CSV in UTF-8.`);
}

/** @returns null if the file is not in that encoding */
async function readTable(
  file: string,
  delimiter: Delimiter,
  encoding: Encoding,
  limits: CsvLimits,
): Promise<CsvTable | null> {
  const rows: string[][] = [];
  const lines: number[] = [];
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    trim: true,
    max_record_size: longestRow,
  });
  let line = 0;
  const collect = async (records: AsyncIterable<string[]>): Promise<void> => {
    for await (const record of records) {
      line += 1 + lineBreaksIn(record);
      if (record.length === 1 && record[0] === '') continue;
      // The first row is the header.
      if (rows.length > limits.rows) throw tooManyRows(file, limits);
      rows.push(record);
      lines.push(line);
    }
  };
  try {
    await pipeline(readText(file, encoding, limits.bytes), parser, collect);
  } catch (error) {
    if (isInvalidEncoding(error)) return null;
    throw error instanceof CsvError ? csvError(file, line + 1, error) : error;
  }
  const [columns, ...others] = rows;
  if (!columns)
    throw new LoadcastError('UNREADABLE_FILE', `"${file}" holds blank lines only; it has no row.`);
  return { source: path.basename(file), delimiter, columns, rows: others, lines: lines.slice(1) };
}

/** Counted by hand: csv-parse's own line numbers cost as much as the reading. */
function lineBreaksIn(record: readonly string[]): number {
  let breaks = 0;
  for (const cell of record) {
    if (cell.includes('\n') || cell.includes('\r')) breaks += cell.split(/\r\n|\n|\r/).length - 1;
  }
  return breaks;
}

function isInvalidEncoding(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    'code' in error &&
    error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
  );
}

function csvError(file: string, line: number, error: CsvError): LoadcastError {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE')
    return new LoadcastError(
      'INVALID_INPUT',
      `"${file}": the row from line ${line} on is longer than ${longestRow} characters ` +
        'or opens a quote (") that never closes; repair the quotes.',
    );
  return new LoadcastError('INVALID_INPUT', `"${file}" is no CSV: ${error.message.slice(0, 300)}`);
}

function tooManyRows(file: string, limits: CsvLimits): LoadcastError {
  return new LoadcastError(
    'INVALID_INPUT',
    `"${file}" has more than ${limits.rows} rows, the most that are read at once; split it.`,
  );
}
