import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LoadcastError } from '../core/errors.js';
import type { LiveLoad, liveSeriesOptions } from './live-series.js';
import { energyChartsCode } from './sources/energy-charts.js';
import { queryProblem } from './sources/sql-statement.js';
import { entsoeAreas, isEic } from './sources/entsoe-areas.js';

/** data/countries.json, which scripts/make-countries.mjs writes */
const countriesSchema = z.record(
  z.string().length(2),
  z.object({
    name: z.string(),
    zones: z.array(z.string()),
    places: z.array(
      z.object({
        name: z.string(),
        latitude: z.number(),
        longitude: z.number(),
        /** share of the country's people whose nearest place of these it is */
        weight: z.number(),
      }),
    ),
  }),
);
const countriesFile = new URL('../../data/countries.json', import.meta.url);

/** A series as a configuration file has it, what is left out being the default. */
export type LiveSeriesInput = z.input<typeof liveSeriesOptions>;

export interface CountrySeriesOptions {
  /** as `countryCode` gives it */
  readonly country: string;
  /** where the load comes from */
  readonly source: LiveLoad['source'];
  /** of `entsoe` and `eia`: their code of a part of the country; default: all of it */
  readonly area?: string;
  /** of `folder`: where the files are put */
  readonly folder?: string;
  /** of `sql` */
  readonly query?: string;
  /** of `sql`: a file of SQLite; absent: PostgreSQL */
  readonly databaseFile?: string;
  /** default: that of the country */
  readonly name?: string;
  /** default: the zone of the country, or of up to three the one named after its largest place */
  readonly zone?: string;
  /** region of the public holidays; null = none */
  readonly holidays: string | null;
  /** first local day to read; default: three years ago */
  readonly since?: string;
}

/** The ISO 3166 code of two letters that a person means. */
export function countryCode(text: string): string {
  return text.trim().toUpperCase().replace(/^UK$/, 'GB');
}

/**
 * The series of a country: its load, and the weather at the places where its people live.
 * @throws {LoadcastError} INVALID_INPUT for an unknown country, one whose load the source is not known to have, or one
 * of several zones of which none is chosen
 */
export async function countrySeries(options: CountrySeriesOptions): Promise<LiveSeriesInput> {
  const { country: code, holidays, since } = options;
  const countries = countriesSchema.parse(JSON.parse(await readFile(countriesFile, 'utf8')));
  const country = countries[code];
  if (!country)
    throw new LoadcastError(
      'INVALID_INPUT',
      `"${code}" is no country; write its code of two letters, such as FR for France.`,
    );
  const load = loadOf(options, country.name);
  return {
    name: options.name ?? country.name,
    zone: options.zone ?? zoneOf(country),
    holidays,
    ...(since === undefined ? {} : { since }),
    load,
    weather: { source: 'open-meteo', points: country.places },
  };
}

function loadOf(
  { source, country, area, folder, query, databaseFile }: CountrySeriesOptions,
  name: string,
): LiveSeriesInput['load'] {
  if (source === 'energy-charts') return energyChartsLoad(country, name);
  if (source === 'entsoe') return entsoeLoad(area ?? country);
  if (source === 'push') return { source };
  if (source === 'folder') {
    if (folder === undefined) throw unknownLoad('Say where the files are put with --folder.');
    return { source, path: folder };
  }
  if (source === 'sql') {
    const problem = query === undefined ? 'is missing' : queryProblem(query);
    if (query === undefined || problem !== null)
      throw unknownLoad(
        `--query ${problem}; write one like "SELECT read_at, kw FROM readings WHERE read_at >= :since".`,
      );
    return databaseFile === undefined
      ? { source, query }
      : { source, database: 'sqlite', path: databaseFile, query };
  }
  if (area === undefined && country !== 'US')
    throw unknownLoad(`EIA has loads of the United States alone, not of ${name}.`);
  return { source, respondent: area ?? 'US48' };
}

function energyChartsLoad(country: string, name: string): LiveSeriesInput['load'] {
  const code = energyChartsCode(country);
  if (code !== null) return { source: 'energy-charts', country: code };
  const other = country === 'US' ? '--load eia, with a free key' : '--load folder or --load push';
  throw unknownLoad(`Energy-Charts is not known to have the load of ${name}; try ${other}.`);
}

function entsoeLoad(area: string): LiveSeriesInput['load'] {
  if (area in entsoeAreas || isEic(area)) return { source: 'entsoe', area };
  throw unknownLoad(
    `ENTSO-E is not known to have an area "${area}"; it has ${Object.keys(entsoeAreas).join(', ')}.`,
  );
}

function unknownLoad(message: string): LoadcastError {
  return new LoadcastError('INVALID_INPUT', message);
}

function zoneOf({ name, zones, places }: z.infer<typeof countriesSchema>[string]): string {
  const [only] = zones;
  if (only !== undefined && zones.length === 1) return only;
  // Where there are more the country is wide, and none of them stands for all of it.
  for (const place of zones.length <= 3 ? places : []) {
    const zone = zones.find((each) => each.endsWith(`/${place.name.replaceAll(' ', '_')}`));
    if (zone !== undefined) return zone;
  }
  throw new LoadcastError(
    'INVALID_INPUT',
    `${name} has ${zones.length} time zones; say which with --zone, such as ${zones.slice(0, 5).join(', ')}.`,
  );
}
