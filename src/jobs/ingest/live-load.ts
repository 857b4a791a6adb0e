import { LoadcastError } from '../../core/errors.js';
import type { ImportSummary, QualityIssue } from '../../core/quality-issue.js';
import { endOfReading, type Reading } from '../../core/reading.js';
import { dayMs, isoUtc } from '../../core/time.js';
import { fetchLoad, sourceTitle, type FetchedLoad } from '../../ingest/fetch-load.js';
import { firstInstant, type LiveSeries } from '../../ingest/live-series.js';
import type { Series, WriteCounts } from '../../store/store.js';
import { addCounts } from '../../store/versions.js';
import type { JobControl, JobServices } from '../job-services.js';
import { writeArrivals } from './write-arrivals.js';

/** loads of the last days are asked for again: that is when providers correct them */
const correctedDays = 3;

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
  live: LiveSeries & { readonly load: FetchedLoad },
  { onProgress, signal }: JobControl = {},
  sinceMs?: number,
): Promise<ImportSummary | null> {
  const { store, nowMs } = services;
  const known = await store.loadSpan(series.id);
  const title = sourceTitle(live.load);
  const usualMs = known ? known.lastMs - correctedDays * dayMs : firstInstant(live, nowMs());
  const interval = { startMs: sinceMs ?? usualMs, endMs: nowMs() };
  const write: Parameters<typeof writeArrivals>[0] = (readings, reception) =>
    store.writeLoad(series.id, readings, reception);
  let rows = 0;
  let counts: WriteCounts = { added: 0, unchanged: 0, revised: 0 };
  let first: Reading | undefined;
  let last: Reading | undefined;
  const rejected: { rows: number; issues: QualityIssue[] } = { rows: 0, issues: [] };
  const pages = fetchLoad(services.providers, live, interval, {
    ...(signal ? { signal } : {}),
    onRejected(count, issues) {
      rejected.rows += count;
      rejected.issues.push(...issues);
      services.warn(
        `${title}: ${count} rows of "${series.name}" cannot be read; the first: ${issues[0]?.reason ?? ''}.`,
      );
    },
  });
  for await (const page of pages) {
    counts = addCounts(counts, await writeArrivals(write, page, known, nowMs()));
    rows += page.length;
    first ??= page[0];
    last = page.at(-1) ?? last;
    if (last) onProgress?.({ phase: `${title}: loads until ${isoUtc(endOfReading(last))}` });
  }
  if (!first || !last) {
    if (known) return null;
    throw new LoadcastError(
      'SOURCE_FAILED',
      `${title} has no load of "${series.name}" since ${isoUtc(interval.startMs)}.`,
    );
  }
  if (last.minutes !== series.resolutionMinutes && last.startMs >= (known?.lastMs ?? 0))
    await store.saveSeries({ ...series, resolutionMinutes: last.minutes });
  if (counts.added + counts.revised === 0) return null;
  const summary: ImportSummary = {
    source: title,
    rows: rows + rejected.rows,
    rejected: rejected.rows,
    ...counts,
    firstMs: first.startMs,
    endMs: endOfReading(last),
    issues: rejected.issues,
  };
  await store.saveImport(series.id, nowMs(), summary);
  return summary;
}
