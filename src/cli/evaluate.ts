import type { Command } from 'commander';
import type { Evaluation } from '../core/evaluation.js';
import { evaluateSeries } from '../jobs/evaluate-series.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { printAccuracy, rounded } from './print-accuracy.js';
import { chosenSeries, runSeriesJob, seriesCommand, withWorkplace } from './series-command.js';

interface EvaluateOptions {
  readonly series?: string;
  readonly json?: JsonTarget;
}

export function registerEvaluate(program: Command): void {
  seriesCommand(
    program,
    'evaluate',
    'score the stored forecasts of a series: accuracy, trend, faulty inputs',
  ).action(evaluate);
}

async function evaluate(name: string | undefined, options: EvaluateOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const series = await chosenSeries(workplace, name ?? options.series);
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
