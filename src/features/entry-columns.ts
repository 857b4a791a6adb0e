import type { CalendarDays } from '../core/calendar-entry.js';
import { hourMs } from '../core/time.js';
import { isWithin, weightedShare, type RegionShare } from './holiday-regions.js';

/**
 * Share of the load area that has a bridge day, a school break or a shutdown that was added, by hour; an hour that one
 * covers in part has that part of its share. Shutdowns at the same time add up, of the others the largest counts.
 * @param startMs start of the first hour, UTC ms
 * @returns shape (length,), 0–1
 */
export function entryColumn(
  kind: 'bridge' | 'school' | 'shutdown',
  entries: readonly CalendarDays[],
  regions: readonly RegionShare[],
  startMs: number,
  length: number,
): Float64Array {
  const column = new Float64Array(length);
  const ofKind = entries.filter((entry) => entry.kind === kind);
  if (ofKind.length === 0) return column;
  const byRegion = regions.map(({ region }) => {
    const values = new Float64Array(length);
    for (const entry of ofKind.filter((each) => isWithin(region, each.region)))
      for (const [row, part] of coveredHours(entry, startMs, length)) {
        const share = part * entry.share;
        values[row] =
          kind === 'shutdown' ? Math.min(1, values[row]! + share) : Math.max(values[row]!, share);
      }
    return values;
  });
  for (let row = 0; row < length; row++)
    column[row] = weightedShare(
      regions,
      byRegion.map((values) => values[row]!),
    );
  return column;
}

/** The hours of a grid that a span covers, with the part of each, above 0 to 1. */
export function* coveredHours(
  span: { readonly startMs: number; readonly endMs: number },
  startMs: number,
  length: number,
): Generator<readonly [row: number, part: number]> {
  const from = Math.max(0, Math.floor((span.startMs - startMs) / hourMs));
  for (let row = from; row < length; row++) {
    const rowMs = startMs + row * hourMs;
    const covered = Math.min(span.endMs, rowMs + hourMs) - Math.max(span.startMs, rowMs);
    if (covered <= 0) return;
    yield [row, covered / hourMs];
  }
}
