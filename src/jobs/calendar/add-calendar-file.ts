import { isLoadEvent, type CalendarEntry } from '../../core/calendar-entry.js';
import { LoadcastError } from '../../core/errors.js';
import { dayMs } from '../../core/time.js';
import { isWithin, parseHolidayRegions } from '../../features/holiday-regions.js';
import type { CalendarFileOptions, RejectedEntry } from '../../ingest/calendar/calendar-file.js';
import { readCalendarFile } from '../../ingest/calendar/read-calendar-file.js';
import type { CalendarAddition, Series } from '../../store/store.js';
import type { JobServices } from '../job-services.js';

/** recurring events are expanded this far back and ahead: more history than any member reads, more future than is known */
const [pastDays, futureDays] = [10 * 366, 3 * 366];

export interface AddedFile {
  readonly source: string;
  readonly added: number;
  readonly unchanged: number;
  readonly rejected: readonly RejectedEntry[];
}

/**
 * Adds what a CSV or iCal file holds to the calendar of a series.
 * @throws {LoadcastError} as `readCalendarFile`; INVALID_INPUT if not one entry of the file can be used
 */
export async function addCalendarFile(
  { store, nowMs }: Pick<JobServices, 'store' | 'nowMs'>,
  series: Series,
  file: string,
  options: Pick<CalendarFileOptions, 'kind' | 'region'> &
    Pick<CalendarAddition, 'author' | 'reason'>,
): Promise<AddedFile> {
  const atMs = nowMs();
  const { author, reason, ...read } = options;
  const found = await readCalendarFile(file, {
    ...read,
    zone: series.place.zone,
    window: { startMs: atMs - pastDays * dayMs, endMs: atMs + futureDays * dayMs },
  });
  const entries = found.entries.filter((entry) => isOf(series, entry));
  const strange = found.entries.flatMap((entry) =>
    isOf(series, entry) || isLoadEvent(entry) ? [] : (entry.region ?? []),
  );
  const rejected: RejectedEntry[] = [
    ...found.rejected,
    ...[...new Set(strange)].map((region) => ({
      line: null,
      reason: `the region ${region} is none of "${series.name}", whose holidays are those of ${series.place.holidayRegion ?? 'no region'}`,
    })),
  ];
  const [first] = rejected;
  if (entries.length === 0) {
    const why = first
      ? `: ${first.line === null ? '' : `line ${first.line}: `}${first.reason}`
      : '';
    throw new LoadcastError(
      'INVALID_INPUT',
      `"${found.source}" has nothing for the calendar of "${series.name}"${why}.`,
    );
  }
  const counts = await store.addCalendarEntries(series.id, entries, {
    atMs,
    author,
    reason,
    source: found.source,
  });
  return { source: found.source, ...counts, rejected };
}

/** Whether an entry can hold in the series' load area at all. */
function isOf({ place }: Series, entry: CalendarEntry): boolean {
  if (isLoadEvent(entry) || entry.region === null) return true;
  const { region: wider } = entry;
  return parseHolidayRegions(place.holidayRegion).some(({ region }) => isWithin(region, wider));
}
