import { dayMs, localClock, plusLocalDays, startOfLocalDay } from '../core/time.js';

/** Instants as a reader in the series' own zone would write them. */

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const months = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const;

/** `Mon 29 Dec` */
export function dayLabel(instantMs: number, zone: string): string {
  return dayOf(wallClock(instantMs, zone));
}

/** `Mon 29` */
export function shortDayLabel(instantMs: number, zone: string): string {
  const local = wallClock(instantMs, zone);
  return `${weekdays[local.getUTCDay()]} ${local.getUTCDate()}`;
}

/** `Mon 29 Dec 2014` */
export function dateLabel(instantMs: number, zone: string): string {
  const local = wallClock(instantMs, zone);
  return `${dayOf(local)} ${local.getUTCFullYear()}`;
}

/** `14:00`; with the offset, `02:00 UTC+11`, on days whose clock changes, so that a doubled hour can be told apart. */
export function clockLabel(instantMs: number, zone: string): string {
  return clockOf(wallClock(instantMs, zone), instantMs, zone);
}

/** `Mon 29 Dec 14:00` */
export function timeLabel(instantMs: number, zone: string): string {
  const local = wallClock(instantMs, zone);
  return `${dayOf(local)} ${clockOf(local, instantMs, zone)}`;
}

/** `Mon 29 Dec 2014 14:00` */
export function stampLabel(instantMs: number, zone: string): string {
  return `${dateLabel(instantMs, zone)} ${clockLabel(instantMs, zone)}`;
}

/** `UTC+11`, `UTC−03:30`, `UTC` */
export function offsetLabel(instantMs: number, zone: string): string {
  const minutes = Math.round((wallClock(instantMs, zone).getTime() - instantMs) / 60_000);
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`;
  const hours =
    rest === '' ? Math.floor(size / 60) : String(Math.floor(size / 60)).padStart(2, '0');
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest}`;
}

/** True if the local day of this instant has 23 or 25 hours. */
export function isClockChangeDay(instantMs: number, zone: string): boolean {
  return plusLocalDays(instantMs, zone, 1) - startOfLocalDay(instantMs, zone) !== dayMs;
}

/** The local days that `[startMs, endMs)` touches, cut to it. */
export function localDays(
  startMs: number,
  endMs: number,
  zone: string,
): { startMs: number; endMs: number; whole: boolean }[] {
  const days: { startMs: number; endMs: number; whole: boolean }[] = [];
  for (let from = startMs; from < endMs;) {
    const next = plusLocalDays(from, zone, 1);
    const whole = from === startOfLocalDay(from, zone) && next <= endMs;
    days.push({ startMs: from, endMs: Math.min(next, endMs), whole });
    from = next;
  }
  return days;
}

function dayOf(local: Date): string {
  return `${weekdays[local.getUTCDay()]} ${local.getUTCDate()} ${months[local.getUTCMonth()]}`;
}

function clockOf(local: Date, instantMs: number, zone: string): string {
  const clock = local.toISOString().slice(11, 16);
  return isClockChangeDay(instantMs, zone) ? `${clock} ${offsetLabel(instantMs, zone)}` : clock;
}

/** The local wall clock to the minute, read as if it were UTC. */
function wallClock(instantMs: number, zone: string): Date {
  return new Date(`${localClock(instantMs, zone).replace(' ', 'T')}Z`);
}
