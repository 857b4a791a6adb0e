import { stat } from 'node:fs/promises';
import { LoadcastError, messageOf } from '../../core/errors.js';
import type { ImportSummary } from '../../core/quality-issue.js';
import { readLoadFile } from '../../ingest/load-file.js';
import { fetchOpenMeteoForecast } from '../../ingest/sources/open-meteo.js';
import type { Series, WriteCounts } from '../../store/store.js';
import type { JobControl, JobServices } from '../job-services.js';
import { importFile } from './import-file.js';
import { recallSource, rememberSource } from './source-file.js';

/**
 * Brings a live series up to date from where it came: its file, read again if it changed, and the weather forecast of
 * its coordinates. One failing source does not keep the other from being read.
 * @throws {LoadcastError} SOURCE_FAILED naming every source that failed, CANCELLED if it was asked to stop
 */
export async function ingestSeries(
  services: JobServices,
  series: Series,
  control: JobControl = {},
): Promise<void> {
  const outcomes = await Promise.allSettled([
    ingestFile(services, series),
    ingestWeather(services, series, control),
  ]);
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [messageOf(outcome.reason)] : [],
  );
  if (failures.length > 0)
    throw new LoadcastError(
      control.signal?.aborted ? 'CANCELLED' : 'SOURCE_FAILED',
      failures.join('; '),
    );
}

/** @returns null for a series without a file, or with one that did not change */
export async function ingestFile(
  services: JobServices,
  series: Series,
): Promise<ImportSummary | null> {
  const source = await recallSource(services.sourcesFolder, series.id);
  if (!source) return null;
  const { mtimeMs: modifiedMs } = await stat(source.file).catch((cause: unknown) => {
    throw new LoadcastError(
      'SOURCE_FAILED',
      `The file of "${series.name}", ${source.file}, cannot be read: ${messageOf(cause)}`,
      { cause },
    );
  });
  if (modifiedMs === source.modifiedMs) return null;
  const file = await readLoadFile(source.file, definedOnly(source.options));
  const summary = await importFile(services.store, series, file, services.nowMs());
  await rememberSource(services.sourcesFolder, series.id, { ...source, modifiedMs });
  return summary;
}

/**
 * Fetches the temperature forecast of a series with coordinates and stores it as one run.
 * @returns null for a series without coordinates
 * @throws {LoadcastError} SOURCE_FAILED if Open-Meteo does not answer, CANCELLED if it was asked to stop
 */
export async function ingestWeather(
  services: JobServices,
  series: Series,
  { signal }: JobControl = {},
): Promise<WriteCounts | null> {
  if (series.latitude === null || series.longitude === null) return null;
  const readings = await fetchOpenMeteoForecast({
    points: [{ latitude: series.latitude, longitude: series.longitude, weight: 1 }],
    ...services.openMeteo,
    ...(signal ? { signal } : {}),
  });
  const nowMs = services.nowMs();
  return services.store.writeWeatherRun(series.id, {
    source: 'open-meteo',
    runAtMs: nowMs,
    availableAtMs: nowMs,
    readings,
  });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Options without those that are undefined: absent and undefined are told apart. */
export function definedOnly<T extends object>(options: T): Defined<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only undefined values were taken out
  return Object.fromEntries(entries) as Defined<T>;
}
