import type { Command } from 'commander';
import { outlookBody } from '../api/bodies.js';
import { LoadcastError, messageOf } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import type { Band, DayPaths } from '../core/outlook.js';
import { pathsFromRanks } from '../core/paths.js';
import { isoUtc, localClock } from '../core/time.js';
import { findForecast } from '../jobs/find-forecast.js';
import { outlookOf } from '../jobs/outlook.js';
import { writeWholeFile } from '../jobs/write-whole-file.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { significant } from './significant.js';
import { chosenSeries, seriesCommand, withWorkplace } from './series-command.js';

interface OutlookOptions {
  readonly series?: string;
  readonly forecast?: string;
  readonly paths?: string;
  readonly json?: JsonTarget;
}

export function registerOutlook(program: Command): void {
  seriesCommand(
    program,
    'outlook',
    'peaks, energy and ramps of the days of a forecast, with their uncertainty',
  )
    .option('--forecast <id>', 'of a stored forecast (default: the newest)')
    .option('--paths <file>', 'write 200 equally likely courses of the load as CSV')
    .action(showOutlook);
}

async function showOutlook(name: string | undefined, options: OutlookOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const series = await chosenSeries(workplace, name ?? options.series);
    const { store } = workplace;
    const forecast = await findForecast(store, series, options.forecast);
    const days = await outlookOf(store, series, forecast);
    if (options.paths !== undefined) await writePaths(options.paths, forecast);
    if (options.json !== true) print(options.json, forecast, days, series.place.zone);
    await writeJson(options.json, outlookBody(forecast, days));
  });
}

function print(
  json: JsonTarget,
  forecast: Forecast,
  days: readonly DayPaths[],
  zone: string,
): void {
  printLine(json, `Forecast ${forecast.id}; 8 of 10 cases in brackets`);
  for (const day of days) {
    const hours = day.peakHours
      .slice(0, 3)
      .map(
        ({ startMs, probability }) =>
          `${localClock(startMs, zone).slice(11)} (${percent(probability)})`,
      );
    const month =
      day.monthPeakProbability === null
        ? ''
        : `; the month's peak with ${percent(day.monthPeakProbability)}`;
    printLine(
      json,
      `  ${day.date}: peak ${bandText(day.peakMw)} MW at ${hours.join(', ')}${month}`,
    );
    printLine(
      json,
      `    ${bandText(day.energyMwh)} MWh; over 3 h up to ${bandText(day.rampUpMw)} MW up, ${bandText(day.rampDownMw)} MW down`,
    );
  }
}

function bandText([low, middle, high]: Band): string {
  return `${significant(middle)} [${significant(low)}, ${significant(high)}]`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

async function writePaths(file: string, forecast: Forecast): Promise<void> {
  try {
    await writeWholeFile(file, pathsCsv(forecast));
  } catch (error) {
    throw new LoadcastError('UNREADABLE_FILE', `${file} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** A row for each hour, a column for each path. */
function pathsCsv({ values, pathRanks }: Forecast): string {
  const paths = pathsFromRanks(values, pathRanks ?? new Uint8Array(0));
  const header = ['valid_at', ...paths.map((_, i) => `path_${i + 1}_mw`)];
  const rows = values.map(({ startMs }, hour) => [
    isoUtc(startMs),
    ...paths.map((path) => Number(path[hour]!.toPrecision(9))),
  ]);
  return [header, ...rows].map((cells) => `${cells.join(',')}\n`).join('');
}
