import { rowDaysBefore } from '../../features/calendar.js';
import type { CalendarTable, FeatureTable } from '../../features/feature-table.js';
import type { FitOptions } from '../member.js';

/** Where the columns of a forecast are read, one entry for each target. */
export interface Targets {
  readonly rows: Int32Array;
  /** the last row of the same clock hour that lies before the cut */
  readonly anchors: Int32Array;
  /** the first row that is not known: every load that is read lies before it */
  readonly cuts: Int32Array;
}

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

/** Rows seven days before the targets, fourteen where that is not known at the cut. */
export function weekBefore(calendar: CalendarTable, { rows, cuts }: Targets): Int32Array {
  return rows.map((row, i) => {
    const week = rowDaysBefore(calendar, row, 7);
    return week < cuts[i]! ? week : rowDaysBefore(calendar, row, 14);
  });
}

/** Hours of the day for which models are fitted: at further ones a forecast takes the latest of these. */
export const mostCuts = 4;

/** Hours of the local day at which the known loads of a fit's forecasts end, the commonest first. */
export function cutHoursOf({ loadEndHours = [0] }: Pick<FitOptions, 'loadEndHours'>): number[] {
  return loadEndHours.slice(0, mostCuts);
}

/** A cut may lie so many hours after the last measured load, which are then imputed ones. */
const bridgedHours = 12;

/** What a forecast knows. */
export interface LatestCut {
  /** which of the cuts */
  readonly index: number;
  /** as `cutRows` returns it */
  readonly cutOf: Int32Array;
  /** loads before this row are known: at the cut, or some hours after it */
  readonly knownRows: number;
}

/**
 * The cut that knows most at the origin. Known are all rows before the origin, less those at its end that were imputed,
 * if they are many.
 * @param cuts at least one
 */
export function latestCut(
  cuts: readonly { readonly hour: number }[],
  { calendar, loadImputed, originIndex }: FeatureTable,
): LatestCut {
  let measured = originIndex;
  while (measured > 0 && loadImputed[measured - 1] === 1) measured--;
  const tried = cuts.map(({ hour }) => {
    const cutOf = cutRows(calendar, hour);
    return { cutOf, last: cutOf[Math.min(originIndex, measured + bridgedHours)] ?? -1 };
  });
  const latest = Math.max(...tried.map(({ last }) => last));
  const index = tried.findIndex(({ last }) => last === latest);
  return { index, cutOf: tried[index]!.cutOf, knownRows: Math.max(latest, measured) };
}

/** Days since the last cut whose loads before it are known. */
export function leadDayOf(
  calendar: CalendarTable,
  row: number,
  cutOf: Int32Array,
  knownRows: number,
): number {
  for (let day = 1; ; day++) {
    const cut = cutOf[rowDaysBefore(calendar, row, day - 1)] ?? -1;
    if (cut <= knownRows) return day;
  }
}

export function rowsBetween(from: number, end: number): Int32Array {
  return Int32Array.from({ length: end - from }, (_, i) => from + i);
}
