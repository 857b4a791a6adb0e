import { Option, type Command } from 'commander';
import { LoadcastError } from '../core/errors.js';
import type { TemperatureSource } from '../core/history.js';
import { hourPhaseMs } from '../core/time.js';
import type { ScenarioReader } from '../forecast/weather-scenarios.js';
import type { WeatherReader } from '../forecast/weather.js';
import { loadUnits, type LoadUnit } from '../ingest/load-unit.js';
import { resolutions, type Resolution } from '../core/native-load.js';
import { historyOfFile, type FileHistory } from '../jobs/backtest/read-history.js';
import type { BacktestSummary } from '../jobs/backtest/run-backtest.js';
import type { LstmOptions } from '../models/lstm/lstm-options.js';
import { jsonOption, printLine, writeJson, type JsonTarget } from './json-output.js';
import {
  calendarDate,
  extraColumnsOption,
  horizon,
  listOf,
  lstmJson,
  timeOfDay,
  wholeNumber,
  zone,
} from './options.js';
import { printAccuracy, rounded } from './print-accuracy.js';
import { runWatched } from './run-watched.js';

interface BacktestOptions {
  readonly file: string;
  readonly timeColumn?: string;
  readonly loadColumn?: string;
  readonly loadUnit?: LoadUnit;
  readonly stamps?: 'start' | 'end';
  readonly temperatureColumn?: string;
  readonly extraColumns?: string[];
  readonly weatherForecastFile?: string;
  readonly weatherForecastColumn?: string;
  readonly weather: 'expost' | 'model';
  readonly zone: string;
  readonly holidays?: string;
  readonly from: string;
  readonly to: string;
  readonly issueTimes: readonly string[];
  readonly loadDelayHours: number;
  readonly horizonHours: number;
  readonly resolution: Resolution;
  readonly refits: number;
  readonly inspect: boolean;
  readonly members: readonly string[];
  readonly lstm?: LstmOptions;
  readonly seed: number;
  readonly threads: number;
  readonly out: string;
  readonly json?: JsonTarget;
}

const asItIs = (text: string): string => text;

export function registerBacktest(program: Command): void {
  program
    .command('backtest')
    .description('issue and score the forecasts of past days, from one file, without a database')
    .requiredOption('--file <file>', 'load file: CSV or JSON, gzipped or not, or an Excel workbook')
    .option('--time-column <name>', 'column of the stamps')
    .option('--load-column <name>', 'column of the load')
    .addOption(
      new Option('--load-unit <unit>', "unit (default: by the column's name, else MW)").choices(
        loadUnits,
      ),
    )
    .addOption(new Option('--stamps <mark>', 'what stamps mark').choices(['start', 'end']))
    .option('--temperature-column <name>', 'column of the temperature, °C')
    .addOption(extraColumnsOption())
    .option(
      '--weather-forecast-file <file>',
      'forecast runs: run_at,available_at,valid_at,temperature_c and, of an ensemble, member',
    )
    .option('--weather-forecast-column <name>', 'column with one forecast temperature an hour')
    .addOption(
      new Option('--weather <kind>', 'temperature of the horizon without a forecast')
        .choices(['expost', 'model'])
        .default('expost'),
    )
    .requiredOption('--zone <zone>', 'time zone of the local days, such as Europe/Paris', zone)
    .option(
      '--holidays <region>',
      'public holidays, such as FR, AU-VIC or DE-BY:13.2,DE-NW:18.0 with weights',
    )
    .requiredOption('--from <date>', 'first local day', calendarDate)
    .requiredOption('--to <date>', 'last local day', calendarDate)
    .option('--issue-times <times>', 'local issue times', listOf(timeOfDay), ['00:00'])
    .option('--load-delay-hours <n>', 'hours that loads arrive late', wholeNumber(0, 168), 0)
    .option('--horizon-hours <n>', 'hours that forecasts cover: 72 to 168', horizon, 72)
    .addOption(
      new Option(
        '--resolution <kind>',
        'intervals of the forecasts: as fine as the loads, or hours',
      )
        .choices(resolutions)
        .default('native'),
    )
    .option('--refits <n>', 'fits, evenly over the days', wholeNumber(1, 366), 4)
    .option('--no-inspect', 'take doubtful loads as they are, instead of leaving them out')
    .option('--members <names>', 'members of the blend', listOf(asItIs), ['all'])
    .option('--lstm <json>', 'options of the LSTM, such as {"units":64}', lstmJson)
    .option('--seed <n>', 'seed of every random number', wholeNumber(0, 2_000_000), 1)
    .option('--threads <n>', 'worker threads of the training', wholeNumber(1, 256), 2)
    .requiredOption('--out <file>', 'forecasts to write, CSV, gzipped if it ends in .gz')
    .addOption(jsonOption())
    .action(backtest);
}

