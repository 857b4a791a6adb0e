import { LoadcastError } from '../core/errors.js';
import { contains } from '../core/time.js';
import { renderWelcome } from '../report/welcome.js';
import type { JobServices } from './job-services.js';
import { reportHtml } from './report-series.js';

/** A page is rendered at most this often: drawing it holds up everything else that is served. */
const freshMs = 10_000;
const keptPages = 32;

/**
 * The page of one series, or of `/` where none is named.
 * @param status what the program is doing; a changed one shows at once
 * @throws {LoadcastError} NOT_FOUND for a series that does not exist
 */
export type ReportPages = (seriesId: string | null, status: string | null) => Promise<string>;

/** Pages of a running service, each kept for ten seconds. */
export function createReportPages(services: JobServices): ReportPages {
  const kept = new Map<string, { readonly atMs: number; readonly html: Promise<string> }>();
  return (seriesId, status) => {
    const key = JSON.stringify([seriesId, status]);
    const nowMs = services.nowMs();
    const known = kept.get(key);
    if (known && contains({ startMs: known.atMs, endMs: known.atMs + freshMs }, nowMs))
      return known.html;
    const html = render(services, seriesId, status);
    kept.delete(key);
    kept.set(key, { atMs: nowMs, html });
    const [oldest] = kept.keys();
    if (kept.size > keptPages && oldest !== undefined) kept.delete(oldest);
    // A failure is told to those who asked, not to those who ask next.
    html.catch(() => {
      if (kept.get(key)?.html === html) kept.delete(key);
    });
    return html;
  };
}

/** The report of one series; of the first live one, or else the first, where none is named. */
async function render(
  services: JobServices,
  seriesId: string | null,
  status: string | null,
): Promise<string> {
  const all = await services.store.listSeries();
  const series =
    seriesId === null
      ? (all.find((candidate) => candidate.kind === 'live') ?? all[0])
      : all.find((candidate) => candidate.id === seriesId);
  if (!series && seriesId === null) return renderWelcome();
  if (!series) throw new LoadcastError('NOT_FOUND', `There is no series "${seriesId}".`);
  const otherReports = all
    .filter((other) => other.id !== series.id)
    .map((other) => ({ name: other.name, path: `/reports/${other.id}` }));
  return reportHtml(services, series, { status, otherReports });
}
