import { leadKeys, type AccuracyByLead } from '../core/evaluation.js';
import { printLine, type JsonTarget } from './json-output.js';

/** Prints the errors of blend and members by lead day, and what the blend's quantiles are worth. */
export function printAccuracy(
  json: JsonTarget,
  forecasts: number,
  blend: AccuracyByLead,
  members: Readonly<Record<string, AccuracyByLead>>,
): void {
  printLine(json, `${forecasts} forecasts, MAPE in % (all, lead day 1, 2, 3):`);
  for (const [name, figures] of Object.entries({ blend, ...members }))
    printLine(
      json,
      `  ${name.padEnd(9)} ${leadKeys.map((key) => rounded(figures[key].mape, 3)).join('  ')}`,
    );
  const { all } = blend;
  printLine(
    json,
    `  10–90 coverage ${rounded(all.coverage1090, 1)} %, pinball ${rounded(all.pinballPct, 3)} % of mean load, bias ${rounded(all.bias, 1)} MW`,
  );
}

/** A dash where there is no figure. */
export function rounded(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}
