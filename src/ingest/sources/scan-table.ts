import { scanCsvFile, type CsvHead, type CsvLimits, type RowSink } from './scan-csv.js';
import { scanJsonFile } from './scan-json.js';
import { scanWorkbook } from './scan-workbook.js';
import { readFormat } from './text-file.js';

/**
 * Hands the rows of a table to a sink, whatever it is written as: CSV, JSON or an Excel workbook. Its content tells, not
 * its name.
 * @param isHead whether a row names columns; only asked of workbooks, which may begin with a title
 * @param sheet of a workbook
 * @throws {LoadcastError} as `scanCsvFile`, `scanJsonFile` and `scanWorkbook` do
 */
export async function scanTableFile<T>(
  file: string,
  limits: CsvLimits,
  sinkOf: (head: CsvHead) => RowSink<T>,
  isHead: (columns: readonly string[]) => boolean,
  sheet?: string,
): Promise<T> {
  const format = await readFormat(file);
  if (format === 'workbook') return scanWorkbook(file, sinkOf, isHead, sheet);
  if (format === 'json') return scanJsonFile(file, limits, sinkOf);
  return scanCsvFile(file, limits, sinkOf);
}
