import { LoadcastError } from '../core/errors.js';
import type { CalendarTable } from './feature-table.js';

/** Rows `[0, validationStart)` train, `[validationStart, testStart)` validate, `[testStart, rows)` test. */
export interface Split {
  readonly validationStart: number;
  readonly testStart: number;
}

export const defaultShares = [7, 2, 1] as const;

/**
 * Chronological split by shares; both cuts lie on the first row of a local day.
 * @param calendar of the rows to split
 * @param rows the first `rows` rows are split
 * @param shares of training, validation and test, in any unit
 * @throws {LoadcastError} INVALID_INPUT if a share is not positive or a part would be empty
 */
export function chronologicalSplit(
  calendar: CalendarTable,
  rows: number = calendar.length,
  shares: readonly [number, number, number] = defaultShares,
): Split {
  const [training, validation, test] = shares;
  const sum = training + validation + test;
  if (!shares.every((share) => share > 0 && Number.isFinite(share)))
    throw new LoadcastError(
      'INVALID_INPUT',
      `Split shares must be positive, have ${shares.join(':')}; write three like 7:2:1.`,
    );
  const validationStart = midnightAtOrBefore(calendar, Math.round((rows * training) / sum));
  const testStart = midnightAtOrBefore(
    calendar,
    Math.round((rows * (training + validation)) / sum),
  );
  if (validationStart <= 0 || testStart <= validationStart || testStart >= rows)
    throw new LoadcastError(
      'INVALID_INPUT',
      `${rows} h are too few to split ${shares.join(':')} at local midnights.`,
    );
  return { validationStart, testStart };
}

/** The first row of the local day that a row lies in; row 0 where that day began before. */
export function midnightAtOrBefore(calendar: CalendarTable, row: number): number {
  let at = Math.min(row, calendar.length - 1);
  while (at > 0 && calendar.weekday[at] === calendar.weekday[at - 1]) at--;
  return at;
}
