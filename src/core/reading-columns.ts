import type { Reading } from './reading.js';

/** Readings in columns, for those that come by the million: row i of each array is one reading. */
export interface ReadingColumns {
  readonly startMs: Float64Array;
  readonly minutes: Uint8Array;
  readonly value: Float64Array;
}

/** Either way to hold readings. */
export type Readings = readonly Reading[] | ReadingColumns;

export function isColumns(readings: Readings): readings is ReadingColumns {
  return 'startMs' in readings;
}

export function countReadings(readings: Readings): number {
  return isColumns(readings) ? readings.startMs.length : readings.length;
}

export function toColumns(readings: readonly Reading[]): ReadingColumns {
  return {
    startMs: Float64Array.from(readings, ({ startMs }) => startMs),
    minutes: Uint8Array.from(readings, ({ minutes }) => minutes),
    value: Float64Array.from(readings, ({ value }) => value),
  };
}

export function toReadings({ startMs, minutes, value }: ReadingColumns): Reading[] {
  return Array.from(startMs, (start, i) => ({
    startMs: start,
    minutes: minutes[i] ?? 0,
    value: value[i] ?? Number.NaN,
  }));
}

/** Readings `[from, to)`, sharing the memory. */
export function sliceColumns(
  { startMs, minutes, value }: ReadingColumns,
  from: number,
  to?: number,
): ReadingColumns {
  return {
    startMs: startMs.subarray(from, to),
    minutes: minutes.subarray(from, to),
    value: value.subarray(from, to),
  };
}
