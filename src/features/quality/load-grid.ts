import type { HourlySeries } from '../../core/hourly.js';
import type { Reading } from '../../core/reading.js';
import { dayMs, hourMs, localWallClock } from '../../core/time.js';

/** Load of one resolution on a regular grid. Row i covers `[startMs + i step, startMs + (i + 1) step)`. */
export interface LoadGrid {
  readonly startMs: number;
  readonly stepMs: number;
  /** MW, NaN = missing */
  readonly values: Float64Array;
  /** local wall clock of each row written as if it were UTC, ms */
  readonly localMs: Float64Array;
}

/** Readings of one length that last for less than this are no resolution of the series. */
const leastMs = 2 * dayMs;

export function gridOfHours(load: HourlySeries, zone: string): LoadGrid {
  const { startMs, values } = load;
  return {
    startMs,
    stepMs: hourMs,
    values,
    localMs: localWallClock(zone, startMs, hourMs, values.length),
  };
}

/**
 * One grid for each length of interval, NaN where the readings are of another length.
 * @param readings ascending
 */
export function gridsOfReadings(readings: readonly Reading[], zone: string): LoadGrid[] {
  return [...new Set(readings.map(({ minutes }) => minutes))].flatMap((minutes) => {
    const part = readings.filter((reading) => reading.minutes === minutes);
    const stepMs = minutes * 60_000;
    if (part.length * stepMs < leastMs) return [];
    const startMs = part[0]?.startMs ?? 0;
    const length = Math.round(((part.at(-1)?.startMs ?? 0) - startMs) / stepMs) + 1;
    const values = new Float64Array(length).fill(Number.NaN);
    for (const reading of part)
      values[Math.round((reading.startMs - startMs) / stepMs)] = reading.value;
    return [{ startMs, stepMs, values, localMs: localWallClock(zone, startMs, stepMs, length) }];
  });
}

/** Rows that last `hours`, at least one. */
export function rowsOf(grid: Pick<LoadGrid, 'stepMs'>, hours: number): number {
  return Math.max(1, Math.round((hours * hourMs) / grid.stepMs));
}

/**
 * Row of the same local wall clock `days` days before (after, if negative); of a doubled time the one with the nearer
 * offset.
 * @returns the row, or −1 outside the grid
 */
export function sameClockRow(grid: LoadGrid, row: number, days: number): number {
  const { localMs, stepMs } = grid;
  const elapsed = row - Math.round((days * dayMs) / stepMs);
  if (elapsed < 0 || elapsed >= localMs.length) return -1;
  const gainedMs = localMs[row]! - localMs[elapsed]! - days * dayMs;
  const target = gainedMs === 0 ? elapsed : elapsed + Math.round(gainedMs / stepMs);
  return target < 0 || target >= localMs.length ? -1 : target;
}

export function localDayOf(grid: LoadGrid, row: number): number {
  return Math.floor(grid.localMs[row]! / dayMs);
}
