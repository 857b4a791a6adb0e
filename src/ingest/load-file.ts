import { parseLoadTable, type LoadTable, type LoadTableOptions } from './load-table.js';
import { endOfReading, type Reading } from '../core/reading.js';
import { csvLimits, readCsvFile, type CsvLimits } from './sources/csv-file.js';

/** A load file, its temperatures told apart: those known with the loads and those after them, a forecast. */
export interface LoadFile extends LoadTable {
  /** start of the first load */
  readonly firstMs: number;
  /** end of the last load */
  readonly endMs: number;
  /** °C of the intervals from `endMs` on */
  readonly futureTemperature: readonly Reading[];
}

/**
 * Reads a CSV file of load and temperature; rows after the last load that carry a temperature are a weather forecast.
 * @throws {LoadcastError} as `readCsvFile` and `parseLoadTable` do
 */
export async function readLoadFile(
  file: string,
  options: LoadTableOptions = {},
  limits: CsvLimits = csvLimits,
): Promise<LoadFile> {
  return splitAtLastLoad(parseLoadTable(await readCsvFile(file, limits), options));
}

export function splitAtLastLoad(table: LoadTable): LoadFile {
  const firstMs = table.load[0]?.startMs ?? 0;
  const last = table.load.at(-1);
  const endMs = last ? endOfReading(last) : 0;
  return {
    ...table,
    firstMs,
    endMs,
    temperature: table.temperature.filter(({ startMs }) => startMs < endMs),
    futureTemperature: table.temperature.filter(({ startMs }) => startMs >= endMs),
  };
}
