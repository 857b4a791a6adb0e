import { InsufficientHistoryError } from '../core/errors.js';
import { rowDaysBefore } from './calendar.js';
import type { CalendarTable } from './feature-table.js';

/** Least known hours to impute from: one week. */
export const leastKnownHours = 168;

/**
 * Fills the missing rows of a load column in place, from the rows given and nothing else.
 *
 * Up to two hours between known ones are interpolated. Longer gaps, and those at the end, take the same local hour of
 * another week (a holiday from a holiday-free week only where nothing else is known), raised or lowered by how the known
 * day around the gap stands to the same hours of that week.
 * @param loadMw shape (rows,), MW, NaN = missing; changed
 * @param calendar at least those rows
 * @throws {InsufficientHistoryError} if fewer than 168 rows are known
 */
export function imputeLoad(loadMw: Float64Array, calendar: CalendarTable): void {
  const known = loadMw.slice();
  const knownHours = known.reduce((n, load) => (Number.isNaN(load) ? n : n + 1), 0);
  if (knownHours < leastKnownHours)
    throw new InsufficientHistoryError(leastKnownHours, knownHours, 'filling gaps in the load');
  for (let from = 0; from < known.length; from++) {
    if (!Number.isNaN(known[from]!)) continue;
    let to = from + 1;
    while (to < known.length && Number.isNaN(known[to]!)) to++;
    if (from > 0 && to < known.length && to - from <= 2) interpolate(loadMw, from, to);
    else fillFromWeeks(loadMw, known, calendar, from, to);
    from = to;
  }
}

function interpolate(values: Float64Array, from: number, to: number): void {
  const before = values[from - 1]!;
  const step = (values[to]! - before) / (to - from + 1);
  for (let i = from; i < to; i++) values[i] = before + step * (i - from + 1);
}

function fillFromWeeks(
  loadMw: Float64Array,
  known: Float64Array,
  calendar: CalendarTable,
  from: number,
  to: number,
): void {
  const ratioByWeeks = new Map<number, number>();
  for (let row = from; row < to; row++) {
    const source = sourceOf(known, calendar, row);
    if (source === null) {
      loadMw[row] = meanOfHour(known, calendar, calendar.hour[row]!);
      continue;
    }
    let ratio = ratioByWeeks.get(source.weeks);
    if (ratio === undefined) {
      ratio = levelRatio(known, calendar, from, to, source.weeks);
      ratioByWeeks.set(source.weeks, ratio);
    }
    loadMw[row] = known[source.row]! * ratio;
  }
}

const weeksInOrder = [1, 2, 3, 4, 5, 6, -1, -2, -3, -4];

/** A known row of the same hour of the week, the nearest week before first; of like holidays if there is one. */
function sourceOf(known: Float64Array, calendar: CalendarTable, row: number) {
  let unlike: { row: number; weeks: number } | null = null;
  for (const weeks of weeksInOrder) {
    const source = rowDaysBefore(calendar, row, 7 * weeks);
    if (source < 0 || Number.isNaN(known[source] ?? Number.NaN)) continue;
    if (areAlike(calendar, source, row)) return { row: source, weeks };
    unlike ??= { row: source, weeks };
  }
  return unlike;
}

/** Whether two hours of one weekday are both of a holiday, both worked, or neither, for most of the load area. */
function areAlike(calendar: CalendarTable, row: number, other: number): boolean {
  return (
    Math.abs(calendar.holiday[row]! - calendar.holiday[other]!) < 0.5 &&
    calendar.workWeekday[row] === calendar.workWeekday[other]
  );
}

/** Known load of the day before and the day after the gap over that of the same hours `weeks` before; 1 if none. */
function levelRatio(
  known: Float64Array,
  calendar: CalendarTable,
  from: number,
  to: number,
  weeks: number,
): number {
  let here = 0;
  let there = 0;
  const add = (row: number): void => {
    const other = rowDaysBefore(calendar, row, 7 * weeks);
    const [a, b] = [known[row] ?? Number.NaN, known[other] ?? Number.NaN];
    if (!Number.isFinite(a + b) || !areAlike(calendar, row, other)) return;
    here += a;
    there += b;
  };
  for (let row = Math.max(0, from - 24); row < from; row++) add(row);
  for (let row = to; row < Math.min(known.length, to + 24); row++) add(row);
  const ratio = here / there;
  // Beyond a factor of two either side is itself in doubt, or the load changes its sign.
  return here > 0 && there > 0 && ratio > 0.5 && ratio < 2 ? ratio : 1;
}

function meanOfHour(known: Float64Array, calendar: CalendarTable, hour: number): number {
  let [sum, n, all, allN] = [0, 0, 0, 0];
  for (let row = 0; row < known.length; row++) {
    const load = known[row]!;
    if (Number.isNaN(load)) continue;
    all += load;
    allN++;
    if (calendar.hour[row] !== hour) continue;
    sum += load;
    n++;
  }
  return n > 0 ? sum / n : all / allN;
}
