import { accuracy } from '../core/metrics.js';
import type { Accuracy } from '../core/evaluation.js';
import type { Place } from '../core/history.js';
import { dayMs, hourMs } from '../core/time.js';
import { buildCalendar } from '../features/calendar.js';
import type { CalendarTable } from '../features/feature-table.js';

/** One hour of one forecast beside what came. */
export interface ScoredHour {
  readonly startMs: number;
  readonly leadHours: number;
  /** MW; NaN where unknown */
  readonly actualMw: number;
  readonly forecastMw: number;
  /** aligned with `quantileLevels`; null for a point forecast */
  readonly quantilesMw: readonly number[] | null;
  /** °C, as it came; NaN where unknown */
  readonly temperatureC: number;
}

export const groupings = ['lead', 'hour', 'day', 'season', 'temperature'] as const;
/** lead hour; local hour; kind of day; season; fifth of the temperatures */
export type Grouping = (typeof groupings)[number];

export interface Group {
  readonly label: string;
  readonly figures: Accuracy;
}

export const dayKinds = [
  'Monday',
  'Tuesday to Thursday',
  'Friday',
  'Saturday',
  'Sunday',
  'holiday',
  'bridge day',
  'day before a holiday',
  'day after a holiday',
  '24 December to 5 January',
  'school break',
  'clock change',
] as const;
export type DayKind = (typeof dayKinds)[number];

const seasons = ['December to February', 'March to May', 'June to August', 'September to November'];
const fifths = ['coldest fifth', 'cold', 'middle', 'warm', 'warmest fifth'];
const flagged = 0.5;

/**
 * Where the errors are: figures of the hours of each group, in the groups' own order; groups without an hour are left
 * out. A day that is special in several ways counts for the first of: clock change, holiday, bridge day, turn of the
 * year, beside a holiday, school break.
 */
export function breakdown(
  hours: readonly ScoredHour[],
  place: Place,
): Readonly<Record<Grouping, readonly Group[]>> {
  const known = hours.filter(({ actualMw }) => Number.isFinite(actualMw));
  const starts = known.map(({ startMs }) => startMs);
  // a day more on both sides, so that each local day is whole
  const startMs = starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY) - dayMs;
  const endMs = starts.reduce((a, b) => Math.max(a, b), 0) + 25 * hourMs;
  const length = known.length > 0 ? Math.round((endMs - startMs) / hourMs) : 0;
  const calendar = buildCalendar(place, known.length > 0 ? startMs : 0, length);
  const kinds = kindsOfDays(calendar);
  const row = (hour: ScoredHour): number => Math.round((hour.startMs - startMs) / hourMs);
  const limits = quintiles(known.map((hour) => hour.temperatureC));
  const labels: Readonly<Record<Grouping, (hour: ScoredHour) => string | undefined>> = {
    lead: (hour) => String(hour.leadHours),
    hour: (hour) => `${String(calendar.hour[row(hour)]).padStart(2, '0')}:00`,
    day: (hour) => kinds.get(dayOf(calendar, row(hour))),
    season: (hour) => seasons[Math.floor(((monthOf(calendar, row(hour)) + 1) % 12) / 3)],
    temperature: ({ temperatureC }) =>
      Number.isFinite(temperatureC)
        ? fifths[limits.filter((limit) => temperatureC > limit).length]
        : undefined,
  };
  const orders: Readonly<Record<Grouping, readonly string[] | null>> = {
    lead: null,
    hour: null,
    day: dayKinds,
    season: seasons,
    temperature: fifths,
  };
  const grouped = (grouping: Grouping): Group[] => {
    const groups = new Map<string, ScoredHour[]>();
    for (const label of orders[grouping] ?? []) groups.set(label, []);
    for (const hour of known) {
      const label = labels[grouping](hour);
      if (label === undefined) continue;
      const group = groups.get(label);
      if (group) group.push(hour);
      else groups.set(label, [hour]);
    }
    const order = orders[grouping];
    const filled = [...groups].filter(([, members]) => members.length > 0);
    if (!order) filled.sort(([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    return filled.map(([label, members]) => ({ label, figures: accuracyOf(members) }));
  };
  return {
    lead: grouped('lead'),
    hour: grouped('hour'),
    day: grouped('day'),
    season: grouped('season'),
    temperature: grouped('temperature'),
  };
}

/** Figures of any hours; with quantiles if all of them have some. */
export function accuracyOf(hours: readonly ScoredHour[]): Accuracy {
  const banded = hours.length > 0 && hours.every((hour) => hour.quantilesMw !== null);
  return accuracy(
    hours.map((hour) => hour.actualMw),
    hours.map((hour) => hour.forecastMw),
    banded ? hours.flatMap((hour) => hour.quantilesMw ?? []) : undefined,
  );
}

function dayOf({ localMs }: CalendarTable, row: number): number {
  return Math.floor(localMs[row]! / dayMs);
}

function monthOf({ localMs }: CalendarTable, row: number): number {
  return new Date(localMs[row]!).getUTCMonth();
}

/** What each local day is, by the hour of it that is most so. */
function kindsOfDays(calendar: CalendarTable): Map<number, DayKind> {
  const rowsByDay = new Map<number, number[]>();
  for (let row = 0; row < calendar.length; row++) {
    const day = dayOf(calendar, row);
    const rows = rowsByDay.get(day);
    if (rows) rows.push(row);
    else rowsByDay.set(day, [row]);
  }
  const first = dayOf(calendar, 0);
  const last = calendar.length > 0 ? dayOf(calendar, calendar.length - 1) : first;
  return new Map(
    [...rowsByDay].map(([day, rows]) => {
      const most = (column: ArrayLike<number>): boolean =>
        rows.some((row) => column[row]! > flagged);
      const whole = day !== first && day !== last;
      return [day, kindOfDay(calendar, rows, most, whole)];
    }),
  );
}

function kindOfDay(
  calendar: CalendarTable,
  rows: readonly number[],
  most: (column: ArrayLike<number>) => boolean,
  whole: boolean,
): DayKind {
  if (whole && rows.length !== 24) return 'clock change';
  if (most(calendar.holiday)) return 'holiday';
  if (most(calendar.bridge)) return 'bridge day';
  if (most(calendar.yearEnd)) return '24 December to 5 January';
  if (most(calendar.dayBeforeHoliday)) return 'day before a holiday';
  if (most(calendar.dayAfterHoliday)) return 'day after a holiday';
  if (most(calendar.school)) return 'school break';
  const weekday = calendar.workWeekday[rows[0]!]!;
  if (weekday === 0) return 'Monday';
  if (weekday < 4) return 'Tuesday to Thursday';
  if (weekday === 4) return 'Friday';
  return weekday === 5 ? 'Saturday' : 'Sunday';
}

function quintiles(temperaturesC: readonly number[]): number[] {
  const ascending = Float64Array.from(temperaturesC.filter(Number.isFinite)).sort();
  return [0.2, 0.4, 0.6, 0.8].map((level) => ascending[Math.floor(level * ascending.length)]!);
}
