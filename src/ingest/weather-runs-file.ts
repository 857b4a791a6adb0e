import { LoadcastError } from '../core/errors.js';
import type { Reading } from '../core/reading.js';
import { readCsvFile } from './sources/csv-file.js';

/** One forecast run of temperature, °C, hourly, or one member of an ensemble. */
export interface WeatherRunReadings {
  readonly runAtMs: number;
  readonly availableAtMs: number;
  /** ascending by start */
  readonly readings: readonly Reading[];
}

const columns = ['run_at', 'available_at', 'valid_at', 'temperature_c'] as const;
/** tells the members of an ensemble apart; a file may do without */
const memberColumn = 'member';

/**
 * Reads a file of weather forecast runs: columns `run_at,available_at,valid_at,temperature_c`, instants in ISO 8601
 * with an offset; rows with a blank temperature are skipped. A column `member` tells the runs of an ensemble apart.
 * @throws {LoadcastError} MISSING_COLUMN naming the columns of the file; INVALID_INPUT naming the first bad line
 */
export async function readWeatherRuns(file: string): Promise<WeatherRunReadings[]> {
  const table = await readCsvFile(file);
  const index = columns.map((name) => {
    const at = table.columns.indexOf(name);
    if (at >= 0) return at;
    throw new LoadcastError(
      'MISSING_COLUMN',
      `"${table.source}" has no column "${name}"; it has ${table.columns.join(', ')}. A file of weather runs needs ${columns.join(', ')}.`,
    );
  });
  const memberAt = table.columns.indexOf(memberColumn);
  const runs = new Map<string, { runAtMs: number; availableAtMs: number; readings: Reading[] }>();
  for (const [row, cells] of table.rows.entries()) {
    const [runAt = '', availableAt = '', validAt = '', temperature = ''] = index.map(
      (at) => cells[at] ?? '',
    );
    if (temperature === '') continue;
    const line = table.lines[row] ?? row + 2;
    const instant = (name: string, text: string): number => {
      const instantMs = /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
      if (Number.isFinite(instantMs)) return instantMs;
      throw new LoadcastError(
        'INVALID_INPUT',
        `"${table.source}", line ${line}: ${name} "${text}" is no instant such as 2024-05-01T00:00:00Z.`,
      );
    };
    const value = Number(temperature);
    if (!Number.isFinite(value) || value < -90 || value > 65)
      throw new LoadcastError(
        'INVALID_INPUT',
        `"${table.source}", line ${line}: temperature_c "${temperature}" is no temperature between −90 and 65 °C.`,
      );
    const key = `${runAt} ${availableAt} ${cells[memberAt] ?? ''}`;
    const run = runs.get(key) ?? {
      runAtMs: instant('run_at', runAt),
      availableAtMs: instant('available_at', availableAt),
      readings: [],
    };
    run.readings.push({ startMs: instant('valid_at', validAt), minutes: 60, value });
    runs.set(key, run);
  }
  for (const run of runs.values()) run.readings.sort((a, b) => a.startMs - b.startMs);
  return [...runs.values()];
}
