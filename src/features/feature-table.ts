import type { Place } from '../core/history.js';
import type { ExtraColumn } from './extras.js';
import type { QualityIssue } from '../core/quality-issue.js';

/** Local calendar of an hour grid. Index i is the hour that starts at `startMs + i h`. Every array has shape (length,). */
export interface CalendarTable {
  readonly startMs: number;
  readonly length: number;
  /** local wall clock written as if it were UTC, ms */
  readonly localMs: Float64Array;
  /** local hour 0–23 */
  readonly hour: Uint8Array;
  /** 0 = Monday … 6 = Sunday */
  readonly weekday: Uint8Array;
  /** the weekday that work goes by: of a weekend day that is worked Friday or Monday, else `weekday` */
  readonly workWeekday: Uint8Array;
  /** 1–366 */
  readonly dayOfYear: Uint16Array;
  /** share of the load area that has a public holiday, 0–1 */
  readonly holiday: Float64Array;
  readonly dayBeforeHoliday: Float64Array;
  readonly dayAfterHoliday: Float64Array;
  /** 1 from 24 December to 5 January */
  readonly yearEnd: Uint8Array;
  /** share that has a working day alone between a holiday and a weekend or two holidays, or one that was added */
  readonly bridge: Float64Array;
  /** share that has a school break, as far as breaks were added */
  readonly school: Float64Array;
  /** share of the load that is off, as far as shutdowns were added */
  readonly shutdown: Float64Array;
}

/**
 * Everything a member may read: one row an hour, whole (no NaN inside the ranges named below).
 * Rows `[0, originIndex)` are the past, rows from `originIndex` on the horizon.
 */
export interface FeatureTable {
  readonly place: Place;
  readonly startMs: number;
  readonly length: number;
  /** the row of the issue time */
  readonly originIndex: number;
  /** hours that forecasts of the series cover, which members are fitted for */
  readonly horizonHours: number;
  /** MW; filled in the past, NaN from `originIndex` on */
  readonly loadMw: Float64Array;
  /** 1 where the load was missing, late or suspect and was imputed */
  readonly loadImputed: Uint8Array;
  /** false: the three temperature columns are all NaN and no member may use them */
  readonly hasTemperature: boolean;
  /** °C, filled from row 0 to `length` */
  readonly temperatureC: Float64Array;
  /** mean of the last 24 / 72 hours up to and including the row */
  readonly temperature24hC: Float64Array;
  readonly temperature72hC: Float64Array;
  /** further inputs, filled from row 0 to `length`; a member may use those that it was fitted with */
  readonly extras: readonly ExtraColumn[];
  readonly calendar: CalendarTable;
  /** what was imputed or marked, for the quality report */
  readonly issues: readonly QualityIssue[];
}
