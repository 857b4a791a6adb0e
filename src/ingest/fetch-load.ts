import { LoadcastError } from '../core/errors.js';
import type { Interval } from '../core/time.js';
import type { QualityIssue } from '../core/quality-issue.js';
import { definedOnly } from './file-options.js';
import type { LiveLoad, LiveSeries } from './live-series.js';
import { keyVariables, type ProviderKeys, type Providers } from './providers.js';
import type { Reading } from '../core/reading.js';
import { fetchEia } from './sources/eia.js';
import { fetchEntsoe } from './sources/entsoe.js';
import { fetchEnergyCharts } from './sources/energy-charts.js';
import { queryPostgres } from './sources/postgres.js';
import { fetchSql, type SqlDatabase } from './sources/sql.js';
import { querySqlite } from './sources/sqlite-file.js';

/** Loads that are asked for, page by page. */
export type FetchedLoad = Exclude<LiveLoad, { readonly source: 'folder' | 'push' }>;

const titles = {
  'energy-charts': 'Energy-Charts',
  entsoe: 'ENTSO-E',
  eia: 'EIA',
  sql: 'SQL',
} as const;

/** What a person calls the source. */
export function sourceTitle(load: FetchedLoad): string {
  if (load.source !== 'sql') return titles[load.source];
  return load.database === 'sqlite' ? `SQLite file ${load.path ?? ''}` : 'PostgreSQL';
}

export interface FetchOptions {
  readonly signal?: AbortSignal;
  /** told of rows that could not be read */
  readonly onRejected?: (rows: number, issues: readonly QualityIssue[]) => void;
}

/**
 * Asks the source of a series for its loads, page by page, oldest first.
 * @yields MW, ascending; what lies before a failing page has come
 * @throws {LoadcastError} SOURCE_FAILED naming the source, also where it needs a key that is not given; CANCELLED once
 * the signal says so
 */
export function fetchLoad(
  providers: Providers,
  { load, zone }: Pick<LiveSeries, 'zone'> & { readonly load: FetchedLoad },
  interval: Interval,
  { signal, onRejected }: FetchOptions = {},
): AsyncGenerator<Reading[]> {
  const { keys, energyCharts, entsoe, eia } = providers;
  const request = { interval, kind: 'actual', ...(signal ? { signal } : {}) } as const;
  if (load.source === 'sql') {
    const { query, source: _, database, urlVariable, path, ...options } = load;
    return fetchSql(database === 'sqlite' ? sqliteOf(path) : postgresOf(urlVariable, keys), {
      ...providers.sql,
      ...request,
      query,
      title: sourceTitle(load),
      options: { zone, ...definedOnly(options) },
      ...(onRejected ? { onRejected } : {}),
    });
  }
  if (load.source === 'energy-charts')
    return fetchEnergyCharts({ ...energyCharts, ...request, country: load.country });
  if (load.source === 'entsoe') {
    const securityToken = required(load, 'a security token', 'entsoeToken', keys);
    return fetchEntsoe({ ...entsoe, ...request, area: load.area, securityToken });
  }
  const apiKey = required(load, 'a key', 'eiaKey', keys);
  return fetchEia({ ...eia, ...request, respondent: load.respondent, apiKey });
}

function sqliteOf(path = ''): SqlDatabase {
  return { mark: (index) => `?${index}`, ask: (request) => querySqlite(path, request) };
}

function postgresOf(urlVariable: string, { sqlUrls }: ProviderKeys): SqlDatabase {
  const url = sqlUrls[urlVariable];
  if (url !== undefined)
    return { mark: (index) => `$${index}`, ask: (request) => queryPostgres(url, request) };
  throw new LoadcastError(
    'SOURCE_FAILED',
    `PostgreSQL needs the URL of the database; set ${urlVariable} in the environment, such as postgres://user:password@host/database.`,
  );
}

function required(
  load: FetchedLoad,
  what: string,
  name: keyof typeof keyVariables,
  keys: ProviderKeys,
): string {
  const key = keys[name];
  if (key !== null) return key;
  throw new LoadcastError(
    'SOURCE_FAILED',
    `${sourceTitle(load)} needs ${what}; set ${keyVariables[name]} in the environment.`,
  );
}
