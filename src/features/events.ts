import { isLoadEvent, type CalendarEntry, type LoadEvent } from '../core/calendar-entry.js';
import type { History, Place } from '../core/history.js';
import { coveredHours } from './entry-columns.js';

/** The events in a series' calendar. */
export function eventsOf(place: Place): readonly LoadEvent[] {
  return (place.entries ?? []).filter(isLoadEvent);
}

/**
 * Change of the load by the events whose effect is known. Events at the same time add up; an hour that one covers in
 * part has that part of it.
 * @param startMs start of the first hour, UTC ms
 * @returns shape (length,), MW; 0 in hours without
 */
export function eventEffect(
  events: readonly LoadEvent[],
  startMs: number,
  length: number,
): Float64Array {
  const effectMw = new Float64Array(length);
  for (const event of events)
    for (const [row, part] of coveredHours(event, startMs, length))
      effectMw[row]! += part * (event.effectMw ?? 0);
  return effectMw;
}

/**
 * Hours whose load says nothing of an ordinary day.
 * @returns shape (length,), 1 where an event is to be masked
 */
export function maskedHours(
  events: readonly LoadEvent[],
  startMs: number,
  length: number,
): Uint8Array {
  const masked = new Uint8Array(length);
  for (const event of events.filter((each) => each.masked))
    for (const [row] of coveredHours(event, startMs, length)) masked[row] = 1;
  return masked;
}

/**
 * The history as it would have been without the events in its calendar, and without them: effects that are known are
 * taken off the load, hours that are masked have none. Members, weights and bands learn from this one.
 * @returns the history itself where its calendar has no event
 */
export function undisturbedHistory(history: History): History {
  const events = eventsOf(history.place);
  if (events.length === 0) return history;
  const { startMs, values } = history.load;
  const effectMw = eventEffect(
    events.filter((event) => !event.masked),
    startMs,
    values.length,
  );
  const masked = maskedHours(events, startMs, values.length);
  return {
    ...history,
    place: { ...history.place, entries: daysOf(history.place.entries ?? []) },
    load: {
      startMs,
      values: values.map((mw, row) => (masked[row] === 1 ? Number.NaN : mw - effectMw[row]!)),
    },
  };
}

function daysOf(entries: readonly CalendarEntry[]): readonly CalendarEntry[] {
  return entries.filter((entry) => !isLoadEvent(entry));
}
