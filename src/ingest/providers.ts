import { z } from 'zod';
import { eiaBaseUrl } from './sources/eia.js';
import { energyChartsBaseUrl } from './sources/energy-charts.js';
import { entsoeBaseUrl } from './sources/entsoe.js';
import { openMeteoBaseUrls } from './sources/open-meteo.js';

/** How each provider is reached: the group of the configuration that bears its name. */

const httpUrl = z.url({ protocol: /^https?$/ });
/** of one attempt */
const timeoutMs = z.int().min(100).max(120_000);
/** between the requests of a back-fill */
const pauseMs = z.int().min(0).max(60_000);

export const providerOptions = {
  openMeteo: z
    .strictObject({
      baseUrl: httpUrl.default(openMeteoBaseUrls.forecast),
      archiveUrl: httpUrl.default(openMeteoBaseUrls.archive),
      previousRunsUrl: httpUrl.default(openMeteoBaseUrls.previousRuns),
      ensembleUrl: httpUrl.default(openMeteoBaseUrls.ensemble),
      timeoutMs: timeoutMs.default(10_000),
      pauseMs: pauseMs.default(500),
    })
    .prefault({}),
  energyCharts: z
    .strictObject({
      baseUrl: httpUrl.default(energyChartsBaseUrl),
      timeoutMs: timeoutMs.default(60_000),
      pauseMs: pauseMs.default(1_000),
    })
    .prefault({}),
  entsoe: z
    .strictObject({
      baseUrl: httpUrl.default(entsoeBaseUrl),
      timeoutMs: timeoutMs.default(60_000),
      pauseMs: pauseMs.default(200),
    })
    .prefault({}),
  sql: z.strictObject({ timeoutMs: timeoutMs.default(60_000) }).prefault({}),
  eia: z
    .strictObject({
      baseUrl: httpUrl.default(eiaBaseUrl),
      timeoutMs: timeoutMs.default(60_000),
      pauseMs: pauseMs.default(1_000),
    })
    .prefault({}),
} as const;

/** What some providers want to see; null = not given. */
export interface ProviderKeys {
  readonly entsoeToken: string | null;
  readonly eiaKey: string | null;
  /** of databases with a password, by the variable that holds them */
  readonly sqlUrls: Readonly<Record<string, string>>;
}

/** Where they stand in the environment, and nowhere else. */
export const keyVariables = {
  entsoeToken: 'ENTSOE_SECURITY_TOKEN',
  eiaKey: 'EIA_API_KEY',
} as const satisfies Record<keyof Omit<ProviderKeys, 'sqlUrls'>, string>;

export type Providers = {
  readonly [Name in keyof typeof providerOptions]: z.infer<(typeof providerOptions)[Name]>;
} & { readonly keys: ProviderKeys };
