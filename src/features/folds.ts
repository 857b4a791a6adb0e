import { InsufficientHistoryError, LoadcastError } from '../core/errors.js';
import { usualHorizonHours } from '../core/horizon.js';
import type { CalendarTable } from './feature-table.js';
import { midnightAtOrBefore } from './split.js';

/** Rows `[from, to)` of a table. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** One fold of a cross-validation: a fit knows the rows `known` but not those of `excluded`, and is tested on `test`. */
export interface Fold {
  readonly known: RowRange;
  readonly test: RowRange;
  /** the test rows where they lie amid the known ones, else null */
  readonly excluded: RowRange | null;
}

/** A test part holds one midnight with a horizon after it, on whatever day of whatever length it begins. */
export function leastTestRows(horizonHours = usualHorizonHours): number {
  return (horizonHours / 24 + 1) * 25;
}

/**
 * Rolling origins: each part in turn is tested by a fit on what lies before it. The test parts follow one another from
 * `leastTraining` on to the last row, about equally long, and begin at local midnights.
 * @param calendar of the rows to split
 * @param rows     the first `rows` rows are split
 * @param window   rows before each test part that its fit may know; null = all
 * @throws {InsufficientHistoryError} if a test part would be shorter than a day and a horizon
 * @throws {LoadcastError} INVALID_INPUT if `folds` is less than 1
 */
export function rollingOrigins(
  calendar: CalendarTable,
  rows: number,
  {
    folds,
    leastTraining,
    window = null,
    horizonHours = usualHorizonHours,
  }: {
    readonly folds: number;
    readonly leastTraining: number;
    readonly horizonHours?: number;
    readonly window?: number | null;
  },
): Fold[] {
  assertFolds(folds, 1);
  const first = Math.max(leastTraining, Math.round(rows / (folds + 1)));
  // The first cut goes to the midnight after, so that its fit has what it needs.
  const cuts = cutsBetween(calendar, midnightAtOrAfter(calendar, first), rows, folds);
  assertTestRows(cuts, horizonHours, `${folds} rolling folds after ${first} h of training`, first);
  return testParts(cuts).map((test) => ({
    known: {
      from: window === null ? 0 : midnightAtOrBefore(calendar, Math.max(0, test.from - window)),
      to: test.from,
    },
    test,
    excluded: null,
  }));
}

/**
 * Blocked folds: the rows from `first` on in `folds` contiguous blocks about equally long, cut at local midnights; each
 * is tested by a fit on all the other rows. What lies so near to a block that a training window would touch it is no
 * training either: `windowsBeside` tells those that do not.
 * @param first rows that no test part begins before, as forecasts need their inputs
 * @throws {InsufficientHistoryError} if a block would be shorter than a day and a horizon
 * @throws {LoadcastError} INVALID_INPUT if `folds` is less than 2
 */
export function blockedFolds(
  calendar: CalendarTable,
  rows: number,
  {
    folds,
    first = 0,
    horizonHours = usualHorizonHours,
  }: { readonly folds: number; readonly first?: number; readonly horizonHours?: number },
): Fold[] {
  assertFolds(folds, 2);
  const cuts = cutsBetween(calendar, midnightAtOrAfter(calendar, first), rows, folds);
  assertTestRows(cuts, horizonHours, `${folds} blocks after the first ${first} h`, first);
  return testParts(cuts).map((test) => ({
    known: { from: 0, to: rows },
    test,
    excluded: test,
  }));
}

/**
 * Origins whose window, so many rows before the origin and so many from it on, lies in the rows and touches none that
 * are excluded: an embargo of `ahead` rows before a hole and of `back` rows after it.
 */
export function windowsBeside(
  rows: number,
  excluded: RowRange | null,
  { back, ahead }: { readonly back: number; readonly ahead: number },
): RowRange[] {
  const hole = excluded ?? { from: rows, to: rows };
  const last = rows - ahead + 1;
  const parts = [
    { from: back, to: Math.min(last, hole.from - ahead + 1) },
    { from: Math.max(back, hole.to + back), to: last },
  ];
  return parts.filter(({ from, to }) => to > from);
}

/** Whether any of the rows `[from, to)` lies in the range. */
export function touches(range: RowRange | null | undefined, from: number, to: number): boolean {
  return range ? from < range.to && to > range.from : false;
}

/** Rows of the range among the first `rows`. */
export function rowsWithin(range: RowRange | null | undefined, rows: number): number {
  return range ? Math.max(0, Math.min(range.to, rows) - Math.max(range.from, 0)) : 0;
}

function cutsBetween(calendar: CalendarTable, from: number, to: number, parts: number): number[] {
  return Array.from({ length: parts + 1 }, (_, part) => {
    if (part === 0) return from;
    if (part === parts) return to;
    return midnightAtOrBefore(calendar, from + Math.round((part * (to - from)) / parts));
  });
}

function testParts(cuts: readonly number[]): RowRange[] {
  return cuts.slice(1).map((to, part) => ({ from: cuts[part] ?? 0, to }));
}

function midnightAtOrAfter(calendar: CalendarTable, row: number): number {
  let at = Math.min(row, calendar.length);
  while (at > 0 && at < calendar.length && calendar.weekday[at] === calendar.weekday[at - 1]) at++;
  return at;
}

function assertTestRows(
  cuts: readonly number[],
  horizonHours: number,
  purpose: string,
  before: number,
): void {
  const parts = testParts(cuts);
  const least = leastTestRows(horizonHours);
  if (parts.every(({ from, to }) => to - from >= least)) return;
  // A part may lose a day to its midnight.
  throw new InsufficientHistoryError(
    before + parts.length * (least + 25),
    cuts.at(-1) ?? 0,
    `${purpose} of at least ${least} h each`,
  );
}

function assertFolds(folds: number, least: number): void {
  if (Number.isInteger(folds) && folds >= least) return;
  throw new LoadcastError(
    'INVALID_INPUT',
    `A cross-validation needs a whole number of folds from ${least}, has ${folds}.`,
  );
}
