import { LoadcastError } from '../../core/errors.js';
import type { ImportSummary } from '../../core/quality-issue.js';
import { endOfReading, type Reading } from '../../core/reading.js';
import { dayMs, hourMs, isoUtc } from '../../core/time.js';
import { fetchLoad, sourceTitle } from '../../ingest/fetch-load.js';
import { firstInstant, type LiveSeries } from '../../ingest/live-series.js';
import type { ReadingSpan, Series, Store, WriteCounts } from '../../store/store.js';
import type { JobControl, JobServices } from '../job-services.js';

/** loads of the last days are asked for again: that is when providers correct them */
const correctedDays = 3;
/** a new load of an interval that ended longer ago was not received now but is history, known after the usual delay */
const historyHours = 48;

/**
 * Brings the loads of a live series up to date: all since the first day that was asked for, then what is new. Each page
 * is stored as it comes, so that a back-fill that was cut off goes on where it was.
 * @param sinceMs asks for everything from then on again
 * @returns null if nothing was new
 * @throws {LoadcastError} SOURCE_FAILED naming the source, also if it has no load at all; CANCELLED
 */
export async function ingestLiveLoad(
  services: JobServices,
  series: Series,
  live: LiveSeries,
  { onProgress, signal }: JobControl = {},
  sinceMs?: number,
): Promise<ImportSummary | null> {
  const { store, nowMs } = services;
  const known = await store.loadSpan(series.id);
  const title = sourceTitle(live.load);
  const usualMs = known ? known.lastMs - correctedDays * dayMs : firstInstant(live, nowMs());
  const interval = { startMs: sinceMs ?? usualMs, endMs: nowMs() };
  const total = { rows: 0, added: 0, unchanged: 0, revised: 0 };
  let first: Reading | undefined;
  let last: Reading | undefined;
  for await (const page of fetchLoad(services.providers, live.load, interval, signal)) {
    const counts = await writePage(store, series.id, page, known, nowMs());
    total.rows += page.length;
    total.added += counts.added;
    total.unchanged += counts.unchanged;
    total.revised += counts.revised;
    first ??= page[0];
    last = page.at(-1) ?? last;
    if (last) onProgress?.({ phase: `${title}: loads until ${isoUtc(endOfReading(last))}` });
  }
  if (!first || !last) {
    if (known) return null;
    throw new LoadcastError(
      'SOURCE_FAILED',
      `${title} has no load of "${live.load.country}" since ${isoUtc(interval.startMs)}.`,
    );
  }
  if (last.minutes !== series.resolutionMinutes && last.startMs >= (known?.lastMs ?? 0))
    await store.saveSeries({ ...series, resolutionMinutes: last.minutes });
  if (total.added + total.revised === 0) return null;
  const summary: ImportSummary = {
    source: title,
    rejected: 0,
    ...total,
    firstMs: first.startMs,
    endMs: endOfReading(last),
    issues: [],
  };
  await store.saveImport(series.id, nowMs(), summary);
  return summary;
}

/** @param known what was stored before the first page: a hole in it that is filled now was not known before */
async function writePage(
  store: Store,
  seriesId: string,
  page: readonly Reading[],
  known: ReadingSpan | null,
  atMs: number,
): Promise<WriteCounts> {
  const isHistory = (reading: Reading): boolean =>
    endOfReading(reading) < atMs - historyHours * hourMs &&
    !(known && reading.startMs >= known.firstMs && reading.startMs <= known.lastMs);
  const history = await store.writeLoad(seriesId, page.filter(isHistory), {
    kind: 'assumed',
    writtenAtMs: atMs,
  });
  const arrived = page.filter((reading) => !isHistory(reading));
  const received = await store.writeLoad(seriesId, arrived, { kind: 'received', atMs });
  return {
    added: history.added + received.added,
    unchanged: history.unchanged + received.unchanged,
    revised: history.revised + received.revised,
  };
}
