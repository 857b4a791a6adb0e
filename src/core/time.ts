import { DateTime, IANAZone } from 'luxon';
import { LoadcastError } from './errors.js';

/** The only module that turns instants into local calendar time and back. Instants are UTC milliseconds. */

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Half-open interval `[startMs, endMs)`. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

export function contains(interval: Interval, instantMs: number): boolean {
  return instantMs >= interval.startMs && instantMs < interval.endMs;
}

/** `YYYY-MM-DDTHH:MM:SSZ`, without milliseconds. */
export function isoUtc(instantMs: number): string {
  return `${new Date(instantMs).toISOString().slice(0, 19)}Z`;
}

/** Zones that were found valid: asking costs as much as a hundred conversions. */
const knownZones = new Set<string>();

/** @throws {LoadcastError} INVALID_INPUT if the zone is not in the IANA database */
export function assertZone(zone: string): void {
  if (knownZones.has(zone)) return;
  if (!IANAZone.isValidZone(zone))
    throw new LoadcastError(
      'INVALID_INPUT',
      `"${zone}" is not an IANA time zone; write one like Europe/Paris or America/New_York.`,
    );
  knownZones.add(zone);
}

/** Local wall clock as `2014-12-29 00:00`. */
export function localClock(instantMs: number, zone: string): string {
  return DateTime.fromMillis(instantMs, { zone }).toFormat('yyyy-MM-dd HH:mm');
}

/** Local date as `2014-12-29`. */
export function localDate(instantMs: number, zone: string): string {
  return DateTime.fromMillis(instantMs, { zone }).toFormat('yyyy-MM-dd');
}

/**
 * Instants of one wall-clock time on every local day from `fromDate` to `toDate`, both inclusive.
 * A time that the clock skips is moved to the first instant after the gap, a doubled one is the first of the two;
 * `00:00` is always the first instant of the local day.
 * @param time `HH:MM`
 * @throws {LoadcastError} INVALID_INPUT if a date or the time cannot be read
 */
export function localInstants(
  zone: string,
  fromDate: string,
  toDate: string,
  time = '00:00',
): number[] {
  assertZone(zone);
  const clock = /^(\d{2}):(\d{2})$/.exec(time);
  if (!clock) throw new LoadcastError('INVALID_INPUT', `"${time}" is not a time; write HH:MM.`);
  const [hour, minute] = [Number(clock[1]), Number(clock[2])];
  if (hour > 23 || minute > 59)
    throw new LoadcastError('INVALID_INPUT', `"${time}" is not a time between 00:00 and 23:59.`);
  const instants: number[] = [];
  for (let day = checkedDay(fromDate); day <= checkedDay(toDate); day++) {
    const instantMs = firstInstantAt(zone, day * dayMs + hour * hourMs + minute * 60_000);
    // A day that the zone left out, when it moved across the date line, has no instant.
    if (localDay(instantMs, zone) === day) instants.push(instantMs);
  }
  return instants;
}

/** The first instant of the local day that contains `instantMs`. */
export function startOfLocalDay(instantMs: number, zone: string): number {
  return plusLocalDays(instantMs, zone, 0);
}

/** The first instant of the local day `days` after the one that contains `instantMs`. */
export function plusLocalDays(instantMs: number, zone: string, days: number): number {
  return firstInstantAt(zone, (localDay(instantMs, zone) + days) * dayMs);
}

/**
 * Local wall clock of every step of a regular grid, written as if it were UTC: `Math.floor(x / dayMs)` is the local
 * day number, `x % dayMs` the local time of day.
 * @returns shape (length,), milliseconds
 */
export function localWallClock(
  zone: string,
  startMs: number,
  stepMs: number,
  length: number,
): Float64Array {
  assertZone(zone);
  const offsets = IANAZone.create(zone);
  const offsetMs = (step: number): number => offsets.offset(startMs + step * stepMs) * 60_000;
  const local = new Float64Array(length);
  // Asking for an offset is slow. Both ends of two weeks agree where there is no change: zones change their offset at
  // most once in that time, save for a Ramadan pause that is longer. Else the halves are asked.
  const fill = (from: number, to: number): void => {
    const first = offsetMs(from);
    if (first === offsetMs(to - 1)) {
      for (let step = from; step < to; step++) local[step] = startMs + step * stepMs + first;
      return;
    }
    const middle = (from + to) >> 1;
    fill(from, middle);
    fill(middle, to);
  };
  const block = Math.max(1, Math.round((14 * dayMs) / stepMs));
  for (let from = 0; from < length; from += block) fill(from, Math.min(length, from + block));
  return local;
}

/** The instant with the same local wall clock `days` earlier (an hour off where the clock skipped that time). */
export function sameClockEarlier(instantMs: number, zone: string, days: number): number {
  const offsets = IANAZone.create(zone);
  const earlierMs = instantMs - days * dayMs;
  return earlierMs + (offsets.offset(instantMs) - offsets.offset(earlierMs)) * 60_000;
}

/**
 * Where the hours of a zone begin within the UTC hour: 0 for most, 30 min for India or Adelaide. Hour grids start
 * there, so that an hour of the grid is an hour of the local clock.
 */
export function hourPhaseMs(zone: string, instantMs: number): number {
  const offsetMs = IANAZone.create(zone).offset(instantMs) * 60_000;
  return ((-offsetMs % hourMs) + hourMs) % hourMs;
}

/** Whether an instant is the start of an hour of the grid that `gridStartMs` lies on. */
export function isOnGrid(instantMs: number, gridStartMs: number): boolean {
  return (instantMs - gridStartMs) % hourMs === 0;
}

/** Day number (days since 1970-01-01) of a `YYYY-MM-DD` date, comparable with `localWallClock`. */
export function dayNumber(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMs);
}

/** @throws {LoadcastError} INVALID_INPUT if `date` is no day of the calendar */
function checkedDay(date: string): number {
  const valid = /^\d{4}-\d{2}-\d{2}$/.test(date) && DateTime.fromISO(date, { zone: 'UTC' }).isValid;
  if (!valid)
    throw new LoadcastError('INVALID_INPUT', `"${date}" is not a date; write YYYY-MM-DD.`);
  return dayNumber(date);
}

function localDay(instantMs: number, zone: string): number {
  return Math.floor((instantMs + IANAZone.create(zone).offset(instantMs) * 60_000) / dayMs);
}

/**
 * The first instant whose wall clock shows `localMs`, or the first one after the gap where the clock skips it. luxon
 * takes either side of a doubled time (Havana's midnight in autumn), and as far after a gap as the time lay inside it.
 */
function firstInstantAt(zone: string, localMs: number): number {
  const offsets = IANAZone.create(zone);
  const offsetMs = (instantMs: number): number => offsets.offset(instantMs) * 60_000;
  const candidates = [
    localMs - offsetMs(localMs - 2 * dayMs),
    localMs - offsetMs(localMs + 2 * dayMs),
  ];
  const earliest = Math.min(...candidates);
  const shown = [earliest, Math.max(...candidates)].find(
    (instantMs) => instantMs + offsetMs(instantMs) === localMs,
  );
  if (shown !== undefined) return shown;
  let instantMs = earliest;
  while (instantMs + offsetMs(instantMs) < localMs) instantMs += 60_000;
  return instantMs;
}
