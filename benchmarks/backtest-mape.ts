import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Place } from '../src/core/history.js';
import { hourMs, isoUtc } from '../src/core/time.js';

export interface MeasuredBacktest {
  readonly place: Place;
  /** of the first hour */
  readonly startMs: number;
  /** hourly, all of one length, by their names in the file; `load_mw` is the load; NaN = blank */
  readonly columns: Readonly<Record<string, Float64Array>>;
  /** what the forecasts are scored by, MW; NaN = not at all */
  readonly truth: Float64Array;
  /** local dates, inclusive */
  readonly from: string;
  readonly to: string;
  /** further options of the command */
  readonly options: readonly string[];
}

/**
 * Runs the command `backtest` on a file of these columns.
 * @param folder for its files
 * @returns MAPE of its forecasts, %
 */
export async function mapeOfBacktest(folder: string, run: MeasuredBacktest): Promise<number> {
  const file = join(folder, 'load.csv');
  const out = join(folder, 'forecasts.csv.gz');
  const { zone, holidayRegion } = run.place;
  await writeFile(file, csvOf(run));
  const holidays = holidayRegion === null ? '' : `--holidays ${holidayRegion}`;
  const command = `run --silent loadcast -- backtest --zone ${zone} ${holidays} --from ${run.from} --to ${run.to}
    --time-column timestamp --load-column load_mw --temperature-column temperature_c`;
  await npm([...command.split(/\s+/), '--file', file, '--out', out, ...run.options]);
  const [header = '', ...rows] = gunzipSync(await readFile(out))
    .toString()
    .trim()
    .split('\n');
  const columns = header.split(',');
  const [validAt, forecast] = [columns.indexOf('valid_at'), columns.indexOf('forecast_mw')];
  const errors = rows.flatMap((row) => {
    const cells = row.split(',');
    const load = run.truth[(Date.parse(cells[validAt] ?? '') - run.startMs) / hourMs] ?? Number.NaN;
    const error = Math.abs(Number(cells[forecast]) / load - 1);
    return Number.isFinite(error) ? [error] : [];
  });
  return (100 * errors.reduce((sum, error) => sum + error, 0)) / errors.length;
}

function csvOf({ startMs, columns }: MeasuredBacktest): string {
  const names = Object.keys(columns);
  const lines = Array.from(columns['load_mw'] ?? [], (_, row) => {
    const cells = names.map((name) => columns[name]?.[row] ?? Number.NaN);
    return [
      isoUtc(startMs + row * hourMs),
      ...cells.map((value) => (Number.isNaN(value) ? '' : value)),
    ].join(',');
  });
  return [['timestamp', ...names].join(','), ...lines, ''].join('\n');
}

function npm(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${args.join(' ')} ended with code ${code}.`));
    });
  });
}
