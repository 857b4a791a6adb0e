import { isLoadEvent, type CalendarEntry } from '../core/calendar-entry.js';
import { isoUtc, localClock } from '../core/time.js';
import type { SpecialDay } from '../features/special-days.js';
import type { CalendarRecord } from '../store/store.js';
import { rounded } from './print-accuracy.js';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `2026-12-24 Thu  holiday      Heiliger Abend, from 14:00`. */
export function describeDay({ date, kind, names, share, fromHour, toHour }: SpecialDay): string {
  const parts = [
    names.join(' / '),
    ...(fromHour > 0 ? [`from ${clock(fromHour)}`] : []),
    ...(toHour < 24 ? [`until ${clock(toHour)}`] : []),
    ...(share < 1 ? [`${rounded(100 * share, 0)} % of the area`] : []),
  ].filter((part) => part !== '');
  const weekday = weekdays[new Date(date).getUTCDay()] ?? '';
  return `${date} ${weekday}  ${kind.padEnd(11)}  ${parts.join(', ')}`.trimEnd();
}

/** `#12  2026-07-06 00:00 to 2026-08-17 00:00  school  Summer`, and who added it. */
export function describeRecord(
  { id, entry, source, author, createdAtMs }: CalendarRecord,
  zone: string,
): string {
  const span = `${localClock(entry.startMs, zone)} to ${localClock(entry.endMs, zone)}`;
  const parts = [entry.name, ...effectOf(entry)];
  return `#${id}  ${span}  ${entry.kind}  ${parts.join(', ')}  (${source}, ${author}, ${isoUtc(createdAtMs)})`;
}

export function recordJson({
  entry,
  createdAtMs,
  withdrawnAtMs,
  ...record
}: CalendarRecord): object {
  const { startMs, endMs, ...rest } = entry;
  return {
    ...record,
    ...rest,
    start: isoUtc(startMs),
    end: isoUtc(endMs),
    createdAt: isoUtc(createdAtMs),
    withdrawnAt: withdrawnAtMs === null ? null : isoUtc(withdrawnAtMs),
  };
}

function effectOf(entry: CalendarEntry): string[] {
  if (!isLoadEvent(entry))
    return [
      ...(entry.region === null ? [] : [entry.region]),
      ...(entry.share < 1 ? [`${rounded(100 * entry.share, 0)} %`] : []),
    ];
  return [
    entry.effectMw === null ? 'MW unknown' : `${entry.effectMw} MW`,
    ...(entry.masked ? ['past loads left out'] : []),
  ];
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
