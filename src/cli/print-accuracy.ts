import { leadKeysOf, type AccuracyByLead, type ByLead } from '../core/evaluation.js';
import { printLine, type JsonTarget } from './json-output.js';

/** Prints the errors of blend and members by lead day, and what the blend's quantiles are worth. */
export function printAccuracy(
  json: JsonTarget,
  forecasts: number,
  blend: AccuracyByLead,
  members: Readonly<Record<string, AccuracyByLead>>,
): void {
  printLine(json, `${forecasts} forecasts, MAPE in % (${leadColumns(blend)}):`);
  for (const [name, figures] of Object.entries({ blend, ...members }))
    printLine(json, `  ${name.padEnd(9)} ${mapes(figures)}`);
  const { all } = blend;
  printLine(
    json,
    `  10–90 coverage ${rounded(all.coverage1090, 1)} %, pinball ${rounded(all.pinballPct, 3)} % of mean load, bias ${rounded(all.bias, 1)} MW`,
  );
}

/** What stands in the columns of `mapes`, such as `all, lead day 1, 2, 3`. */
export function leadColumns(figures: ByLead<unknown>): string {
  const days = leadKeysOf(figures).slice(1);
  return `all, lead day ${days.map((_, i) => i + 1).join(', ')}`;
}

export function mapes(figures: AccuracyByLead): string {
  return leadKeysOf(figures)
    .map((key) => rounded(figures[key]?.mape ?? Number.NaN, 3))
    .join('  ');
}

/** A dash where there is no figure. */
export function rounded(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}
