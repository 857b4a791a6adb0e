import { LoadcastError } from '../core/errors.js';
import { isoUtc } from '../core/time.js';
import type { Reading } from '../core/reading.js';
import type { WriteCounts } from './store.js';

/** The newest stored version of one interval. */
export interface Version {
  readonly startMs: number;
  readonly minutes: number;
  readonly version: number;
  readonly value: number;
  readonly availableAtMs: number;
}

/** A reading that needs a new version; `previous` is null for the first. */
export interface Change {
  readonly reading: Reading;
  readonly previous: Version | null;
}

/** Which readings are new or differ from the newest stored version. The same value again changes nothing. */
export function changesOf(
  readings: readonly Reading[],
  newest: ReadonlyMap<number, Version>,
): Change[] {
  const changes: Change[] = [];
  for (const reading of readings) {
    const previous = newest.get(reading.startMs) ?? null;
    if (previous?.value !== reading.value || previous.minutes !== reading.minutes)
      changes.push({ reading, previous });
  }
  return changes;
}

export function countsOf(readings: number, changes: readonly Change[]): WriteCounts {
  const revised = changes.filter((change) => change.previous !== null).length;
  return { added: changes.length - revised, unchanged: readings - changes.length, revised };
}

export function addCounts(a: WriteCounts, b: WriteCounts): WriteCounts {
  return {
    added: a.added + b.added,
    unchanged: a.unchanged + b.unchanged,
    revised: a.revised + b.revised,
  };
}

/**
 * Readings ascending by start, one for each interval: of two for the same interval the later in the list counts.
 * @throws {LoadcastError} INVALID_INPUT for a value that is not finite, a start that is not a whole millisecond, or a
 * length that does not divide the hour
 */
export function ascendingReadings(what: string, readings: readonly Reading[]): Reading[] {
  const byStart = new Map<number, Reading>();
  for (const reading of readings) {
    if (!Number.isSafeInteger(reading.startMs))
      throw new LoadcastError('INVALID_INPUT', `${what}: ${reading.startMs} is no instant.`);
    if (!Number.isInteger(reading.minutes) || !Number.isInteger(60 / reading.minutes))
      throw new LoadcastError(
        'INVALID_INPUT',
        `${what} of ${isoUtc(reading.startMs)} is of ${reading.minutes} min; it must divide 60 min.`,
      );
    if (!Number.isFinite(reading.value))
      throw new LoadcastError(
        'INVALID_INPUT',
        `${what} of ${isoUtc(reading.startMs)} is ${reading.value}; leave missing values out.`,
      );
    byStart.set(reading.startMs, reading);
  }
  return [...byStart.values()].sort((a, b) => a.startMs - b.startMs);
}
