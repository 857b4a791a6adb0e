import { scanCsvFile, type CsvHead, type CsvLimits } from './scan-csv.js';

export type { CsvLimits } from './scan-csv.js';

/** A CSV file as text cells; what they mean is read later. */
export interface CsvTable extends CsvHead {
  /** cells of each further row, trimmed; rows may be shorter or longer than `columns` */
  readonly rows: readonly (readonly string[])[];
  /** line in the file on which each row ends (1 = first line), aligned with `rows` */
  readonly lines: readonly number[];
}

/** Text cells take some 200 bytes of memory a row. */
export const csvLimits: CsvLimits = { bytes: 512 * 1024 * 1024, rows: 2_000_000 };

/**
 * Reads a CSV file as `scanCsvFile` does, whole.
 * @throws {LoadcastError} as that does
 */
export function readCsvFile(file: string, limits: CsvLimits = csvLimits): Promise<CsvTable> {
  return scanCsvFile(file, limits, (head) => {
    const rows: (readonly string[])[] = [];
    const lines: number[] = [];
    return {
      add(cells, line) {
        rows.push(cells);
        lines.push(line);
        return true;
      },
      end: () => ({ ...head, rows, lines }),
    };
  });
}
