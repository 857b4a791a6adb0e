import { localDate } from '../core/time.js';
import type { CrossValidation } from '../evaluate/cross-validate.js';
import { printLine, type JsonTarget } from './json-output.js';
import { leadColumns, mapes, rounded } from './print-accuracy.js';

/** Prints the pooled errors with their spread over the folds, then each fold. */
export function printCrossValidation(
  json: JsonTarget,
  { scheme, folds, pooled, spread }: CrossValidation,
  zone: string,
  expost: boolean,
): void {
  printLine(
    json,
    `${folds.length} ${scheme} folds, ${pooled.forecasts} forecasts with ${expost ? 'actual temperature' : 'temperature with the error of a forecast'}, MAPE in % (${leadColumns(pooled.blend)}; least to most of the folds):`,
  );
  const columns = { blend: pooled.blend, ...pooled.members };
  const width = Math.max(...Object.keys(columns).map((name) => name.length));
  for (const [name, figures] of Object.entries(columns)) {
    const apart = spread[name];
    printLine(
      json,
      `  ${name.padEnd(width)} ${mapes(figures)}; ${rounded(apart?.least ?? NaN, 3)} to ${rounded(apart?.most ?? NaN, 3)}`,
    );
  }
  for (const [index, fold] of folds.entries()) {
    const from = localDate(fold.test.startMs, zone);
    const to = localDate(fold.test.endMs - 1, zone);
    const ofFold = Object.entries({ blend: fold.blend, ...fold.members }).map(
      ([name, figures]) => `${name} ${rounded(figures.all.mape, 2)}`,
    );
    printLine(
      json,
      `Fold ${index + 1}, ${from} to ${to}, fitted on ${fold.trainingHours} h, ${fold.forecasts} forecasts: ${ofFold.join(', ')}`,
    );
    for (const [name, reason] of Object.entries(fold.failures))
      printLine(json, `  ${name} left out: ${reason}`);
  }
}
