import { LoadcastError } from '../core/errors.js';
import type { Interval } from '../core/time.js';
import type { LiveLoad } from './live-series.js';
import { keyVariables, type ProviderKeys, type Providers } from './providers.js';
import type { Reading } from '../core/reading.js';
import { fetchEia } from './sources/eia.js';
import { fetchEntsoe } from './sources/entsoe.js';
import { fetchEnergyCharts } from './sources/energy-charts.js';

/** Loads that are asked for, page by page. */
export type FetchedLoad = Exclude<LiveLoad, { readonly source: 'folder' | 'push' }>;

const titles = { 'energy-charts': 'Energy-Charts', entsoe: 'ENTSO-E', eia: 'EIA' } as const;

/** What a person calls the source. */
export function sourceTitle({ source }: FetchedLoad): string {
  return titles[source];
}

/**
 * Asks the source of a series for its loads, page by page, oldest first.
 * @yields MW, ascending; what lies before a failing page has come
 * @throws {LoadcastError} SOURCE_FAILED naming the source, also where it needs a key that is not given; CANCELLED once
 * the signal says so
 */
export function fetchLoad(
  providers: Providers,
  load: FetchedLoad,
  interval: Interval,
  signal?: AbortSignal,
): AsyncGenerator<Reading[]> {
  const { keys, energyCharts, entsoe, eia } = providers;
  const request = { interval, kind: 'actual', ...(signal ? { signal } : {}) } as const;
  if (load.source === 'energy-charts')
    return fetchEnergyCharts({ ...energyCharts, ...request, country: load.country });
  if (load.source === 'entsoe') {
    const securityToken = required(load, 'a security token', 'entsoeToken', keys);
    return fetchEntsoe({ ...entsoe, ...request, area: load.area, securityToken });
  }
  const apiKey = required(load, 'a key', 'eiaKey', keys);
  return fetchEia({ ...eia, ...request, respondent: load.respondent, apiKey });
}

function required(
  load: FetchedLoad,
  what: string,
  name: keyof ProviderKeys,
  keys: ProviderKeys,
): string {
  const key = keys[name];
  if (key !== null) return key;
  throw new LoadcastError(
    'SOURCE_FAILED',
    `${sourceTitle(load)} needs ${what}; set ${keyVariables[name]} in the environment.`,
  );
}
