import { readCalendarCsv } from './calendar-csv.js';
import type { CalendarFile, CalendarFileOptions } from './calendar-file.js';
import { readCalendarIcs } from './calendar-ics.js';

/**
 * Reads special days and events from a CSV file, or from an iCal file by its name `.ics`.
 * @throws {LoadcastError} UNREADABLE_FILE if it cannot be read; MISSING_COLUMN naming the columns there are;
 * INVALID_INPUT if it is over a limit
 */
export async function readCalendarFile(
  file: string,
  options: CalendarFileOptions,
): Promise<CalendarFile> {
  return /\.(?:ics|ical|ifb)$/i.test(file)
    ? readCalendarIcs(file, options)
    : readCalendarCsv(file, options);
}
