import { endOfReading, type Reading } from '../core/reading.js';
import { hourMs } from '../core/time.js';
import type { Reception, Series } from './store.js';
import type { Version } from './versions.js';

export interface Availability {
  readonly availableAtMs: number;
  readonly assumed: 0 | 1;
}

/**
 * When a version counts as known. History without an arrival time is taken to have come `reportingDelayHours` after
 * its interval, but never later than it was written; a correction of it is known from its writing on, so that a
 * back-test sees the value which a forecast of that time would have seen.
 */
export function availability(
  series: Series,
  reading: Reading,
  previous: Version | null,
  reception: Reception,
): Availability {
  if (reception.kind === 'received') return { availableAtMs: reception.atMs, assumed: 0 };
  const writtenAtMs = reception.writtenAtMs ?? null;
  if (previous && writtenAtMs !== null) return { availableAtMs: writtenAtMs, assumed: 0 };
  const usualMs = endOfReading(reading) + delayMs(series);
  if (previous) return { availableAtMs: Math.max(usualMs, previous.availableAtMs), assumed: 1 };
  return { availableAtMs: Math.min(usualMs, writtenAtMs ?? usualMs), assumed: 1 };
}

/**
 * The same for the first versions of intervals that follow each other: interval k is known at
 * `min(firstMs + k × stepMs, latestMs)`.
 */
export function availabilityOfRow(
  series: Series,
  first: Reading,
  reception: Reception,
): {
  readonly firstMs: number;
  readonly stepMs: number;
  readonly latestMs: number;
  readonly assumed: 0 | 1;
} {
  if (reception.kind === 'received')
    return { firstMs: reception.atMs, stepMs: 0, latestMs: reception.atMs, assumed: 0 };
  return {
    firstMs: endOfReading(first) + delayMs(series),
    stepMs: first.minutes * 60_000,
    latestMs: reception.writtenAtMs ?? Number.MAX_SAFE_INTEGER,
    assumed: 1,
  };
}

function delayMs({ reportingDelayHours }: Series): number {
  return Math.round(reportingDelayHours * hourMs);
}
