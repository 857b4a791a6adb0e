import type { Reading } from '../../core/reading.js';

/** Ascending by start; of several readings for the same start the last counts, as in a file. */
export function onePerInterval(readings: readonly Reading[]): Reading[] {
  const lastOf = new Map(readings.map((reading) => [reading.startMs, reading]));
  return [...lastOf.values()].sort((a, b) => a.startMs - b.startMs);
}
