import { stat } from 'node:fs/promises';
import { LoadcastError, messageOf } from '../../core/errors.js';
import type { ImportSummary } from '../../core/quality-issue.js';
import { definedOnly } from '../../ingest/file-options.js';
import { readLoadColumns } from '../../ingest/load-file.js';
import type { Series, WriteCounts } from '../../store/store.js';
import type { JobControl, JobServices } from '../job-services.js';
import { inspectSeries } from '../quality/inspect-series.js';
import { importFile } from './import-file.js';
import { ingestFolder } from './ingest-folder.js';
import { ingestWeather } from './ingest-weather.js';
import { ingestLiveLoad } from './live-load.js';
import { awaitPush } from './push-readings.js';
import { recallSource, rememberSource } from './source-file.js';

/** What an ingest brought. */
export interface Ingested {
  /** null if nothing was new */
  readonly load: ImportSummary | null;
  /** hours of the weather forecast; null for a series without weather */
  readonly weather: WriteCounts | null;
}

/**
 * Brings a series up to date from where it comes: the live source that the configuration names, or its file, read again
 * if it changed; and the weather of its coordinates. One failing source does not keep the other from being read.
 * @param sinceMs of a live series: asks for everything from then on again
 * @throws {LoadcastError} SOURCE_FAILED naming every source that failed, CANCELLED if it was asked to stop
 */
export async function ingestSeries(
  services: JobServices,
  series: Series,
  control: JobControl = {},
  sinceMs?: number,
): Promise<Ingested> {
  const [load, weather] = await Promise.allSettled([
    ingestLoad(services, series, control, sinceMs),
    ingestWeather(services, series, control, sinceMs),
  ]);
  if (load.status === 'fulfilled') await inspectNews(services, series, load.value);
  if (load.status === 'fulfilled' && weather.status === 'fulfilled')
    return { load: load.value, weather: weather.value };
  const failures = [load, weather].flatMap((outcome) =>
    outcome.status === 'rejected' ? [messageOf(outcome.reason)] : [],
  );
  throw new LoadcastError(
    control.signal?.aborted ? 'CANCELLED' : 'SOURCE_FAILED',
    failures.join(' '),
  );
}

/** An inspection that fails costs its marks, not the loads. */
async function inspectNews(
  services: JobServices,
  series: Series,
  news: ImportSummary | null,
): Promise<void> {
  const isPushed = services.live.get(series.id)?.load.source === 'push';
  if (series.kind === 'replay' || (!news && !isPushed)) return;
  try {
    await inspectSeries(services, series, news?.firstMs ?? undefined);
  } catch (error) {
    services.warn(`The loads of ${series.id} could not be inspected: ${messageOf(error)}`);
  }
}

function ingestLoad(
  services: JobServices,
  series: Series,
  control: JobControl,
  sinceMs: number | undefined,
): Promise<ImportSummary | null> {
  const live = services.live.get(series.id);
  if (!live) return ingestFile(services, series);
  const { load } = live;
  if (load.source === 'folder')
    return ingestFolder(services, series, load, control, sinceMs !== undefined);
  if (load.source === 'push') return awaitPush(services, series);
  return ingestLiveLoad(services, series, { ...live, load }, control, sinceMs);
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
  const file = await readLoadColumns(source.file, definedOnly(source.options));
  const summary = await importFile(services.store, series, file, services.nowMs());
  await rememberSource(services.sourcesFolder, series.id, { ...source, modifiedMs });
  return summary;
}
