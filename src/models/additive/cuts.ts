import { rowDaysBefore } from '../../features/calendar.js';
import type { CalendarTable } from '../../features/feature-table.js';
import type { Targets } from './design.js';

/**
 * For each row the last row at or before it that begins the given hour of the day (the one after, where the clock skips
 * it; the first, where the hour is doubled); −1 before the first.
 */
export function cutRows({ hour, length }: CalendarTable, cutHour: number): Int32Array {
  const cuts = new Int32Array(length);
  let cut = -1;
  for (let row = 0; row < length; row++) {
    const before = row > 0 ? hour[row - 1]! : -1;
    const begins = hour[row] === cutHour && before !== cutHour;
    const skips = before >= 0 && hour[row] === (before + 2) % 24 && cutHour === (before + 1) % 24;
    if (begins || skips) cut = row;
    cuts[row] = cut;
  }
  return cuts;
}

/**
 * Rows as the targets of forecasts whose knowledge ended at the cut of so many days.
 * @param cutOf as `cutRows` returns it
 * @param leadDay 1: the cut is the last one at or before the row
 */
export function targetsOf(
  calendar: CalendarTable,
  cutOf: Int32Array,
  rows: Int32Array,
  leadDay: number,
): Targets {
  return {
    rows,
    anchors: rows.map((row) => rowDaysBefore(calendar, row, leadDay)),
    cuts: rows.map((row) => cutOf[Math.max(0, rowDaysBefore(calendar, row, leadDay - 1))]!),
  };
}
