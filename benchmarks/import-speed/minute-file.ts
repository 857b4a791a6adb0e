import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createRandom } from '../../src/core/random.js';

const rowsPerWrite = 20_000;

/** Writes a load file of one row a minute from 2005 on; the same number of rows gives the same file. */
export async function writeMinuteFile(file: string, rows: number): Promise<void> {
  const random = createRandom('import-speed', rows);
  const out = createWriteStream(file);
  out.write('timestamp,load_mw,temperature_c\n');
  const firstMs = Date.UTC(2005, 0, 1);
  for (let from = 0; from < rows; from += rowsPerWrite) {
    const lines: string[] = [];
    for (let i = from; i < Math.min(rows, from + rowsPerWrite); i++) {
      const stamp = new Date(firstMs + i * 60_000).toISOString().slice(0, 19);
      const loadMw = 5_000 + 900 * Math.sin(i / 229) + 40 * random.uniform();
      const temperatureC = 12 + 9 * Math.sin(i / 84_000) + random.uniform();
      lines.push(`${stamp}Z,${loadMw.toFixed(2)},${temperatureC.toFixed(1)}\n`);
    }
    if (!out.write(lines.join(''))) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}
