import { z } from 'zod';
import { memberNames } from '../core/member-names.js';
import { loadKinds } from '../core/load-kind.js';
import { seriesIdOf } from '../core/series-id.js';
import { assertZone, dayMs, localDate, localInstants } from '../core/time.js';
import { fileOptions } from './file-options.js';
import { qualityOptions } from './quality-policy.js';
import { eicOf } from './sources/entsoe-areas.js';
import { extraVariables } from './sources/weather-variables.js';
import { queryProblem } from './sources/sql-statement.js';

/** What the configuration says of a series that is read from live sources. */

const energyChartsLoad = z.strictObject({
  source: z.literal('energy-charts'),
  country: z
    .string()
    .regex(/^[a-z]{2,3}$/, 'write the code of a country in lower case, such as fr'),
});

/** needs a token in the environment */
const entsoeLoad = z.strictObject({
  source: z.literal('entsoe'),
  area: z.string().refine(isArea, {
    error: 'is no area of ENTSO-E; write one such as FR or DE_LU, or an EIC of 16 characters',
  }),
});

/** needs a key in the environment */
const eiaLoad = z.strictObject({
  source: z.literal('eia'),
  respondent: z
    .string()
    .regex(/^[A-Z0-9]{2,6}$/, 'write the code of a balancing authority, such as ISNE or US48'),
});

/** Files that are put into a folder, each read as it comes. */
const folderLoad = fileOptions.extend({
  source: z.literal('folder'),
  /** relative to the folder of the configuration */
  path: z.string().min(1),
});

/** Readings that are sent over HTTP. */
const pushedLoad = z.strictObject({ source: z.literal('push') });

const queryText = z.string().check((context) => {
  const problem = queryProblem(context.value);
  if (problem !== null)
    context.issues.push({ code: 'custom', input: context.value, message: problem });
});

/** A query of a database, and how its rows are read. */
const sqlLoad = fileOptions.omit({ sheet: true, extraColumns: true, stage: true }).extend({
  source: z.literal('sql'),
  database: z.enum(['postgres', 'sqlite']).default('postgres'),
  query: queryText,
  /** of `postgres`: the variable of the environment that holds its URL */
  urlVariable: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'write the name of a variable, such as METER_DATABASE_URL')
    .default('LOADCAST_SQL_URL'),
  /** of `sqlite`: its file, relative to the folder of the configuration */
  path: z.string().min(1).exactOptional(),
});

export const loadSources = ['energy-charts', 'entsoe', 'eia', 'folder', 'push', 'sql'] as const;

const loadOptions = z.discriminatedUnion(
  'source',
  [energyChartsLoad, entsoeLoad, eiaLoad, folderLoad, pushedLoad, sqlLoad],
  { error: `must be one of ${loadSources.join(', ')}` },
);

const pointOptions = z.strictObject({
  /** for people alone */
  name: z.string().max(100).optional(),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  weight: z.number().positive().default(1),
});

const weatherOptions = z.strictObject({
  source: z.literal('open-meteo'),
  points: z.array(pointOptions).min(1).max(20),
  /** forecasts are the mean of an ensemble instead of one run */
  ensemble: z.boolean().default(false),
  /** extra inputs beside the temperature */
  variables: z.array(z.enum(extraVariables)).default([]),
});

export const liveSeriesOptions = z.strictObject({
  name: z.string().min(1).max(100).refine(isName, { error: 'needs a letter a–z or a digit' }),
  zone: z.string().refine(isZone, { error: 'is no time zone; write one such as Europe/Paris' }),
  /** region of the public holidays; null = none */
  holidays: z.string().nullable().default(null),
  /** first local day to ask for; absent: three years ago */
  since: z.iso.date().exactOptional(),
  /** hours from the end of an interval until its load is usually there */
  reportingDelayHours: z.number().min(0).max(168).default(0),
  /** whether generation behind the meters is taken off its load; null = not said */
  loadKind: z.enum(loadKinds).nullable().default(null),
  load: loadOptions,
  /** null = none; then climatology stands in */
  weather: weatherOptions.nullable().default(null),
  /** members that it is trained with, where those differ from other series */
  members: z.array(z.enum(memberNames)).min(1).exactOptional(),
  /** what is done with its doubtful loads, where that differs from other series */
  quality: qualityOptions.exactOptional(),
});

export type LiveSeries = z.infer<typeof liveSeriesOptions>;
export type LiveLoad = LiveSeries['load'];

/** days of history that are asked for where the configuration does not say since when */
const defaultDays = 3 * 365.25;

/** The first local midnight that is asked for. */
export function firstInstant({ zone, since }: LiveSeries, nowMs: number): number {
  return localMidnight(zone, since ?? localDate(nowMs - defaultDays * dayMs, zone));
}

/** First instant of a local day; of one that the zone left out, its midnight in UTC. */
export function localMidnight(zone: string, date: string): number {
  return localInstants(zone, date, date)[0] ?? Date.parse(`${date}T00:00Z`);
}

function isArea(area: string): boolean {
  try {
    eicOf(area);
    return true;
  } catch {
    return false;
  }
}

function isName(name: string): boolean {
  try {
    return seriesIdOf(name) !== '';
  } catch {
    return false;
  }
}

function isZone(zone: string): boolean {
  try {
    assertZone(zone);
    return true;
  } catch {
    return false;
  }
}
