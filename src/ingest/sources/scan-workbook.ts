import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import readWorkbook, { type CellValue, type Sheet } from 'read-excel-file/node';
import { LoadcastError, messageOf } from '../../core/errors.js';
import { numberText } from '../number-text.js';
import type { CsvHead, RowSink } from './scan-csv.js';

/** of the file as it lies there, of what it unpacks to, and rows of a sheet (Excel has no more) */
const workbookLimits = { bytes: 64 * 1024 ** 2, unpackedBytes: 1024 ** 3 };
/** titles and notes may stand above the column names */
const rowsAboveHead = 50;

/**
 * Hands the rows of one sheet of an Excel workbook (.xlsx) to a sink, as text: dates as the clock they show, formulas by
 * their results, errors as missing.
 * @param isHead whether a row names columns
 * @param sheet its name; absent: the first one with a row of column names, else the first with rows
 * @throws {LoadcastError} UNREADABLE_FILE if it is no workbook, or has no row; INVALID_INPUT if it is too large, or has no
 * such sheet
 */
export async function scanWorkbook<T>(
  file: string,
  sinkOf: (head: CsvHead) => RowSink<T>,
  isHead: (columns: readonly string[]) => boolean,
  sheet?: string,
): Promise<T> {
  const sheets = await readSheets(file);
  const { data, headRow } = chosenSheet(file, sheets, isHead, sheet);
  const columns = textsOf(data[headRow] ?? []);
  const sink = sinkOf({ source: path.basename(file), delimiter: ',', columns });
  for (let row = headRow + 1; row < data.length; row++) {
    const cells = textsOf(data[row] ?? []);
    if (cells.some((cell) => cell !== '') && !sink.add(cells, row + 1)) break;
  }
  return sink.end();
}

async function readSheets(file: string): Promise<Sheet[]> {
  const { size } = await stat(file);
  if (size > workbookLimits.bytes) throw tooLarge(file, workbookLimits.bytes, '');
  const bytes = await readFile(file);
  const unpacked = unpackedBytes(bytes);
  if (unpacked > workbookLimits.unpackedBytes)
    throw tooLarge(file, workbookLimits.unpackedBytes, ' (unpacked)');
  try {
    return await readWorkbook(bytes);
  } catch (cause) {
    throw new LoadcastError(
      'UNREADABLE_FILE',
      `"${file}" is a zip, but no Excel workbook that can be read (${messageOf(cause)}); save the sheet as CSV.`,
      { cause },
    );
  }
}

/** Sizes that the directory at the end of a zip tells of its files; 0 without a directory. */
function unpackedBytes(zip: Buffer): number {
  const end = zip.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  if (end < 0 || end + 20 > zip.length) return 0;
  let at = zip.readUInt32LE(end + 16);
  let sum = 0;
  while (at + 46 <= zip.length && zip.toString('latin1', at, at + 4) === 'PK\u0001\u0002') {
    sum += zip.readUInt32LE(at + 24);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return sum;
}

interface ChosenSheet {
  readonly data: Sheet['data'];
  readonly headRow: number;
}

function chosenSheet(
  file: string,
  sheets: readonly Sheet[],
  isHead: (columns: readonly string[]) => boolean,
  name: string | undefined,
): ChosenSheet {
  const candidates = name === undefined ? sheets : sheets.filter(({ sheet }) => sheet === name);
  if (candidates.length === 0)
    throw new LoadcastError(
      'INVALID_INPUT',
      `"${file}" has no sheet "${name}" (--sheet); it has ${sheets.map(({ sheet }) => `"${sheet}"`).join(', ')}.`,
    );
  for (const { data } of candidates) {
    const headRow = data.slice(0, rowsAboveHead).findIndex((row) => isHead(textsOf(row)));
    if (headRow >= 0) return { data, headRow };
  }
  // Then a row of several cells is the most likely one, and its names are told.
  for (const { data } of candidates) {
    const headRow = data.findIndex((row) => textsOf(row).filter((cell) => cell !== '').length > 1);
    if (headRow >= 0) return { data, headRow };
  }
  throw new LoadcastError(
    'UNREADABLE_FILE',
    `"${file}" has no row with two cells; it needs a column for the time and one for the load.`,
  );
}

function textsOf(row: readonly (CellValue | null)[]): string[] {
  return row.map(textOf);
}

function textOf(cell: CellValue | null): string {
  if (cell === null) return '';
  if (cell instanceof Date) return stampOf(cell);
  return typeof cell === 'number' ? numberText(cell) : String(cell).trim();
}

/** Excel has clocks without a zone, in days: to the second, and a clock alone on their first day (1899 or 1904). */
function stampOf(date: Date): string {
  const text = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString();
  return date.getUTCFullYear() < 1905 ? text.slice(11, 19) : text.slice(0, 19);
}

function tooLarge(file: string, bytes: number, how: string): LoadcastError {
  return new LoadcastError(
    'INVALID_INPUT',
    `"${file}" is larger than ${bytes / 1024 ** 2} MiB${how}, the most that is read of a workbook; save the sheet as CSV.`,
  );
}
