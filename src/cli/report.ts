import type { Command } from 'commander';
import { writeReport } from '../jobs/report-series.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { chosenSeries, seriesCommand, withWorkplace } from './series-command.js';

interface ReportOptions {
  readonly series?: string;
  readonly json?: JsonTarget;
}

export function registerReport(program: Command): void {
  seriesCommand(program, 'report', 'write the report of a series as one HTML file').action(report);
}

async function report(name: string | undefined, options: ReportOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const series = await chosenSeries(workplace, name ?? options.series);
    const file = await writeReport(workplace.services, series);
    if (options.json !== true) printLine(options.json, file);
    await writeJson(options.json, { file });
  });
}
