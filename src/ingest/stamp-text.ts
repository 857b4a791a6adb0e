import { LoadcastError } from '../core/errors.js';
import { dayMs } from '../core/time.js';

/** Which comes first in dates such as 03/04/2024. */
export type DateOrder = 'dmy' | 'mdy';

/** A time as it is written. */
export interface Stamp {
  /** the clock that was written, as if it were UTC, ms */
  readonly clockMs: number;
  /** offset that was written, ms; null for a clock without one */
  readonly offsetMs: number | null;
  /** true for 24:00, which only an interval's end is called */
  readonly endOfDay: boolean;
}

const clock = String.raw`(?:[T ]\s*(\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?(?:\s*([AP])\.?M\.?)?)?`;
const offset = String.raw`\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?`;
const yearFirst = new RegExp(
  String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${clock}${offset}$`,
  'i',
);
const yearLast = new RegExp(
  String.raw`^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})${clock}${offset}$`,
  'i',
);
const compact = /^((?:19|20)\d{2})(\d{2})(\d{2})(?:[T ]?(\d{2})(?:(\d{2})(\d{2})?)?)?(Z)?$/i;
const epoch = /^(\d{9,10}|\d{12,13})(?:\.0*)?$/;

/**
 * Reads one stamp: ISO 8601 with or without an offset, `dd.mm.yyyy`, `dd/mm/yyyy` or `mm/dd/yyyy` with a clock,
 * `yyyymmddHHMM`, seconds or milliseconds since 1970. Of an interval `from - to` the first stamp counts.
 * @param order for dates that do not begin with the year
 * @returns null if it is none of them or no such date or time exists
 */
export function parseStamp(text: string, order: DateOrder): Stamp | null {
  const iso = yearFirst.exec(text);
  if (iso) return stampOf(iso[1], iso[2], iso[3], iso.slice(4));
  const local = yearLast.exec(text);
  if (local) {
    const [, first, sign, second, year] = local;
    const dayFirst = sign === '.' || order === 'dmy';
    const [day, month] = dayFirst ? [first, second] : [second, first];
    return stampOf(year?.length === 2 ? `20${year}` : year, month, day, local.slice(5));
  }
  const digits = compact.exec(text);
  if (digits) {
    const [, year, month, day, hour, minute, second, zone] = digits;
    const stamp = stampOf(year, month, day, [hour, minute, second, undefined, undefined, zone]);
    if (stamp) return stamp;
  }
  if (epoch.test(text)) return sinceEpoch(Number(text));
  const interval = / [-–] /.exec(text);
  return interval ? parseStamp(text.slice(0, interval.index).trim(), order) : null;
}

/** Looks at the stamps of a file for the order of day and month. */
export interface DateOrderSurvey {
  add(text: string): void;
  /**
   * Day or month first, found from dates that fit only one of them (a day above 12).
   * @throws {LoadcastError} INVALID_INPUT if all dates fit both, or some only the one and some only the other
   */
  order(): DateOrder;
}

export function surveyDateOrder(source: string): DateOrderSurvey {
  let ambiguous: string | null = null;
  let dayFirst: string | null = null;
  let monthFirst: string | null = null;
  return {
    add(text) {
      if (!mayBeYearLast(text)) return;
      const local = yearLast.exec(text);
      if (!local || local[2] === '.') return;
      const [first, second] = [Number(local[1]), Number(local[3])];
      if (first > 12 && second <= 12) dayFirst ??= text;
      else if (second > 12 && first <= 12) monthFirst ??= text;
      else ambiguous ??= text;
    },
    order() {
      if (dayFirst !== null && monthFirst !== null)
        throw new LoadcastError(
          'INVALID_INPUT',
          `${source} has dates with the day first ("${dayFirst}") and with the month first ("${monthFirst}"); write them alike.`,
        );
      if (ambiguous !== null && dayFirst === null && monthFirst === null)
        throw new LoadcastError(
          'INVALID_INPUT',
          `${source}: "${ambiguous}" may have the day or the month first, and no date tells; say --date-order dmy or mdy.`,
        );
      return monthFirst === null ? 'dmy' : 'mdy';
    },
  };
}

/** Cheaper than the pattern, as most stamps begin with the year. */
function mayBeYearLast(text: string): boolean {
  const isSign = (at: number): boolean => '-/.'.includes(text.charAt(at)) && at < text.length;
  return isSign(1) || isSign(2);
}

type Part = string | undefined;

/** @param rest hour, minute, second, fraction, A or P, offset */
function stampOf(year: Part, month: Part, day: Part, rest: readonly Part[]): Stamp | null {
  const [hourText, minute = '0', second = '0', fraction = '0', half, zone] = rest;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  let hour = Number(hourText ?? 0);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
  }
  const [min, sec] = [Number(minute), Number(second)];
  if (y < 1980 || y > 2100 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) return null;
  const endOfDay = hour === 24 && min === 0 && sec === 0;
  if ((hour > 23 && !endOfDay) || min > 59 || sec > 59) return null;
  const millisecond = Math.floor(Number(`0.${fraction}`) * 1_000);
  const offsetMs = zone === undefined ? null : offsetOf(zone);
  return { clockMs: Date.UTC(y, m - 1, d, hour, min, sec, millisecond), offsetMs, endOfDay };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function offsetOf(zone: string): number {
  const signed = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (!signed) return 0;
  const minutes = Number(signed[2]) * 60 + Number(signed[3] ?? 0);
  return (signed[1] === '-' ? -minutes : minutes) * 60_000;
}

const firstYearMs = Date.UTC(1980, 0, 1);
const lastYearMs = Date.UTC(2101, 0, 1) - dayMs;

/** Up to ten digits are seconds, more are milliseconds. */
function sinceEpoch(value: number): Stamp | null {
  const clockMs = value < 1e11 ? value * 1_000 : value;
  if (clockMs < firstYearMs || clockMs > lastYearMs) return null;
  return { clockMs, offsetMs: 0, endOfDay: false };
}
