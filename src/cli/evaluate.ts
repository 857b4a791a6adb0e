import { Option, type Command } from 'commander';
import type { Workplace } from '../app.js';
import { LoadcastError } from '../core/errors.js';
import type { Evaluation } from '../core/evaluation.js';
import type { CrossValidation } from '../evaluate/cross-validate.js';
import { crossValidateSeries } from '../jobs/cross-validate-series.js';
import { evaluateSeries } from '../jobs/evaluate-series.js';
import type { Series } from '../store/store.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { listOf, wholeNumber } from './options.js';
import { printAccuracy, rounded } from './print-accuracy.js';
import { printCrossValidation } from './print-cross-validation.js';
import { chosenSeries, runSeriesJob, seriesCommand, withWorkplace } from './series-command.js';

interface EvaluateOptions {
  readonly series?: string;
  readonly crossValidation?: CrossValidation['scheme'];
  readonly folds?: number;
  readonly windowDays?: number;
  readonly members?: readonly string[];
  readonly weather?: 'expost' | 'model';
  readonly json?: JsonTarget;
}

/** What says how a cross-validation is to be done, and nothing without one. */
const crossValidationOptions = ['folds', 'windowDays', 'members', 'weather'] as const;

export function registerEvaluate(program: Command): void {
  seriesCommand(
    program,
    'evaluate',
    'score the stored forecasts of a series: accuracy, trend, faulty inputs',
  )
    .addOption(
      new Option(
        '--cross-validation <scheme>',
        'instead, fit members again and again on parts of the history and score them on the rest',
      ).choices(['rolling', 'blocked']),
    )
    .option('--folds <n>', 'fits of the cross-validation (default: 5)', wholeNumber(1, 100))
    .option(
      '--window-days <n>',
      'days that each rolling fit knows (default: all before)',
      wholeNumber(1, 36_525),
    )
    .option('--members <names>', 'members to fit (default: all)', listOf(asItIs))
    .addOption(
      new Option(
        '--weather <kind>',
        'temperature of the horizon, as it came or with the error of a forecast (default: expost)',
      ).choices(['expost', 'model']),
    )
    .action(evaluate);
}

const asItIs = (text: string): string => text;

async function evaluate(name: string | undefined, options: EvaluateOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const series = await chosenSeries(workplace, name ?? options.series);
    if (options.crossValidation !== undefined) {
      await crossValidate(workplace, series, { ...options, scheme: options.crossValidation });
      return;
    }
    const odd = crossValidationOptions.find((option) => options[option] !== undefined);
    if (odd !== undefined)
      throw new LoadcastError(
        'INVALID_INPUT',
        `--${odd === 'windowDays' ? 'window-days' : odd} goes with --cross-validation only.`,
      );
    const evaluation = await runSeriesJob(
      workplace,
      'evaluate',
      series,
      `Evaluate the forecasts of ${series.name}`,
      (control) => evaluateSeries(workplace.services, series, control),
    );
    if (options.json !== true) printEvaluation(options.json, evaluation);
    await writeJson(options.json, evaluation);
  });
}

async function crossValidate(
  workplace: Workplace,
  series: Series,
  options: EvaluateOptions & { readonly scheme: CrossValidation['scheme'] },
): Promise<void> {
  const { scheme, folds = 5, windowDays = null, members = ['all'], weather = 'expost' } = options;
  if (scheme === 'blocked' && windowDays !== null)
    throw new LoadcastError('INVALID_INPUT', '--window-days goes with rolling folds only.');
  const result = await runSeriesJob(
    workplace,
    'cross-validate',
    series,
    `Cross-validate members on ${series.name}`,
    (control) =>
      crossValidateSeries(
        workplace.services,
        series,
        { scheme, folds, windowDays, members, weather: weather === 'expost' ? 'actual' : 'model' },
        control,
      ),
  );
  if (options.json !== true)
    printCrossValidation(options.json, result, series.place.zone, weather === 'expost');
  await writeJson(options.json, result);
}

function printEvaluation(json: JsonTarget, evaluation: Evaluation): void {
  const { blend, members, trend, anomaly } = evaluation;
  printAccuracy(json, evaluation.forecasts, blend, members);
  const { forecast, naive } = trend.byLead.all;
  printLine(
    json,
    `Trend: direction right ${rounded(forecast.directionPct, 1)} % (naive ${rounded(naive.directionPct, 1)} %), daily shape ${rounded(forecast.shapeCorrelation, 3)} (${rounded(naive.shapeCorrelation, 3)}), peak hour within 1 h ${rounded(forecast.peakHourWithin1Pct, 0)} % (${rounded(naive.peakHourWithin1Pct, 0)} %)`,
  );
  if (anomaly === null) return;
  printLine(
    json,
    `Faulty inputs on ${anomaly.days} days: ${anomaly.passed ? 'every forecast whole' : 'FAILED, values missing'}; worst error ratio ${rounded(Math.max(...anomaly.faults.map((fault) => fault.errorRatio)), 2)}; found ${rounded(anomaly.detectionRecallPct, 0)} % of faulty hours`,
  );
}
