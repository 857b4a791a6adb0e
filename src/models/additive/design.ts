import { rowDaysBefore } from '../../features/calendar.js';
import { splineValues, type SplineBasis, type SplineValues } from './b-spline.js';
import { weekBefore, type Targets } from '../rows/cuts.js';
import {
  bentTemperatures,
  dayTypes,
  likeDaysOf,
  type BentTemperature,
  type RowSeries,
} from '../rows/row-series.js';

/** What the columns of a fitted model are; found once on the training rows, then fixed. JSON-safe. */
export interface DesignRecipe {
  /** terms of the season and the trend: under two years they cannot be told from that year's weather */
  readonly seasonal: boolean;
  /** empty without temperature */
  readonly splines: Readonly<Partial<Record<BentTemperature, SplineBasis>>>;
  readonly extras: readonly string[];
}

/** knots of the splines of each temperature */
export const knotCounts: Readonly<Record<BentTemperature, number>> = {
  now: 9,
  day: 8,
  slow: 6,
  least: 5,
  most: 5,
  threeDays: 5,
  week: 6,
};

const hoursPerYear = 8766;
const comfortC = 12;

/** Rows of a table with what all their columns need, prepared once. */
export interface PreparedRows {
  readonly series: RowSeries;
  readonly splines: Readonly<Partial<Record<BentTemperature, SplineValues>>>;
  readonly recipe: DesignRecipe;
}

export function prepareRows(series: RowSeries, recipe: DesignRecipe): PreparedRows {
  const { temperatures } = series;
  const splines: Partial<Record<BentTemperature, SplineValues>> = {};
  for (const name of bentTemperatures) {
    const basis = recipe.splines[name];
    if (basis && temperatures) splines[name] = splineValues(basis, temperatures[name]);
  }
  return { series, splines, recipe };
}

/**
 * Columns of target rows, always in the same order for a recipe: calendar, season, loads before the cut relative to the
 * mean of the week before it, and temperatures of the target and of the lagged days.
 * @see Pierrot & Goude (2011), Short-term electricity load forecasting with generalized additive models; Wang, Liu &
 * Hong (2016), Electric load forecasting with recency effect, for the temperatures
 */
export function designColumns(
  { series, splines, recipe }: PreparedRows,
  targets: Targets,
): Float64Array[] {
  const columns: Float64Array[] = [];
  const add = (values: Float64Array): void => {
    columns.push(values);
  };
  const lagged = (from: Int32Array, days: number): Int32Array =>
    from.map((row) => Math.max(0, rowDaysBefore(series.table.calendar, row, days)));
  const { rows, anchors, cuts } = targets;
  const at: Positions = {
    rows,
    anchors,
    last: back(cuts, 1),
    week: weekBefore(series.table.calendar, targets).map((row) => Math.max(0, row)),
    lagged,
  };
  const days = addCalendar(series, at, add);
  const season = addSeason(series, recipe, at, days, add);
  addLoads(series, at, days, add);
  if (series.temperatures && Object.keys(recipe.splines).length > 0)
    addTemperatures(series, splines, at, { days, season }, add);
  addExtras(series, recipe, at, add);
  return columns;
}

type Add = (values: Float64Array) => void;

interface Positions {
  readonly rows: Int32Array;
  readonly anchors: Int32Array;
  /** the last known rows */
  readonly last: Int32Array;
  /** rows a week before the targets, two where that is not known yet */
  readonly week: Int32Array;
  lagged(from: Int32Array, days: number): Int32Array;
}

interface Days {
  /** Monday, Friday, Saturday, Sunday, holiday */
  readonly kinds: readonly Float64Array[];
  readonly weekend: Float64Array;
  readonly anchorHoliday: Float64Array;
  readonly weekHoliday: Float64Array;
}

function addCalendar({ table, dayType }: RowSeries, at: Positions, add: Add): Days {
  const { calendar } = table;
  const { rows, anchors } = at;
  const holiday = pick(calendar.holiday, rows);
  const ordinary = holiday.map((share) => 1 - share);
  const weekdays = Array.from({ length: 7 }, (_, weekday) =>
    Float64Array.from(rows, (row, i) => (calendar.workWeekday[row] === weekday ? ordinary[i]! : 0)),
  );
  for (const weekday of weekdays) add(weekday);
  add(holiday);
  add(pick(calendar.bridge, rows));
  const yearEnd = pick(calendar.yearEnd, rows);
  add(yearEnd);
  add(pick(calendar.dayBeforeHoliday, rows));
  add(pick(calendar.dayAfterHoliday, rows));
  const anchorHoliday = pick(calendar.holiday, anchors);
  const weekHoliday = pick(calendar.holiday, at.week);
  add(anchorHoliday);
  add(weekHoliday);
  add(product(holiday, yearEnd));
  const weekend = Float64Array.from(rows, (row) => (calendar.workWeekday[row]! >= 5 ? 1 : 0));
  add(product(holiday, weekend));
  for (let type = 0; type < dayTypes; type++)
    add(Float64Array.from(anchors, (row) => (dayType[row] === type ? 1 : 0)));
  for (const column of [calendar.school, calendar.shutdown]) {
    add(pick(column, rows));
    add(pick(column, anchors));
    add(pick(column, at.week));
  }
  return {
    kinds: [...[0, 4, 5, 6].map((weekday) => weekdays[weekday]!), holiday],
    weekend,
    anchorHoliday,
    weekHoliday,
  };
}

