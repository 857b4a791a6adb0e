import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LoadcastError } from '../core/errors.js';
import type { liveSeriesOptions } from './live-series.js';
import { energyChartsCode } from './sources/energy-charts.js';

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
  /** default: that of the country */
  readonly name?: string;
  /** default: the zone of the country, or the one named after its largest place that a zone is named after */
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
 * The series of a whole country, as far as it needs no key: load, weather at the places where its people live.
 * @throws {LoadcastError} INVALID_INPUT for an unknown country, one without a known source of its load, or one of
 * several zones of which none is chosen
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
  const loadCode = energyChartsCode(code);
  if (loadCode === null)
    throw new LoadcastError(
      'INVALID_INPUT',
      `No source without a key is known to have the load of ${country.name}; import a file with \`loadcast import\`.`,
    );
  return {
    name: options.name ?? country.name,
    zone: options.zone ?? zoneOf(country),
    holidays,
    ...(since === undefined ? {} : { since }),
    load: { source: 'energy-charts', country: loadCode },
    weather: { source: 'open-meteo', points: country.places },
  };
}

function zoneOf({ name, zones, places }: z.infer<typeof countriesSchema>[string]): string {
  const [only] = zones;
  if (only !== undefined && zones.length === 1) return only;
  for (const place of places) {
    const zone = zones.find((each) => each.endsWith(`/${place.name.replaceAll(' ', '_')}`));
    if (zone !== undefined) return zone;
  }
  throw new LoadcastError(
    'INVALID_INPUT',
    `${name} has ${zones.length} time zones; say which with --zone, such as ${zones.slice(0, 5).join(', ')}.`,
  );
}
