import { writeFile } from 'node:fs/promises';
import { isoUtc, hourMs } from '../../src/core/time.js';
import { victoriaHistory } from '../forecast/sample-history.js';

/**
 * Writes the first days of the example as an hourly load file.
 * @param days with a load
 * @param more hours after them that have a temperature only
 * @param change the load of an hour
 */
export async function writeLoadCsv(
  file: string,
  days: number,
  more = 0,
  change: (mw: number, hour: number) => number = (mw) => mw,
): Promise<void> {
  const { load, temperature } = victoriaHistory();
  const rows = Array.from({ length: days * 24 + more }, (_, hour) => {
    const mw = hour < days * 24 ? change(load.values[hour] ?? 0, hour).toFixed(3) : '';
    const celsius = (temperature.values[hour] ?? 0).toFixed(2);
    return `${isoUtc(load.startMs + hour * hourMs)},${mw},${celsius}`;
  });
  await writeFile(file, ['timestamp,load_mw,temperature_c', ...rows, ''].join('\n'));
}
