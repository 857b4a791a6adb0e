import { rowDaysBefore } from '../../features/calendar.js';
import { weekBefore, type Targets } from '../rows/cuts.js';
import { likeDaysOf, type RowSeries } from '../rows/row-series.js';

export interface NamedColumn {
  readonly name: string;
  /** one value for each target; NaN where it is not known */
  readonly values: Float32Array;
}

export interface ColumnOptions {
  /** extra inputs that the model was fitted with */
  readonly extras: readonly string[];
  readonly hasTemperature: boolean;
}

/**
 * Columns of target rows, always in the same order for the same options: lead and clock, calendar, loads before the cut
 * relative to the mean of the week before it, and temperatures of the target and of the lagged days.
 */
export function boostingColumns(
  series: RowSeries,
  targets: Targets,
  options: ColumnOptions,
): NamedColumn[] {
  const columns: NamedColumn[] = [];
  const { rows } = targets;
  const add: Add = (name, valueOf) => {
    const values = Float32Array.from(rows, (_, i) => valueOf(i));
    columns.push({ name, values });
  };
  addCalendar(series, targets, add);
  addLoads(series, targets, add);
  if (options.hasTemperature) addTemperatures(series, targets, add);
  for (const extra of options.extras) {
    const values = series.table.extras.find((column) => column.name === extra)?.values;
    if (values) add(extra, (i) => values[rows[i]!]!);
  }
  return columns;
}

type Add = (name: string, valueOf: (i: number) => number) => void;

/** Rows so many days before those, on the same clock hour; −1 before the first. */
function lagged({ table }: RowSeries, from: Int32Array, days: number): Int32Array {
  return from.map((row) => rowDaysBefore(table.calendar, row, days));
}

function addCalendar(series: RowSeries, targets: Targets, add: Add): void {
  const { rows, anchors, cuts } = targets;
  const { table, dayType } = series;
  const { calendar } = table;
  const week = weekBefore(calendar, targets);
  const of = (name: string, column: ArrayLike<number>, at = rows): void => {
    add(name, (i) => column[at[i]!] ?? Number.NaN);
  };
  add('lead', (i) => rows[i]! - cuts[i]!);
  of('hour', calendar.hour);
  of('weekday', calendar.workWeekday);
  of('day type', dayType);
  of('day of the year', calendar.dayOfYear);
  of('holiday', calendar.holiday);
  of('day before a holiday', calendar.dayBeforeHoliday);
  of('day after a holiday', calendar.dayAfterHoliday);
  of('bridge day', calendar.bridge);
  of('year end', calendar.yearEnd);
  of('school break', calendar.school);
  of('shutdown', calendar.shutdown);
  of('weekday of the cut', calendar.workWeekday, cuts);
  of('holiday on the last day', calendar.holiday, anchors);
  of('day type of the last day', dayType, anchors);
  of('holiday a week before', calendar.holiday, week);
}

function addLoads(series: RowSeries, targets: Targets, add: Add): void {
  const { rows, anchors, cuts } = targets;
  const { load, sixLevel, dayLevel, weekLevel, monthLevel } = series;
  const level = Float64Array.from(cuts, (cut) => weekLevel[cut - 1]!);
  const last = cuts.map((cut) => cut - 1);
  const of = (name: string, column: Float64Array, at: Int32Array, hoursBack = 0): void => {
    add(name, (i) => (column[at[i]! - hoursBack] ?? Number.NaN) - level[i]!);
  };
  of('load of the last day', load, anchors);
  for (const days of [1, 2, 6, 13])
    of(`load ${days} d before the last day`, load, lagged(series, anchors, days));
  of('load 7 d before', load, weekBefore(series.table.calendar, targets));
  for (const days of [14, 21]) of(`load ${days} d before`, load, lagged(series, rows, days));
  const likeDays = Array.from(rows, (row, i) => likeDaysOf(series, row, anchors[i]!));
  add('load of like days', (i) => likeDays[i]!.load - level[i]!);
  add('age of like days', (i) => likeDays[i]!.daysBack);
  of('last load', load, last);
  of('load before the last', load, last, 1);
  of('last 6 h', sixLevel, last);
  for (const days of [0, 1, 2, 6]) of(`24 h, ${days} d back`, dayLevel, last, 24 * days);
  of('28 d', monthLevel, last);
  const change = (name: string, column: Float64Array): void => {
    add(name, (i) => column[last[i]!]! - (column[last[i]! - 168] ?? Number.NaN));
  };
  change('last 6 h against a week before', sixLevel);
  change('last 24 h against a week before', dayLevel);
}

function addTemperatures(series: RowSeries, targets: Targets, add: Add): void {
  const { rows, anchors, cuts } = targets;
  const { temperatures, temperature6hC, temperature48hC } = series;
  if (!temperatures) return;
  const { now, day, slow, least, most, threeDays, week: sevenDays } = temperatures;
  const last = cuts.map((cut) => cut - 1);
  const week = weekBefore(series.table.calendar, targets);
  const of = (name: string, column: Float64Array, at: Int32Array, hoursBack = 0): void => {
    add(name, (i) => column[at[i]! - hoursBack] ?? Number.NaN);
  };
  const change = (name: string, column: Float64Array, since: Int32Array): void => {
    add(name, (i) => column[rows[i]!]! - (column[since[i]!] ?? Number.NaN));
  };
  of('temperature', now, rows);
  for (const hours of [1, 3, 24]) of(`temperature ${hours} h before`, now, rows, hours);
  of('temperature, 6 h', temperature6hC, rows);
  of('temperature, 24 h', day, rows);
  of('temperature, 24 h, a day before', day, rows, 24);
  of('temperature, 48 h', temperature48hC, rows);
  of('temperature, 72 h', threeDays, rows);
  of('temperature, 168 h', sevenDays, rows);
  of('temperature, fading', slow, rows);
  of('least temperature', least, rows);
  of('most temperature', most, rows);
  of('temperature of the last day', now, anchors);
  of('temperature a week before', now, week);
  of('temperature of the last 24 h', day, last);
  of('temperature of the last 168 h', sevenDays, last);
  change('temperature since the last day', now, anchors);
  change('temperature since a week before', now, week);
  change('temperature, 24 h, since the last 24 h', day, last);
  change('temperature, 24 h, since a week before', day, week);
}

/** What the additive model's ridges say of the targets and what they missed by lately. */
export interface StackedOn {
  /** on the model's scale, one for each target */
  readonly values: Float64Array;
  readonly misses: Float64Array;
  /** row of the first miss */
  readonly firstMiss: number;
}

/** Columns of a model that learns what the ridges leave. */
export function stackedColumns(
  { weekLevel }: RowSeries,
  { cuts, anchors }: Targets,
  { values, misses, firstMiss }: StackedOn,
): NamedColumn[] {
  const miss = (row: number): number => misses[row - firstMiss] ?? Number.NaN;
  const meanOfDay = (end: number): number => {
    let sum = 0;
    for (let row = end - 24; row < end; row++) sum += miss(row);
    return sum / 24;
  };
  const column = (name: string, valueOf: (i: number) => number): NamedColumn => ({
    name,
    values: Float32Array.from(cuts, (_, i) => valueOf(i)),
  });
  return [
    column('base', (i) => values[i]! - weekLevel[cuts[i]! - 1]!),
    column('last miss', (i) => miss(cuts[i]! - 1)),
    column('mean miss of the last 24 h', (i) => meanOfDay(cuts[i]!)),
    column('miss on the last day', (i) => miss(anchors[i]!)),
  ];
}
