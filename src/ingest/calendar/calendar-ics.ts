import path from 'node:path';
import ICAL from 'ical.js';
import { entryProblem, isDayKind, type CalendarEntry } from '../../core/calendar-entry.js';
import { LoadcastError, messageOf } from '../../core/errors.js';
import { hourMs } from '../../core/time.js';
import { createInstantsOf } from '../local-stamps.js';
import { readText } from '../sources/text-file.js';
import {
  mostBytes,
  mostEntries,
  type CalendarFile,
  type CalendarFileOptions,
  type RejectedEntry,
} from './calendar-file.js';

/**
 * The events of an iCal file, those that recur one by one. Days are local days of the series; of a time the file's own
 * zone counts, and without one that of the series.
 * @see RFC 5545; DTEND is exclusive
 */
export async function readCalendarIcs(
  file: string,
  options: CalendarFileOptions,
): Promise<CalendarFile> {
  const source = path.basename(file);
  const events = eventsOf(source, await textOf(file, source));
  const entries: CalendarEntry[] = [];
  const rejected: RejectedEntry[] = [];
  for (const event of events) {
    // What stands in for one occurrence is read with the event that recurs.
    if (event.isRecurrenceException() || isCancelled(event)) continue;
    try {
      const occurrences = [...occurrencesOf(event, options)];
      entries.push(...occurrences.map((occurrence) => entryOf(occurrence, options)));
    } catch (error) {
      rejected.push({ line: null, reason: `"${nameOf(event)}": ${messageOf(error)}` });
    }
    if (entries.length > mostEntries)
      throw new LoadcastError(
        'INVALID_INPUT',
        `"${source}" has more than ${mostEntries} events, recurring ones counted one by one.`,
      );
  }
  return { source, entries, rejected };
}

async function textOf(file: string, source: string): Promise<string> {
  try {
    let text = '';
    for await (const chunk of readText(file, 'utf-8', mostBytes)) text += chunk;
    return text;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new LoadcastError('UNREADABLE_FILE', `"${source}" is no text in UTF-8.`, {
      cause: error,
    });
  }
}

function eventsOf(source: string, text: string): ICAL.Event[] {
  try {
    const parsed = ICAL.Component.fromString(text);
    if (parsed.name !== 'vcalendar') throw new Error(`it begins with ${parsed.name}`);
    return parsed.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component));
  } catch (error) {
    throw new LoadcastError(
      'UNREADABLE_FILE',
      `"${source}" is no iCal file: ${messageOf(error).slice(0, 200)}.`,
      { cause: error },
    );
  }
}

interface Occurrence {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

function* occurrencesOf(
  event: ICAL.Event,
  { zone, window }: CalendarFileOptions,
): Generator<Occurrence> {
  const start = event.component.getFirstProperty('dtstart');
  if (!start) throw new Error('it has no begin');
  const written = start.getFirstParameter('tzid');
  const instant = (time: ICAL.Time): number => instantOf(time, written, zone);
  if (!event.isRecurring()) {
    yield {
      name: nameOf(event),
      startMs: instant(event.startDate),
      endMs: instant(event.endDate),
    };
    return;
  }
  const times = event.iterator();
  for (let count = 0; count < mostOccurrences; count++) {
    const time = times.next();
    if (!time) return;
    const { item, startDate, endDate } = event.getOccurrenceDetails(time);
    const startMs = instant(startDate);
    if (startMs >= window.endMs) return;
    const endMs = instant(endDate);
    if (endMs > window.startMs && !isCancelled(item)) yield { name: nameOf(item), startMs, endMs };
  }
}

/** of one event, from its very first: an event each hour for years is a mistake */
const mostOccurrences = 20_000;

/**
 * @param written the zone that the event names; where the file defines it, `time` knows its offset already
 * @param zone of the series
 */
function instantOf(time: ICAL.Time, written: string | undefined, zone: string): number {
  const floating = time.zone === ICAL.Timezone.localTimezone;
  if (!floating && !time.isDate) return time.toUnixTime() * 1000;
  const clockMs = Date.UTC(
    time.year,
    time.month - 1,
    time.day,
    time.hour,
    time.minute,
    time.second,
  );
  const instantsOf = createInstantsOf(time.isDate || written === undefined ? zone : written);
  // Of a doubled time the first, as the standard has it; a skipped one begins where the clock goes on.
  return instantsOf(clockMs)[0] ?? instantsOf(clockMs + hourMs)[0] ?? Number.NaN;
}

function entryOf(
  occurrence: Occurrence,
  { kind = 'school', region }: CalendarFileOptions,
): CalendarEntry {
  const entry: CalendarEntry = isDayKind(kind)
    ? { kind, ...occurrence, region: region?.toUpperCase() ?? null, share: 1 }
    : { kind, ...occurrence, effectMw: null, masked: true };
  const problem = entryProblem(entry);
  if (problem !== null) throw new Error(problem);
  return entry;
}

function nameOf(event: ICAL.Event): string {
  const summary = (event.summary ?? '').trim().slice(0, 200);
  return summary === '' ? 'without a name' : summary;
}

function isCancelled(event: ICAL.Event): boolean {
  return event.component.getFirstPropertyValue('status') === 'CANCELLED';
}
