import type { Command } from 'commander';
import type { AccuracyByLead } from '../core/evaluation.js';
import type { TemperatureSource } from '../core/history.js';
import { isoUtc } from '../core/time.js';
import { trainSeries } from '../jobs/train-series.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { chosenSeries, runSeriesJob, seriesCommand, withWorkplace } from './series-command.js';

interface TrainOptions {
  readonly series?: string;
  readonly json?: JsonTarget;
}

export function registerTrain(program: Command): void {
  seriesCommand(program, 'train', 'train all members on what is known of a series').action(train);
}

async function train(name: string | undefined, options: TrainOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const series = await chosenSeries(workplace, name ?? options.series);
    const bundle = await runSeriesJob(
      workplace,
      'retrain',
      series,
      `Train models of ${series.name}`,
      (control) => trainSeries(workplace.services, series, control),
    );
    const { card } = bundle;
    if (options.json !== true) {
      printLine(
        options.json,
        `Trained ${bundle.id} on ${isoUtc(card.firstHourMs)} to ${isoUtc(card.endMs)}.`,
      );
      for (const member of card.members) {
        printLine(
          options.json,
          member.notFitted === null
            ? `  ${member.name}: fitted in ${member.fitSeconds.toFixed(1)} s${testMape(member.test, card.temperatureSource)}`
            : `  ${member.name}: left out, ${member.notFitted}`,
        );
      }
      if (card.test)
        printLine(options.json, `  blend${testMape(card.test, card.temperatureSource)}`);
    }
    await writeJson(options.json, bundle);
  });
}

function testMape(test: AccuracyByLead | null, temperature: TemperatureSource): string {
  const weather =
    temperature === 'actual' ? 'actual temperature' : 'temperature with the error of a forecast';
  return test && Number.isFinite(test.all.mape)
    ? `, MAPE on the test part ${test.all.mape.toFixed(2)} % (${weather})`
    : '';
}
