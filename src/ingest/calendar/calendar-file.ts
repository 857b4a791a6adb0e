import type { CalendarEntry, DayKind, EventKind } from '../../core/calendar-entry.js';
import type { Interval } from '../../core/time.js';

export interface CalendarFile {
  /** file name without its folder */
  readonly source: string;
  readonly entries: readonly CalendarEntry[];
  /** what could not be read, and why */
  readonly rejected: readonly RejectedEntry[];
}

export interface RejectedEntry {
  /** line of a CSV file, or null */
  readonly line: number | null;
  readonly reason: string;
}

export interface CalendarFileOptions {
  /** of the series: for days and for times without an offset */
  readonly zone: string;
  /** what the events of an iCal file are; a CSV file says it in its column `kind` */
  readonly kind?: DayKind | EventKind;
  /** part of the load area of an iCal file, or of CSV rows without one */
  readonly region?: string;
  /** events that recur are expanded in here only */
  readonly window: Interval;
}

/** entries of one file: more is a mistake */
export const mostEntries = 5000;
export const mostBytes = 2 * 1024 * 1024;
