import { InvalidArgumentError, Option, type Command } from 'commander';
import { forecastBody } from '../api/bodies.js';
import type { Workplace } from '../app.js';
import { LoadcastError, messageOf } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import { dayPaths } from '../core/outlook.js';
import { localClock, localDate } from '../core/time.js';
import { forecastSeries, replaySeries } from '../jobs/forecast-series.js';
import { reproduceForecast } from '../jobs/reproduce-forecast.js';
import { ingestSeries } from '../jobs/ingest/ingest-series.js';
import type { Series } from '../store/store.js';
import { resolutions, type Resolution } from '../core/native-load.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { runWatched } from './run-watched.js';
import { significant } from './significant.js';
import { chosenSeries, runSeriesJob, seriesCommand, withWorkplace } from './series-command.js';

interface ForecastOptions {
  readonly series?: string;
  readonly issuedAt?: number;
  readonly reproduce?: string;
  readonly resolution: Resolution;
  readonly json?: JsonTarget;
}

export function registerForecast(program: Command): void {
  seriesCommand(program, 'forecast', 'issue and store a forecast of a series')
    .option(
      '--issued-at <time>',
      'issue time on the hour, with zone, such as 2026-03-01T00:00+01:00 (default: this hour, or the end of the loads)',
      instantWithZone,
    )
    .addOption(
      new Option(
        '--reproduce <id>',
        'make a stored forecast once more, with the models and all that was known then, and compare; stores nothing',
      ).conflicts('issuedAt'),
    )
    .addOption(
      new Option(
        '--resolution <kind>',
        'intervals of the JSON: hours, or as fine as the forecast is',
      )
        .choices(resolutions)
        .default('hourly'),
    )
    .action(issue);
}

async function issue(name: string | undefined, options: ForecastOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const series = await chosenSeries(workplace, name ?? options.series);
    const { services } = workplace;
    if (options.reproduce !== undefined) {
      await reproduce(workplace, series, options.reproduce, options);
      return;
    }
    if (series.kind === 'replay' && options.issuedAt !== undefined)
      throw new LoadcastError(
        'INVALID_INPUT',
        `"${series.name}" is a replay, which has issue times of its own; leave out --issued-at.`,
      );
    if (series.kind === 'live' && options.issuedAt === undefined)
      await readSources(workplace, series);
    const issued = await runSeriesJob(
      workplace,
      'forecast',
      series,
      `Issue a forecast of ${series.name}`,
      async (control) => {
        if (series.kind !== 'replay')
          return forecastSeries(services, series, control, options.issuedAt);
        const replayed = await replaySeries(services, series, control);
        const last = replayed.at(-1);
        if (last) return last;
        throw new LoadcastError(
          'INSUFFICIENT_HISTORY',
          `The replay series "${series.name}" holds no local midnight with ${services.horizonHours} h after it.`,
        );
      },
    );
    if (options.json !== true) printForecast(options.json, issued, series.place.zone);
    await writeJson(options.json, forecastBody(issued, options.resolution));
  });
}

async function reproduce(
  { services }: Workplace,
  series: Series,
  id: string,
  { json, resolution }: ForecastOptions,
): Promise<void> {
  const { original, again, largestDifferenceMw } = await runWatched(
    `Make ${id} once more`,
    (control) => reproduceForecast(services, series, id, control),
  );
  if (json !== true) {
    printForecast(json, again, series.place.zone);
    printLine(
      json,
      `With what was known on ${localClock(original.createdAtMs, series.place.zone)}: ${
        largestDifferenceMw === 0
          ? 'the same to the last digit.'
          : `up to ${significant(largestDifferenceMw)} MW from what was published. History that was filled in later counts as known after its usual delay, and the options of today apply.`
      }`,
    );
  }
  await writeJson(json, { largestDifferenceMw, ...forecastBody(again, resolution) });
}

/** The newest loads and weather. A source that fails does not keep the forecast from being issued. */
async function readSources(workplace: Workplace, series: Series): Promise<void> {
  try {
    await runSeriesJob(
      workplace,
      'ingest',
      series,
      `Read file and weather of ${series.name}`,
      (control) => ingestSeries(workplace.services, series, control),
    );
  } catch (error) {
    if (error instanceof LoadcastError && error.code === 'CANCELLED') throw error;
    process.stderr.write(`warning: ${messageOf(error)}\n`);
  }
}

function printForecast(json: JsonTarget, forecast: Forecast, zone: string): void {
  printLine(
    json,
    `Forecast ${forecast.id}, issued ${localClock(forecast.issuedAtMs, zone)} ${zone}: ${forecast.quality}`,
  );
  if (forecast.reason !== null) printLine(json, `  ${forecast.reason}`);
  const byDay = new Map<string, Forecast['values'][number][]>();
  for (const value of forecast.values) {
    const day = localDate(value.startMs, zone);
    byDay.set(day, [...(byDay.get(day) ?? []), value]);
  }
  const changed = forecast.values.filter((value) => value.eventMw !== undefined);
  if (changed.length > 0) {
    const changes = changed.map((value) => value.eventMw ?? 0);
    printLine(
      json,
      `  known events change ${changed.length} of these hours, by ${significant(Math.min(...changes))} to ${significant(Math.max(...changes))} MW`,
    );
  }
  const paths = forecast.pathRanks
    ? dayPaths(forecast, forecast.pathRanks, zone, () => Number.NaN)
    : [];
  for (const [day, values] of byDay) {
    const peak = values.reduce((best, value) => (value.pointMw > best.pointMw ? value : best));
    // of the day as a whole; where the forecast cuts it, of that hour
    const whole = paths.find(({ date }) => date === day);
    const [low, high] = whole
      ? [whole.peakMw[0], whole.peakMw[2]]
      : [peak.quantilesMw[1]!, peak.quantilesMw[5]!];
    const energyMwh = values.reduce((sum, value) => sum + value.pointMw, 0);
    printLine(
      json,
      `  ${day}: peak ${significant(peak.pointMw)} MW at ${localClock(peak.startMs, zone).slice(11)} (${significant(low)} to ${significant(high)} in 8 of 10 cases), ${significant(energyMwh)} MWh in ${values.length} h`,
    );
  }
}

function instantWithZone(text: string): number {
  const instantMs = /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isFinite(instantMs))
    throw new InvalidArgumentError(
      'Write an instant on the hour with its zone, such as 2026-03-01T00:00+01:00.',
    );
  return instantMs;
}
