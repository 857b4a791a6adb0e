import { readFileSync } from 'node:fs';
import type { History } from '../../src/core/history.js';
import { hourMs } from '../../src/core/time.js';

/** The project's own data set averaged to hours, all of it or its first hours. */
export function victoriaHistory(hours = Number.POSITIVE_INFINITY): History {
  const file = new URL('../../data/victoria_2014_half_hourly.csv', import.meta.url);
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const rows = lines.map((line) => line.split(','));
  const startMs = Date.parse(rows[0]?.[0] ?? '');
  const length = Math.min(hours, Math.floor(rows.length / 2));
  const column = (c: number): Float64Array =>
    Float64Array.from(
      { length },
      (_, i) => (Number(rows[2 * i]?.[c]) + Number(rows[2 * i + 1]?.[c])) / 2,
    );
  if (startMs % hourMs !== 0) throw new Error(`The data set starts off the hour, at ${startMs}`);
  return {
    place: { zone: 'Australia/Melbourne', holidayRegion: 'AU-VIC' },
    load: { startMs, values: column(1) },
    temperature: { startMs, values: column(2) },
  };
}
