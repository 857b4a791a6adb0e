import type { Interval } from '../core/time.js';
import type { LiveLoad } from './live-series.js';
import type { Providers } from './providers.js';
import type { Reading } from '../core/reading.js';
import { fetchEnergyCharts } from './sources/energy-charts.js';

/** Loads that are asked for, page by page. */
export type FetchedLoad = Exclude<LiveLoad, { readonly source: 'folder' | 'push' }>;

/** What a person calls the source. */
export function sourceTitle({ source }: FetchedLoad): string {
  const titles = { 'energy-charts': 'Energy-Charts' } as const;
  return titles[source];
}

/**
 * Asks the source of a series for its loads, page by page, oldest first.
 * @yields MW, ascending; what lies before a failing page has come
 * @throws {LoadcastError} SOURCE_FAILED naming the source, CANCELLED once the signal says so
 */
export function fetchLoad(
  providers: Providers,
  load: FetchedLoad,
  interval: Interval,
  signal?: AbortSignal,
): AsyncGenerator<Reading[]> {
  return fetchEnergyCharts({
    ...providers.energyCharts,
    country: load.country,
    interval,
    ...(signal ? { signal } : {}),
  });
}