async function backtest(options: BacktestOptions): Promise<void> {
  if (options.from > options.to)
    throw new LoadcastError('INVALID_INPUT', `--from ${options.from} is after --to ${options.to}.`);
  const [{ membersByName }, { runBacktest }, { readLoadFile }] = await Promise.all([
    import('../models/all-members.js'),
    import('../jobs/backtest/run-backtest.js'),
    import('../ingest/load-file.js'),
  ]);
  const members = membersByName(options.members, options.lstm);
  const table = await readLoadFile(options.file, {
    zone: options.zone,
    ...(options.timeColumn === undefined ? {} : { timeColumn: options.timeColumn }),
    ...(options.loadColumn === undefined ? {} : { loadColumn: options.loadColumn }),
    ...(options.loadUnit === undefined ? {} : { unit: options.loadUnit }),
    stamps: options.stamps ?? 'start',
    ...(options.temperatureColumn === undefined
      ? {}
      : { temperatureColumn: options.temperatureColumn }),
    ...(options.extraColumns === undefined ? {} : { extraColumns: options.extraColumns }),
    ...(options.weatherForecastColumn === undefined
      ? {}
      : { temperatureForecastColumn: options.weatherForecastColumn }),
  });
  const place = { zone: options.zone, holidayRegion: options.holidays ?? null };
  const temperature = [...table.temperature, ...table.futureTemperature];
  const read = historyOfFile({ ...table, temperature }, place, options.resolution);
  const weather = await weatherOf(options, read);
  const title = `Back-test ${options.from} to ${options.to}`;
  const summary = await runWatched(title, ({ onProgress, signal }) =>
    runBacktest({
      ...options,
      history: { ...read.history, horizonHours: options.horizonHours },
      fileEndMs: read.endMs,
      weather: weather.reader,
      temperatureSource: weather.source,
      scenarios: weather.scenarios,
      members,
      onProgress,
      shouldStop: () => signal.aborted,
    }),
  );
  if (options.json !== true) printSummary(options.json, summary);
  await writeJson(options.json, summary);
}

async function weatherOf(
  options: BacktestOptions,
  read: FileHistory,
): Promise<{
  reader: WeatherReader;
  source: TemperatureSource;
  scenarios?: ScenarioReader;
}> {
  const { actualWeather, modelWeather, runWeather } = await import('../forecast/weather.js');
  const { temperature } = read.history;
  const { horizonHours } = options;
  if (options.weatherForecastFile !== undefined) {
    const [{ readWeatherRuns }, { hourlyMeans }, { runScenarios }] = await Promise.all([
      import('../ingest/weather-runs-file.js'),
      import('../ingest/hourly-means.js'),
      import('../forecast/weather-scenarios.js'),
    ]);
    const phaseMs = hourPhaseMs(options.zone, temperature.startMs);
    const runs = (await readWeatherRuns(options.weatherForecastFile)).map((run) => ({
      ...run,
      temperature: hourlyMeans(run.readings, phaseMs).hourly,
    }));
    return {
      reader: runWeather(runs, horizonHours),
      source: 'file',
      scenarios: runScenarios(runs, horizonHours),
    };
  }
  if (options.weatherForecastColumn !== undefined && read.temperatureForecast)
    return { reader: actualWeather(read.temperatureForecast, horizonHours), source: 'file' };
  return options.weather === 'model'
    ? {
        reader: modelWeather(temperature, options.zone, options.seed, horizonHours),
        source: 'model',
      }
    : { reader: actualWeather(temperature, horizonHours), source: 'actual' };
}

function printSummary(json: JsonTarget, summary: BacktestSummary): void {
  printAccuracy(json, summary.origins, summary.blend, summary.members);
  printLine(
    json,
    `${rounded(summary.seconds, 0)} s, ${rounded(summary.peakMemoryMb, 0)} MB; quality: ${Object.entries(
      summary.qualities,
    )
      .map(([quality, count]) => `${count} ${quality}`)
      .join(', ')}`,
  );
}
