import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { LoadcastError } from '../../core/errors.js';
import { detectDelimiter, type Delimiter } from './csv-delimiter.js';
import { readSample, readText, type Encoding } from './text-file.js';

export interface CsvHead {
  /** file name without its folder, for messages */
  readonly source: string;
  readonly delimiter: Delimiter;
  /** cells of the first row, trimmed */
  readonly columns: readonly string[];
}

export interface CsvLimits {
  /** of the unpacked file */
  readonly bytes: number;
  readonly rows: number;
}

/** Takes the rows of a table one after the other. */
export interface RowSink<T> {
  /**
   * @param cells trimmed; may be fewer or more than the columns
   * @param line of the file on which the row ends (1 = first line)
   * @returns false to see no more rows
   */
  add(cells: readonly string[], line: number): boolean;
  end(): T;
}

const longestRow = 200_000;

/**
 * Hands the rows of a CSV file, plain or gzipped, to a sink; `,`, `;` or tab between cells; UTF-8, UTF-16 with its
 * mark, or else Latin 1.
 * @param sinkOf called with the first row, and again where the file turns out to be in another encoding
 * @throws {LoadcastError} UNREADABLE_FILE if it is missing, a folder, empty, binary, or not to be read;
 * INVALID_INPUT if it is over a limit or its quotes never close
 */
export async function scanCsvFile<T>(
  file: string,
  limits: CsvLimits,
  sinkOf: (head: CsvHead) => RowSink<T>,
): Promise<T> {
  const sample = await readSample(file);
  const delimiter = detectDelimiter(sample.text);
  const encodings: readonly Encoding[] = sample.marked
    ? [sample.marked]
    : ['utf-8', 'windows-1252'];
  for (const encoding of encodings) {
    const rows = createRows(file, delimiter, limits, sinkOf);
    if (await scanText(file, delimiter, readText(file, encoding, limits.bytes), rows))
      return rows.end();
  }
  throw new LoadcastError('UNREADABLE_FILE', `"${file}" is no text; save it as CSV in UTF-8.`);
}

/** Counts lines and rows, and leaves blank ones out. */
interface Rows<T> {
  readonly line: number;
  /** @param lines that the row goes over */
  add(cells: readonly string[], lines: number): boolean;
  end(): T;
}

function createRows<T>(
  file: string,
  delimiter: Delimiter,
  limits: CsvLimits,
  sinkOf: (head: CsvHead) => RowSink<T>,
): Rows<T> {
  let sink: RowSink<T> | null = null;
  let line = 0;
  let rows = 0;
  return {
    get line() {
      return line;
    },
    add(cells, lines) {
      line += lines;
      if (cells.length === 1 && cells[0] === '') return true;
      if (!sink) {
        sink = sinkOf({ source: path.basename(file), delimiter, columns: cells });
        return true;
      }
      if (++rows > limits.rows) throw tooManyRows(file, limits);
      return sink.add(cells, line);
    },
    end() {
      if (sink) return sink.end();
      throw new LoadcastError(
        'UNREADABLE_FILE',
        `"${file}" holds blank lines only; it has no row.`,
      );
    },
  };
}

/** @returns false if the file is not in that encoding */
async function scanText(
  file: string,
  delimiter: Delimiter,
  text: AsyncGenerator<string>,
  rows: Rows<unknown>,
): Promise<boolean> {
  try {
    const quoted = await scanPlain(file, delimiter, text, rows);
    if (quoted !== null) await scanQuoted(delimiter, quoted, text, rows);
    return true;
  } catch (error) {
    if (isInvalidEncoding(error)) return false;
    throw error instanceof CsvError ? csvError(file, rows.line + 1, error) : error;
  } finally {
    await text.return(undefined);
  }
}

/**
 * Splits lines as they stand, up to the first part of the file with a quote: several times as fast as csv-parse.
 * @returns that part from the start of a row on; null if there is none or the sink has seen enough
 */
async function scanPlain(
  file: string,
  delimiter: Delimiter,
  text: AsyncGenerator<string>,
  rows: Rows<unknown>,
): Promise<string | null> {
  const addLine = (line: string): boolean => {
    if (line.length > longestRow) throw rowTooLong(file, rows.line + 1);
    return rows.add(trimAll(line.split(delimiter)), 1);
  };
  let rest = '';
  for (;;) {
    const chunk = await text.next();
    if (chunk.done) break;
    const part = rest + chunk.value;
    if (chunk.value.includes('"')) return part;
    // A CR at the end may be the first half of a CR LF.
    const heldBack = part.endsWith('\r') ? '\r' : '';
    const lines = withNewlines(heldBack ? part.slice(0, -1) : part).split('\n');
    rest = (lines.pop() ?? '') + heldBack;
    for (const line of lines) if (!addLine(line)) return null;
    if (rest.length > longestRow) throw rowTooLong(file, rows.line + 1);
  }
  for (const line of withNewlines(rest).replace(/\n$/, '').split('\n')) {
    if (rest !== '' && !addLine(line)) return null;
  }
  return null;
}

function withNewlines(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
}

function trimAll(cells: string[]): string[] {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (!isVisible(cell.charCodeAt(0)) || !isVisible(cell.charCodeAt(cell.length - 1)))
      cells[i] = cell.trim();
  }
  return cells;
}

/** True for characters of ASCII that no trimming takes away. */
function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

async function scanQuoted(
  delimiter: Delimiter,
  first: string,
  others: AsyncGenerator<string>,
  rows: Rows<unknown>,
): Promise<void> {
  const parser = parse({
    delimiter,
    // Left to itself, csv-parse takes the first end of a line for all of them, and joins lines that end otherwise.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    trim: true,
    max_record_size: longestRow,
  });
  async function* all(): AsyncGenerator<string> {
    yield first;
    yield* others;
  }
  await pipeline(all(), parser, async (records: AsyncIterable<string[]>) => {
    // Going away early would be an error of the pipeline.
    let wanted = true;
    for await (const record of records) wanted &&= rows.add(record, 1 + lineBreaksIn(record));
  });
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
    return rowTooLong(file, line);
  return new LoadcastError('INVALID_INPUT', `"${file}" is no CSV: ${error.message.slice(0, 300)}`);
}

function rowTooLong(file: string, line: number): LoadcastError {
  return new LoadcastError(
    'INVALID_INPUT',
    `"${file}": the row from line ${line} on is longer than ${longestRow} characters ` +
      'or opens a quote (") that never closes; repair the quotes.',
  );
}

function tooManyRows(file: string, limits: CsvLimits): LoadcastError {
  return new LoadcastError(
    'INVALID_INPUT',
    `"${file}" has more than ${limits.rows} rows, the most that are read at once; split it.`,
  );
}
