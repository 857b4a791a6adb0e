import { LoadcastError } from '../core/errors.js';
import type { Place } from '../core/history.js';
import { dayMs, hourMs, localWallClock } from '../core/time.js';
import type { CalendarTable } from './feature-table.js';
import { holidaysOfYear } from './holidays.js';

/** 40 years of hours: more is a mistaken date. */
const maximumHours = 40 * 8766;

/**
 * Local calendar of an hour grid. It is known for all time: build it once, then `sliceCalendar`.
 * @param startMs start of the first hour, UTC ms
 * @param length hours
 * @throws {LoadcastError} INVALID_INPUT for an unknown zone or holiday region, or more than 40 years
 */
export function buildCalendar(place: Place, startMs: number, length: number): CalendarTable {
  if (!Number.isFinite(startMs) || !Number.isInteger(length) || length < 0 || length > maximumHours)
    throw new LoadcastError(
      'INVALID_INPUT',
      `A calendar of ${length} h from ${startMs} ms cannot be built; at most ${maximumHours} h are.`,
    );
  const localMs = localWallClock(place.zone, startMs, hourMs, length);
  const calendar = {
    startMs,
    length,
    localMs,
    hour: new Uint8Array(length),
    weekday: new Uint8Array(length),
    dayOfYear: new Uint16Array(length),
    holiday: new Uint8Array(length),
    dayBeforeHoliday: new Uint8Array(length),
    dayAfterHoliday: new Uint8Array(length),
    yearEnd: new Uint8Array(length),
  };
  const holidays = indexHolidays(place.holidayRegion, localMs);
  let day = Number.NaN;
  let facts = factsOfDay(0, holidays);
  for (let i = 0; i < length; i++) {
    const local = localMs[i]!;
    const today = Math.floor(local / dayMs);
    if (today !== day) facts = factsOfDay((day = today), holidays);
    calendar.hour[i] = Math.floor((local - today * dayMs) / hourMs);
    calendar.weekday[i] = facts.weekday;
    calendar.dayOfYear[i] = facts.dayOfYear;
    calendar.holiday[i] = facts.spans.some(
      (span) => local >= span.startLocalMs && local < span.endLocalMs,
    )
      ? 1
      : 0;
    calendar.dayBeforeHoliday[i] = facts.dayBefore;
    calendar.dayAfterHoliday[i] = facts.dayAfter;
    calendar.yearEnd[i] = facts.yearEnd;
  }
  return calendar;
}

/**
 * Rows `[fromIndex, toIndex)` of a calendar; shares its memory.
 * @throws {RangeError} if the rows lie outside
 */
export function sliceCalendar(
  calendar: CalendarTable,
  fromIndex: number,
  toIndex: number,
): CalendarTable {
  if (fromIndex < 0 || toIndex > calendar.length || fromIndex > toIndex)
    throw new RangeError(`Rows ${fromIndex}–${toIndex} of a calendar of ${calendar.length} rows`);
  return {
    startMs: calendar.startMs + fromIndex * hourMs,
    length: toIndex - fromIndex,
    localMs: calendar.localMs.subarray(fromIndex, toIndex),
    hour: calendar.hour.subarray(fromIndex, toIndex),
    weekday: calendar.weekday.subarray(fromIndex, toIndex),
    dayOfYear: calendar.dayOfYear.subarray(fromIndex, toIndex),
    holiday: calendar.holiday.subarray(fromIndex, toIndex),
    dayBeforeHoliday: calendar.dayBeforeHoliday.subarray(fromIndex, toIndex),
    dayAfterHoliday: calendar.dayAfterHoliday.subarray(fromIndex, toIndex),
    yearEnd: calendar.yearEnd.subarray(fromIndex, toIndex),
  };
}

/**
 * Row of the same local wall clock `days` days before (after, if negative). Of a doubled hour the one with the nearer
 * offset; for a skipped hour the one that took its place.
 * @returns the row, or −1 outside the table
 */
export function rowDaysBefore(calendar: CalendarTable, row: number, days: number): number {
  const elapsed = row - 24 * days;
  if (elapsed < 0 || elapsed >= calendar.length) return -1;
  const gained = (calendar.localMs[row]! - calendar.localMs[elapsed]! - days * dayMs) / hourMs;
  const target = elapsed + Math.round(gained);
  return target < 0 || target >= calendar.length ? -1 : target;
}

type HolidayIndex = ReadonlyMap<number, readonly { startLocalMs: number; endLocalMs: number }[]>;

/** Spans by the local day numbers that they touch. */
function indexHolidays(region: string | null, localMs: Float64Array): HolidayIndex {
  const index = new Map<number, { startLocalMs: number; endLocalMs: number }[]>();
  if (region === null || localMs.length === 0) return index;
  const from = yearOf(localMs[0]! - dayMs) - 1; // a span may begin in the year before
  const to = yearOf(localMs.at(-1)! + dayMs);
  for (let year = from; year <= to; year++)
    for (const span of holidaysOfYear(region, year))
      for (let day = Math.floor(span.startLocalMs / dayMs); day * dayMs < span.endLocalMs; day++) {
        const spans = index.get(day) ?? [];
        spans.push(span);
        index.set(day, spans);
      }
  return index;
}

function yearOf(localMs: number): number {
  return new Date(localMs).getUTCFullYear();
}

function factsOfDay(day: number, holidays: HolidayIndex) {
  const date = new Date(day * dayMs);
  const [month, dayOfMonth] = [date.getUTCMonth() + 1, date.getUTCDate()];
  const spans = holidays.get(day) ?? [];
  const ordinary = spans.length === 0;
  return {
    weekday: (((day + 3) % 7) + 7) % 7, // 1970-01-01 was a Thursday
    dayOfYear: day - Date.UTC(date.getUTCFullYear(), 0, 1) / dayMs + 1,
    spans,
    // The eve and the morrow of a holiday are ordinary days themselves.
    dayBefore: ordinary && holidays.has(day + 1) ? 1 : 0,
    dayAfter: ordinary && holidays.has(day - 1) ? 1 : 0,
    yearEnd: (month === 12 && dayOfMonth >= 24) || (month === 1 && dayOfMonth <= 5) ? 1 : 0,
  };
}
