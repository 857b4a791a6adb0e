import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { loadConfig as readConfigFile } from 'c12';
import { z } from 'zod';
import { LoadcastError, messageOf } from './core/errors.js';
import { isHorizon, usualHorizonHours } from './core/horizon.js';
import { memberNames } from './core/member-names.js';
import { optionProblems } from './core/option-problems.js';
import { seriesIdOf } from './core/series-id.js';
import { isHolidayRegion } from './features/holidays.js';
import { liveSeriesOptions, type LiveSeries } from './ingest/live-series.js';
import { keyVariables, providerOptions, type ProviderKeys } from './ingest/providers.js';
import { resolutions } from './core/native-load.js';
import { qualityOptions } from './ingest/quality-policy.js';
import { lstmOptions } from './models/lstm/lstm-options.js';
import { enginePreferences } from './neural/engines/choose-engine.js';
import { parseCron } from './queue/cron-times.js';

const cronTime = z.string().refine(isCron, {
  error: 'write a cron time of five fields, such as "15 0 * * *" for 00:15',
});

/** When the jobs run: cron times on the clock of each series' own zone; null = never. */
const scheduleOptions = z.strictObject({
  ingest: cronTime.nullable().default('5 * * * *'),
  forecast: cronTime.nullable().default('15 0 * * *'),
  report: cronTime.nullable().default('45 0 * * *'),
  evaluate: cronTime.nullable().default('0 5 * * *'),
  // Away from 01:00–03:00, which many zones skip or repeat on a Sunday.
  retrain: cronTime.nullable().default('30 5 * * 0'),
});

const liveSeries = liveSeriesOptions.refine(
  ({ holidays }) => holidays === null || isHolidayRegion(holidays),
  {
    path: ['holidays'],
    error:
      'is no region of public holidays; write one such as FR, or several with weights such as DE-BY:13.2,DE-NW:18.0',
  },
);

/** Series that are read from live sources: docs/live-series.md */
const seriesOptions = z
  .array(liveSeries)
  .refine((all) => new Set(all.map(({ name }) => seriesIdOf(name))).size === all.length, {
    error: 'two series have the same name (case and signs do not count)',
  });

const trainingOptions = z.strictObject({
  /** start a training from the models that the series has: quicker, but not yet measured to be as good */
  warmStart: z.boolean().default(false),
});

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What `loadcast.config.{js,json,yaml}` may hold. */
const configOptions = z.strictObject({
  /** folder of database and models, relative to the configuration's folder */
  home: z.string().min(1).optional(),
  /** folder of the report files */
  reports: z.string().min(1).optional(),
  host: z.string().min(1).default('127.0.0.1'),
  /** null = the next free one from 8080 */
  port: z.int().min(0).max(65_535).nullable().default(null),
  /** worker threads for training; forecasts are the same whatever the number */
  threads: z.int().min(1).max(256).optional(),
  /** what training computes with; `auto` = TensorFlow where it is installed and finds a GPU, else our kernels */
  engine: z.enum(enginePreferences).default('auto'),
  logLevel: z.enum(logLevels).default('info'),
  /** hours that forecasts cover */
  horizonHours: z
    .number()
    .refine(isHorizon, { error: 'write 72, 96, 120, 144 or 168' })
    .default(usualHorizonHours),
  /** whether forecasts are in half or quarter hours where the loads are */
  resolution: z.enum(resolutions).default('native'),
  series: seriesOptions.default([]),
  ...providerOptions,
  /** what is done with doubtful loads, by fault: docs/data-quality.md */
  quality: qualityOptions.default({}),
  training: trainingOptions.prefault({}),
  /** members that series are trained with; absent: all */
  members: z.array(z.enum(memberNames)).min(1).exactOptional(),
  /** the LSTM's choices, docs/model-options.md */
  lstm: lstmOptions.prefault({}),
  schedule: scheduleOptions.prefault({}),
});

export type ScheduleConfig = z.infer<typeof scheduleOptions>;

/** Where TensorFlow is looked for: what scripts/install-tensorflow.mjs installs. */
export function tensorflowFolder(config: Pick<Config, 'home'>): string {
  return resolve(config.home, 'tensorflow');
}

/** The whole configuration; `home` and `reports` are absolute. */
export interface Config extends Omit<
  z.infer<typeof configOptions>,
  'home' | 'reports' | 'threads'
> {
  readonly home: string;
  readonly reports: string;
  readonly threads: number;
  /** the file it came from, or null */
  readonly file: string | null;
  /** from the environment alone */
  readonly secrets: Secrets;
}

/** Keys and passwords; null = not given. */
export interface Secrets extends ProviderKeys {
  /** who sends readings over HTTP has to show it */
  readonly pushToken: string | null;
}

/**
 * Reads the configuration file of a folder, if there is one; the environment goes before it.
 * Reports lie in `./reports` by default, and in `<home>/reports` where a home is given.
 * @param env `PORT`, `LOADCAST_HOST`, `LOADCAST_HOME`, `LOADCAST_THREADS`, `LOADCAST_ENGINE`, `LOADCAST_LOG_LEVEL`,
 *            `LOADCAST_PUSH_TOKEN`, `ENTSOE_SECURITY_TOKEN`, `EIA_API_KEY`; empty = not set
 * @throws {LoadcastError} INVALID_CONFIG naming the key, what is wrong with it and the file
 */
