import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Option, type Command } from 'commander';
import { loadConfig } from '../config.js';
import { LoadcastError } from '../core/errors.js';
import { seriesIdOf } from '../core/series-id.js';
import { assertHolidayRegion, isHolidayRegion } from '../features/holidays.js';
import { countryCode, countrySeries, type LiveSeriesInput } from '../ingest/country-series.js';
import { loadSources, type LiveLoad } from '../ingest/live-series.js';
import { keyVariables } from '../ingest/providers.js';
import { readPlainConfig, writeConfig } from './config-file.js';
import { jsonOption, printLine, writeJson, type JsonTarget } from './json-output.js';
import { calendarDate, zone } from './options.js';

interface InitOptions {
  readonly country?: string;
  readonly load: LiveLoad['source'];
  readonly area?: string;
  readonly folder?: string;
  readonly query?: string;
  readonly databaseFile?: string;
  readonly name?: string;
  readonly zone?: string;
  readonly holidays?: string;
  readonly since?: string;
  readonly json?: JsonTarget;
}

export function registerInit(program: Command): void {
  program
    .command('init')
    .description('write a configuration with the live load, weather and holidays of a country')
    .option('--country <code>', 'its code of two letters, such as FR')
    .addOption(
      new Option('--load <source>', 'where its load comes from; energy-charts needs no key')
        .choices(loadSources)
        .default('energy-charts'),
    )
    .option('--area <code>', 'a part of it: an area of ENTSO-E such as SE3, or of EIA such as ISNE')
    .option('--folder <path>', 'of --load folder: where its load files are put')
    .option('--query <sql>', 'of --load sql: a SELECT of time and load with :since in it')
    .option('--database-file <path>', 'of --load sql: a file of SQLite (default: PostgreSQL)')
    .option('--name <name>', 'what the series is called (default: the name of the country)')
    .option('--zone <zone>', 'time zone, where the country has several', zone)
    .option('--holidays <region>', 'region of its public holidays (default: the country)')
    .option('--since <date>', 'first day to read (default: three years ago)', calendarDate)
    .addOption(jsonOption())
    .action(init);
}

async function init(options: InitOptions): Promise<void> {
  const text = options.country ?? (await ask('Country (its code of two letters, such as FR): '));
  const country = countryCode(text);
  if (options.holidays !== undefined) assertHolidayRegion(options.holidays);
  const holidays = options.holidays ?? (isHolidayRegion(country) ? country : null);
  const series = await countrySeries({ ...options, source: options.load, country, holidays });
  const file = await addToConfig(process.cwd(), series);
  if (options.json !== true)
    for (const line of linesOf(file, series, options.area)) printLine(options.json, line);
  await writeJson(options.json, { file, series });
}

/** @throws {LoadcastError} INVALID_INPUT where nobody can be asked */
async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new LoadcastError('INVALID_INPUT', 'Say which country with --country, such as FR.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/**
 * Adds a series to the configuration of a folder, and makes that where there is none.
 * @returns its file
 * @throws {LoadcastError} INVALID_CONFIG if the one that is there is not valid; CONFLICT if it has a series of that
 * name, or is of a form that only a person can add to
 */
async function addToConfig(cwd: string, series: LiveSeriesInput): Promise<string> {
  const { file: found, series: known } = await loadConfig({ cwd, env: {} });
  const id = seriesIdOf(series.name);
  const clash = known.find(({ name }) => seriesIdOf(name) === id);
  if (clash)
    throw new LoadcastError(
      'CONFLICT',
      `${found ?? ''} has a series "${clash.name}" already; give this one another --name, or change it there.`,
    );
  const file = found ?? path.join(cwd, 'loadcast.config.json');
  const options = found === null ? {} : await readPlainConfig(found);
  if (options === null)
    throw new LoadcastError(
      'CONFLICT',
      `${file} is there already and no plain JSON; add this to its "series": ${JSON.stringify(series)}`,
    );
  await writeConfig(file, { ...options, series: [...(options.series ?? []), series] });
  return file;
}

const loadTexts: Readonly<Record<Exclude<LiveLoad['source'], 'sql'>, string>> = {
  'energy-charts': 'from Energy-Charts',
  entsoe: `from ENTSO-E; set ${keyVariables.entsoeToken} to your security token`,
  eia: `from EIA; set ${keyVariables.eiaKey} to your key`,
  folder: 'from files in a folder',
  push: 'as it is sent over HTTP; set LOADCAST_PUSH_TOKEN to a secret',
};

function loadText(load: LiveSeriesInput['load']): string {
  if (load.source !== 'sql') return loadTexts[load.source];
  return load.database === 'sqlite'
    ? `from a query of ${load.path ?? 'a file of SQLite'}`
    : 'from a query of PostgreSQL; set LOADCAST_SQL_URL to its URL';
}

function linesOf(file: string, series: LiveSeriesInput, area: string | undefined): string[] {
  const points = series.weather?.points ?? [];
  const total = points.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const places = points.map(
    ({ name: place, weight = 1 }) => `${place ?? '?'} ${Math.round((100 * weight) / total)} %`,
  );
  return [
    `Wrote ${file}.`,
    `  ${series.name}: load ${loadText(series.load)}`,
    `  time zone ${series.zone}, public holidays ${series.holidays ?? 'none known'}`,
    `  temperature from Open-Meteo: ${places.join(', ')}`,
    ...(area === undefined
      ? []
      : [`  These are places of the whole country: put those of ${area} into the file.`]),
    'Next: `loadcast ingest` reads the history now; `loadcast serve` reads, trains and forecasts every day.',
  ];
}
