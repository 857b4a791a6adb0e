import { isLoadEvent } from '../core/calendar-entry.js';
import { LoadcastError } from '../core/errors.js';
import type { Place } from '../core/history.js';
import { dayMs, hourMs, localWallClock } from '../core/time.js';
import { entryColumn } from './entry-columns.js';
import type { CalendarTable } from './feature-table.js';
import { parseHolidayRegions, weightedShare, type RegionShare } from './holiday-regions.js';
import { holidayShare, regionDays, type RegionDays } from './region-days.js';

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
  const regions = parseHolidayRegions(place.holidayRegion);
  const entries = (place.entries ?? []).filter((entry) => !isLoadEvent(entry));
  const added = (kind: 'bridge' | 'school' | 'shutdown'): Float64Array =>
    entryColumn(kind, entries, regions, startMs, length);
  const calendar = {
    startMs,
    length,
    localMs,
    hour: new Uint8Array(length),
    weekday: new Uint8Array(length),
    workWeekday: new Uint8Array(length),
    dayOfYear: new Uint16Array(length),
    holiday: new Float64Array(length),
    dayBeforeHoliday: new Float64Array(length),
    dayAfterHoliday: new Float64Array(length),
    yearEnd: new Uint8Array(length),
    bridge: added('bridge'),
    school: added('school'),
    shutdown: added('shutdown'),
  };
  if (length === 0) return calendar;
  const span = { startLocalMs: localMs[0]!, endLocalMs: localMs.at(-1)! };
  const days = regions.map(({ region }) => regionDays(region, place.zone, entries, span));
  let day = Number.NaN;
  let facts = factsOfDay(0, regions, days);
  for (let i = 0; i < length; i++) {
    const local = localMs[i]!;
    const today = Math.floor(local / dayMs);
    if (today !== day) facts = factsOfDay((day = today), regions, days);
    calendar.hour[i] = Math.floor((local - today * dayMs) / hourMs);
    calendar.weekday[i] = facts.weekday;
    calendar.workWeekday[i] = facts.workWeekday;
    calendar.dayOfYear[i] = facts.dayOfYear;
    calendar.holiday[i] = facts.holidayAt(local);
    calendar.dayBeforeHoliday[i] = facts.dayBefore;
    calendar.dayAfterHoliday[i] = facts.dayAfter;
    calendar.yearEnd[i] = facts.yearEnd;
    calendar.bridge[i] = Math.max(calendar.bridge[i]!, facts.bridge);
  }
  return calendar;
}

/** Rows of a calendar that is known already, or built where it does not cover them. */
export function calendarFor(
  place: Place,
  startMs: number,
  length: number,
  known?: CalendarTable,
): CalendarTable {
  const from = known ? Math.round((startMs - known.startMs) / hourMs) : -1;
  return known && from >= 0 && from + length <= known.length
    ? sliceCalendar(known, from, from + length)
    : buildCalendar(place, startMs, length);
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
    workWeekday: calendar.workWeekday.subarray(fromIndex, toIndex),
    dayOfYear: calendar.dayOfYear.subarray(fromIndex, toIndex),
    holiday: calendar.holiday.subarray(fromIndex, toIndex),
    dayBeforeHoliday: calendar.dayBeforeHoliday.subarray(fromIndex, toIndex),
    dayAfterHoliday: calendar.dayAfterHoliday.subarray(fromIndex, toIndex),
    yearEnd: calendar.yearEnd.subarray(fromIndex, toIndex),
    bridge: calendar.bridge.subarray(fromIndex, toIndex),
    school: calendar.school.subarray(fromIndex, toIndex),
    shutdown: calendar.shutdown.subarray(fromIndex, toIndex),
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

/** Monday, Friday, Saturday, Sunday. */
const [monday, friday, saturday, sunday] = [0, 4, 5, 6];

function factsOfDay(day: number, regions: readonly RegionShare[], days: readonly RegionDays[]) {
  const date = new Date(day * dayMs);
  const [month, dayOfMonth] = [date.getUTCMonth() + 1, date.getUTCDate()];
  const weekday = weekdayOf(day);
  const share = (of: (region: RegionDays) => number): number =>
    weightedShare(regions, days.map(of));
  // The eve and the morrow of a holiday are ordinary days themselves.
  const beside = (other: number): number =>
    share((region) =>
      region.holidaysOf(day).length > 0 ? 0 : holidayShare(region.holidaysOf(other)),
    );
  const holidays = days.map((region) => region.holidaysOf(day));
  const ordinary = holidays.every((ofRegion) => ofRegion.length === 0);
  return {
    weekday,
    workWeekday:
      share((region) => (region.isWorked(day) ? 1 : 0)) > 0.5 ? workWeekdayOf(weekday) : weekday,
    dayOfYear: day - Date.UTC(date.getUTCFullYear(), 0, 1) / dayMs + 1,
    holidayAt: (localMs: number): number =>
      ordinary
        ? 0
        : weightedShare(
            regions,
            holidays.map((ofRegion) => holidayShare(ofRegion, localMs)),
          ),
    dayBefore: beside(day + 1),
    dayAfter: beside(day - 1),
    bridge: share((region) => bridgeShare(day, region)),
    yearEnd: (month === 12 && dayOfMonth >= 24) || (month === 1 && dayOfMonth <= 5) ? 1 : 0,
  };
}

/** Share of a region for which a working day stands alone between a holiday and a weekend, or between two holidays. */
function bridgeShare(day: number, region: RegionDays): number {
  const isOff = (other: number): boolean =>
    region.holidaysOf(other).length > 0 ||
    (weekdayOf(other) >= saturday && !region.isWorked(other));
  if (isOff(day) || region.isWorked(day) || !isOff(day - 1) || !isOff(day + 1)) return 0;
  return Math.max(
    holidayShare(region.holidaysOf(day - 1)),
    holidayShare(region.holidaysOf(day + 1)),
  );
}

/** 0 = Monday; 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** A Saturday that is worked is like a Friday, a Sunday like a Monday. */
function workWeekdayOf(weekday: number): number {
  if (weekday === saturday) return friday;
  return weekday === sunday ? monday : weekday;
}