/** @returns first two harmonics of the year: sine, cosine, sine, cosine */
function addSeason(
  { table }: RowSeries,
  recipe: DesignRecipe,
  { rows }: Positions,
  { weekend }: Days,
  add: Add,
): readonly Float64Array[] {
  const waves: Float64Array[] = [];
  for (let k = 1; k <= 4; k++)
    for (const wave of [Math.sin, Math.cos])
      waves.push(
        Float64Array.from(rows, (row) =>
          wave((2 * Math.PI * k * table.calendar.dayOfYear[row]!) / 365.25),
        ),
      );
  if (!recipe.seasonal) return [];
  for (const wave of waves) add(wave);
  add(product(waves[0]!, weekend));
  add(product(waves[1]!, weekend));
  add(Float64Array.from(rows, (row) => (table.startMs / 3_600_000 + row) / hoursPerYear));
  return waves.slice(0, 4);
}

function addLoads(series: RowSeries, at: Positions, days: Days, add: Add): void {
  const { load, sixLevel, dayLevel, weekLevel, monthLevel } = series;
  const { rows, anchors, last } = at;
  const relative = (column: Float64Array, from: Int32Array): Float64Array =>
    Float64Array.from(from, (row, i) => column[row]! - weekLevel[last[i]!]!);
  const anchor = relative(load, anchors);
  const week = relative(load, at.week);
  const lastDay = relative(dayLevel, last);
  add(anchor);
  for (const lag of [1, 2, 6, 13]) add(relative(load, at.lagged(anchors, lag)));
  add(week);
  add(relative(load, at.lagged(rows, 14)));
  add(relative(load, at.lagged(rows, 21)));
  add(
    Float64Array.from(
      rows,
      (row, i) => likeDaysOf(series, row, anchors[i]!).load - weekLevel[last[i]!]!,
    ),
  );
  // The last hours as they are, and beside those of the days before.
  const sixHours = relative(sixLevel, last);
  for (const hours of [0, 1]) {
    const recent = relative(load, back(last, hours));
    add(recent);
    add(difference(recent, relative(load, back(last, hours + 168))));
  }
  add(sixHours);
  add(difference(sixHours, relative(sixLevel, back(last, 168))));
  add(lastDay);
  for (const hours of [24, 48, 144]) add(relative(dayLevel, back(last, hours)));
  add(relative(monthLevel, last));
  add(difference(lastDay, relative(dayLevel, back(last, 168))));
  for (const kind of days.kinds)
    for (const column of [anchor, week, sixHours, lastDay]) add(product(column, kind));
  for (const flag of [days.anchorHoliday, days.weekHoliday])
    for (const column of [anchor, week, lastDay]) add(product(column, flag));
}

function addTemperatures(
  series: RowSeries,
  splines: PreparedRows['splines'],
  at: Positions,
  { days, season }: { readonly days: Days; readonly season: readonly Float64Array[] },
  add: Add,
): void {
  const { temperatures } = series;
  if (!temperatures) return;
  const { rows, anchors, last, week } = at;
  const addSplines = (name: BentTemperature, from: Int32Array): void => {
    const spline = splines[name];
    if (!spline) return;
    for (let j = 0; j < spline.functions; j++)
      add(Float64Array.from(from, (row) => spline.values[row * spline.functions + j]!));
  };
  for (const name of ['now', 'day', 'slow', 'least', 'most', 'threeDays'] as const)
    addSplines(name, rows);
  addSplines('now', anchors);
  addSplines('day', last);
  addSplines('week', last);
  addSplines('now', week);
  const { now, day } = temperatures;
  for (const hours of [1, 3, 24]) add(tens(now, back(rows, hours)));
  add(tens(series.temperature6hC, rows));
  add(tens(series.temperature48hC, rows));
  add(tens(temperatures.week, rows));
  const nowHere = tens(now, rows);
  const dayHere = tens(day, rows);
  add(difference(nowHere, tens(now, anchors)));
  add(difference(dayHere, tens(day, last)));
  add(difference(nowHere, tens(now, week)));
  add(difference(dayHere, tens(day, week)));
  add(tens(day, back(rows, 24)));
  for (const wave of season) add(product(wave, nowHere));
  for (const wave of season.slice(0, 2)) {
    add(product(wave, product(nowHere, nowHere)));
    add(product(wave, dayHere));
  }
  add(product(nowHere, dayHere));
  add(product(nowHere, days.weekend));
  add(product(product(nowHere, nowHere), days.weekend));
  add(product(product(dayHere, dayHere), days.weekend));
}

/** Further inputs as they are at the target, and how they have changed since the lagged hours. */
function addExtras(
  { table }: RowSeries,
  recipe: DesignRecipe,
  { rows, anchors, week }: Positions,
  add: Add,
): void {
  for (const name of recipe.extras) {
    const extra = table.extras.find((column) => column.name === name);
    const values = extra?.values ?? new Float64Array(table.length);
    const here = pick(values, rows);
    add(here);
    add(difference(here, pick(values, anchors)));
    add(difference(here, pick(values, week)));
  }
}

function back(from: Int32Array, hours: number): Int32Array {
  return from.map((row) => Math.max(0, row - hours));
}

function pick(column: ArrayLike<number>, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => column[row]!);
}

function tens(celsius: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => (celsius[row]! - comfortC) / 10);
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value * b[i]!);
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}
