import type { Random } from '../../../src/core/random.js';
import { createRandom } from '../../../src/core/random.js';

/** Lines of a load file, header first, and the sign between its cells. */
export interface GoodFile {
  lines: string[];
  readonly sign: string;
}

/** A file without a fault: 2 to 120 rows, one of the usual ways to write stamps, numbers and columns. */
export function goodFile(random: Random): GoodFile {
  const of = <T>(values: readonly T[]): T => values[random.integer(values.length)]!;
  const [sign, decimal] = of([
    [',', '.'],
    [';', ','],
    [';', '.'],
    ['\t', '.'],
    ['\t', ','],
  ] as const);
  const rows = 2 + random.integer(120);
  const startMs = Date.UTC(2019 + random.integer(6), random.integer(12), 1 + random.integer(28));
  const header = of([
    'timestamp|load_mw|temperature_c',
    'time|load|temp',
    'Datum|Last [kW]|Temperatur',
    'timestamp|load_mw',
  ]);
  const columns = header.split('|').length;
  const shown = (value: number): string => value.toFixed(of([0, 1, 2, 3])).replace('.', decimal);
  const lines = stampsAcross(random, startMs, rows).map((stamp, i) =>
    [stamp, shown(5_000 + 900 * Math.sin(i / 9)), shown(15 + random.normal())]
      .slice(0, columns)
      .join(sign),
  );
  return { lines: [header.replaceAll('|', sign), ...lines], sign };
}

const two = (value: number): string => String(value).padStart(2, '0');

const styles: readonly ((at: Date) => string)[] = [
  (at) => at.toISOString(),
  (at) => `${at.toISOString().slice(0, 16)}Z`,
  (at) => `${at.toISOString().slice(0, 19)}+00:00`,
  (at) => at.toISOString().slice(0, 16).replace('T', ' '),
  (at) => at.toISOString().slice(0, 19).replace('T', ' '),
  (at) =>
    `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()} ${at.toISOString().slice(11, 16)}`,
  (at) =>
    `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()} ${at.toISOString().slice(11, 16)}`,
  (at) =>
    `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${at.getUTCHours()}:${two(at.getUTCMinutes())}`,
  (at) => at.toISOString().slice(0, 16).replaceAll(/[-T:]/g, ''),
  (at) => String(at.getTime() / 1_000),
  (at) => String(at.getTime()),
];

/** Stamps from an instant on, all written alike, at one of the usual distances. */
export function stampsAcross(random: Random, startMs: number, count: number): string[] {
  const own = createRandom(random.integer(1e9));
  const minutes = [1, 5, 10, 15, 20, 30, 60, 60, 60, 7, 120][own.integer(11)] ?? 60;
  const style = styles[own.integer(styles.length)]!;
  return Array.from({ length: count }, (_, i) => style(new Date(startMs + i * minutes * 60_000)));
}
