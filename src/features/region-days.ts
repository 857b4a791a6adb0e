import type { CalendarDays } from '../core/calendar-entry.js';
import { dayMs, hourMs, localWallClock } from '../core/time.js';
import { isWithin } from './holiday-regions.js';
import { holidaysOfYear, workingDaysOfYear, type HolidaySpan } from './holidays.js';

/** A holiday of a region, or of a share of it. */
export interface SharedHoliday extends HolidaySpan {
  /** 0–1 */
  readonly share: number;
}

/** What the days of one region are, by local day number. */
export interface RegionDays {
  /** holidays that touch a day, those that have been added first, then those of its own year */
  holidaysOf(day: number): readonly SharedHoliday[];
  /** whether a day is worked by decree or by what has been added: such a day of a weekend is none */
  isWorked(day: number): boolean;
}

/**
 * The holidays and moved working days of one region, with what has been added: a working day that was added takes the
 * holidays of its date, a holiday that was added takes the working day of its own.
 * @param region null = none, but for what has been added
 * @param span local wall clock as if UTC, ms; a day to either side is known too
 * @throws {LoadcastError} INVALID_INPUT if the region is unknown
 */
export function regionDays(
  region: string | null,
  zone: string,
  entries: readonly CalendarDays[],
  span: { readonly startLocalMs: number; readonly endLocalMs: number },
): RegionDays {
  const holidays = new Map<number, SharedHoliday[]>();
  const worked = new Set<number>();
  const own = entries.filter((entry) => isWithin(region, entry.region));
  const added = spansOf(own, 'holiday', zone);
  for (const holiday of added) addTo(holidays, holiday);
  if (region !== null) {
    // A holiday may begin in the year before.
    const first = yearOf(span.startLocalMs - dayMs) - 1;
    for (let year = yearOf(span.endLocalMs + dayMs); year >= first; year--) {
      for (const holiday of holidaysOfYear(region, year)) addTo(holidays, { ...holiday, share: 1 });
      for (const day of workingDaysOfYear(region, year)) worked.add(day);
    }
  }
  for (const { startLocalMs, endLocalMs } of spansOf(own, 'working-day', zone))
    for (const day of daysOf(startLocalMs, endLocalMs)) {
      worked.add(day);
      holidays.delete(day);
    }
  for (const holiday of added)
    for (const day of daysOf(holiday.startLocalMs, holiday.endLocalMs)) {
      worked.delete(day);
      if (!holidays.get(day)?.includes(holiday)) addTo(holidays, holiday, day);
    }
  return {
    holidaysOf: (day) => holidays.get(day) ?? [],
    isWorked: (day) => worked.has(day),
  };
}

/** The largest share of a day's holidays that hold at a time, or at any time of it. */
export function holidayShare(holidays: readonly SharedHoliday[], localMs?: number): number {
  let most = 0;
  for (const { startLocalMs, endLocalMs, share } of holidays)
    if (localMs === undefined || (localMs >= startLocalMs && localMs < endLocalMs))
      most = Math.max(most, share);
  return most;
}

function addTo(
  holidays: Map<number, SharedHoliday[]>,
  holiday: SharedHoliday,
  only?: number,
): void {
  for (const day of only === undefined
    ? daysOf(holiday.startLocalMs, holiday.endLocalMs)
    : [only]) {
    const ofDay = holidays.get(day) ?? [];
    ofDay.push(holiday);
    holidays.set(day, ofDay);
  }
}

/** Entries of a kind in local wall clock. */
function spansOf(
  entries: readonly CalendarDays[],
  kind: CalendarDays['kind'],
  zone: string,
): SharedHoliday[] {
  const local = (instantMs: number): number => localWallClock(zone, instantMs, hourMs, 1)[0]!;
  return entries
    .filter((entry) => entry.kind === kind)
    .map(({ name, share, startMs, endMs }) => ({
      name,
      share,
      startLocalMs: local(startMs),
      endLocalMs: local(endMs),
    }));
}

function daysOf(startLocalMs: number, endLocalMs: number): number[] {
  const days: number[] = [];
  for (let day = Math.floor(startLocalMs / dayMs); day * dayMs < endLocalMs; day++) days.push(day);
  return days;
}

function yearOf(localMs: number): number {
  return new Date(localMs).getUTCFullYear();
}
