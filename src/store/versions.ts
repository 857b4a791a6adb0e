import { LoadcastError } from '../core/errors.js';
import { isoUtc } from '../core/time.js';
import type { Reading } from '../core/reading.js';
import {
  isColumns,
  toColumns,
  toReadings,
  type ReadingColumns,
  type Readings,
} from '../core/reading-columns.js';
import type { WriteCounts } from './store.js';

/** The newest stored version of one interval. */
export interface Version {
  readonly startMs: number;
  readonly minutes: number;
  readonly version: number;
  readonly value: number;
  readonly availableAtMs: number;
  /** of loads: 1 where bills are settled by it */
  readonly settlement?: 0 | 1;
}

/** A reading that needs a new version; `previous` is null for the first. */
export interface Change {
  readonly reading: Reading;
  readonly previous: Version | null;
}

/**
 * Which readings are new or differ from the newest stored version. The same value again changes nothing, unless it is
 * settled now; a value that is settled already stands against any other.
 * @param settlement 1 for loads that bills are settled by
 */
export function changesOf(
  readings: readonly Reading[],
  newest: ReadonlyMap<number, Version>,
  settlement: 0 | 1 = 0,
): Change[] {
  const changes: Change[] = [];
  for (const reading of readings) {
    const previous = newest.get(reading.startMs) ?? null;
    const settled = previous?.settlement ?? 0;
    if (settled > settlement) continue;
    if (
      previous?.value !== reading.value ||
      previous.minutes !== reading.minutes ||
      settled < settlement
    )
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
  for (const { startMs, minutes, value } of readings) assertReading(what, startMs, minutes, value);
  return lastOfEach(readings);
}

/** The same in columns. */
export function ascendingColumns(what: string, readings: Readings): ReadingColumns {
  if (!isColumns(readings)) return toColumns(ascendingReadings(what, readings));
  const { startMs, minutes, value } = readings;
  let ascends = true;
  for (let i = 0; i < startMs.length; i++) {
    assertReading(what, startMs[i]!, minutes[i]!, value[i]!);
    if (i > 0 && startMs[i]! <= startMs[i - 1]!) ascends = false;
  }
  return ascends ? readings : toColumns(lastOfEach(toReadings(readings)));
}

function lastOfEach(readings: readonly Reading[]): Reading[] {
  const byStart = new Map(readings.map((reading) => [reading.startMs, reading]));
  return [...byStart.values()].sort((a, b) => a.startMs - b.startMs);
}

function assertReading(what: string, startMs: number, minutes: number, value: number): void {
  if (!Number.isSafeInteger(startMs))
    throw new LoadcastError('INVALID_INPUT', `${what}: ${startMs} is no instant.`);
  if (!Number.isInteger(minutes) || !Number.isInteger(60 / minutes))
    throw new LoadcastError(
      'INVALID_INPUT',
      `${what} of ${isoUtc(startMs)} is of ${minutes} min; it must divide 60 min.`,
    );
  if (!Number.isFinite(value))
    throw new LoadcastError(
      'INVALID_INPUT',
      `${what} of ${isoUtc(startMs)} is ${value}; leave missing values out.`,
    );
}