export async function loadConfig({
  cwd,
  env,
}: {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<Config> {
  const { file, options } = await readFile(cwd);
  const merged = { ...options, ...environmentOptions(env) };
  const parsed = configOptions.safeParse(merged);
  if (!parsed.success) throw invalidConfig(parsed.error, merged, file, env);
  const config = parsed.data;
  const reports =
    config.reports ?? (config.home === undefined ? 'reports' : `${config.home}/reports`);
  return {
    ...config,
    home: resolve(cwd, config.home ?? 'var'),
    reports: resolve(cwd, reports),
    threads: config.threads ?? availableParallelism(),
    series: config.series.map((series) => withAbsolutePath(series, cwd)),
    file,
    secrets: {
      pushToken: secretOf(env, 'LOADCAST_PUSH_TOKEN', 16),
      entsoeToken: secretOf(env, keyVariables.entsoeToken),
      eiaKey: secretOf(env, keyVariables.eiaKey),
      sqlUrls: sqlUrlsOf(config.series, env),
    },
  };
}

/** Folders and files of loads are relative to the configuration. */
function withAbsolutePath(series: LiveSeries, cwd: string): LiveSeries {
  const { load } = series;
  if ((load.source !== 'folder' && load.source !== 'sql') || load.path === undefined) return series;
  return { ...series, load: { ...load, path: resolve(cwd, load.path) } };
}

/** URLs of the databases that series name, as far as they are given. */
function sqlUrlsOf(
  series: readonly LiveSeries[],
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const names = series.flatMap(({ load }) =>
    load.source === 'sql' && load.database === 'postgres' ? [load.urlVariable] : [],
  );
  return Object.fromEntries(
    names.flatMap((name) => {
      const url = secretOf(env, name);
      return url === null ? [] : [[name, url]];
    }),
  );
}

/** @throws {LoadcastError} INVALID_CONFIG if it is shorter than `leastLength`; the message does not hold it */
function secretOf(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  leastLength = 1,
): string | null {
  const secret = env[name]?.trim() ?? '';
  if (secret === '') return null;
  if (secret.length >= leastLength) return secret;
  throw new LoadcastError(
    'INVALID_CONFIG',
    `${name} has ${secret.length} characters; it needs at least ${leastLength}.`,
  );
}

async function readFile(
  cwd: string,
): Promise<{ file: string | null; options: Record<string, unknown> }> {
  const extensions = ['js', 'mjs', 'json', 'yaml', 'yml'];
  const found = extensions
    .map((extension) => resolve(cwd, `loadcast.config.${extension}`))
    .filter((path) => existsSync(path) && statSync(path).isFile());
  const [file] = found;
  if (file === undefined) return { file: null, options: {} };
  if (found.length > 1)
    throw new LoadcastError(
      'INVALID_CONFIG',
      `There are ${found.length} configuration files, ${found.join(' and ')}; keep one.`,
    );
  try {
    const { config } = await readConfigFile<Record<string, unknown>>({
      cwd,
      configFile: file,
      rcFile: false,
      globalRc: false,
      packageJson: false,
      dotenv: false,
      extend: false,
      envName: false,
    });
    return { file, options: config };
  } catch (error) {
    throw new LoadcastError('INVALID_CONFIG', `${file} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Option of each environment variable, and how its text becomes a value. */
const environment: Readonly<Record<string, readonly [string, (text: string) => unknown]>> = {
  PORT: ['port', wholeNumber],
  LOADCAST_HOST: ['host', String],
  LOADCAST_HOME: ['home', String],
  LOADCAST_THREADS: ['threads', wholeNumber],
  LOADCAST_ENGINE: ['engine', String],
  LOADCAST_LOG_LEVEL: ['logLevel', String],
};

function environmentOptions(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, [key, read]] of Object.entries(environment)) {
    const text = env[name]?.trim();
    if (text) options[key] = read(text);
  }
  return options;
}

/** Text that is no whole number stays text, so that the schema refuses it by name. */
function wholeNumber(text: string): unknown {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function invalidConfig(
  error: z.ZodError,
  options: unknown,
  file: string | null,
  env: Readonly<Record<string, string | undefined>>,
): LoadcastError {
  const problems = optionProblems(configOptions, options, error, (key) => {
    const variable = Object.keys(environment).find(
      (name) => environment[name]?.[0] === key && env[name],
    );
    return variable === undefined ? `"${key}"` : `${variable}=${env[variable] ?? ''}`;
  });
  const where = file === null ? 'The environment' : file;
  return new LoadcastError('INVALID_CONFIG', `${where} is not valid: ${problems.join('; ')}`, {
    cause: error,
  });
}

function isCron(text: string): boolean {
  try {
    parseCron(text, 'UTC');
    return true;
  } catch {
    return false;
  }
}
