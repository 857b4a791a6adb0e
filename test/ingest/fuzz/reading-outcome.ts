import { LoadcastError } from '../../../src/core/errors.js';
import type { QualityIssue } from '../../../src/core/quality-issue.js';
import { endOfReading, type Reading } from '../../../src/core/reading.js';
import { readLoadFile, type LoadFile } from '../../../src/ingest/load-file.js';
import {
  parseLoadTable,
  type LoadTable,
  type LoadTableOptions,
} from '../../../src/ingest/load-table.js';
import { isMissing } from '../../../src/ingest/number-text.js';
import { readCsvFile, type CsvTable } from '../../../src/ingest/sources/csv-file.js';

/** What became of a fuzzed file: the file as it was read or the code of the refusal, and what is wrong about that. */
export interface ReadingOutcome {
  readonly file: LoadFile | null;
  readonly code: string | null;
  readonly problems: readonly string[];
}

/**
 * Reads a file and checks the books: rows = loads + rejected + doubles + intervals whose load is blank. What is blank
 * is found by reading the same table again with a load in place of each blank, which leaves none.
 */
export async function readingOutcome(
  path: string,
  options: LoadTableOptions,
  filledLines: number | null,
): Promise<ReadingOutcome> {
  try {
    const file = await readLoadFile(path, options);
    const table = await readCsvFile(path);
    return {
      file,
      code: null,
      problems: [...problemsOf(file, table, options), ...lost(file, filledLines)],
    };
  } catch (error) {
    if (error instanceof LoadcastError)
      return { file: null, code: error.code, problems: unclear(error) };
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { file: null, code: null, problems: [`throws ${shown}`] };
  }
}

function problemsOf(file: LoadFile, table: CsvTable, options: LoadTableOptions): string[] {
  const filled = parseLoadTable(withoutBlanks(table, file), options);
  const figures = (of: LoadTable): string =>
    `${of.rows} rows, ${of.load.length} loads, ${of.rejected} rejected, ${doublesOf(of)} doubles`;
  const both = `${figures(file)}; with blanks filled ${figures(filled)}`;
  const checks: [boolean, string][] = [
    [file.rows === table.rows.length, `${file.rows} rows of ${table.rows.length}`],
    [filled.rows === filled.load.length + filled.rejected + doublesOf(filled), both],
    [file.rejected === filled.rejected && doublesOf(file) === doublesOf(filled), both],
    [file.load.length <= filled.load.length, both],
    [file.rejected === countOf(file, 'rejected-row'), `not all are listed: ${both}`],
    ...[
      file.load,
      file.temperature,
      file.futureTemperature,
      file.temperatureForecast,
      ...file.extras.map(({ readings }) => readings),
    ].map((readings): [boolean, string] => [
      inOrder(readings),
      'readings overlap or are not finite',
    ]),
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem);
}

/** Each line but the header is a row, where no quote joins lines. */
function lost(file: LoadFile, filledLines: number | null): string[] {
  return filledLines === null || file.rows === filledLines - 1
    ? []
    : [`${file.rows} rows of ${filledLines} lines`];
}

function withoutBlanks(table: CsvTable, { columns }: LoadFile): CsvTable {
  const load = table.columns.indexOf(columns.load ?? '');
  return {
    ...table,
    rows: table.rows.map((cells) =>
      cells.map((cell, i) => (i === load && isMissing(cell) ? '1' : cell)),
    ),
  };
}

function doublesOf(table: LoadTable): number {
  return countOf(table, 'duplicate');
}

function countOf(table: LoadTable, kind: QualityIssue['kind']): number {
  return table.issues
    .filter((issue) => issue.kind === kind)
    .reduce((sum, issue) => sum + issue.count, 0);
}

function inOrder(readings: readonly Reading[]): boolean {
  return readings.every((reading, i) => {
    const before = readings[i - 1];
    return (
      Number.isFinite(reading.value) &&
      Number.isInteger(60 / reading.minutes) &&
      (before === undefined || endOfReading(before) <= reading.startMs)
    );
  });
}

/** A refusal is for people: it says something, and not the whole file. */
function unclear({ message }: LoadcastError): string[] {
  return message.length > 20 && message.length < 5_000 ? [] : [`message of ${message.length}`];
}
