import type { FeatureTable } from '../../features/feature-table.js';
import { holidaysOfYear } from '../../features/holidays.js';
import { fourier, indicator, product } from './columns.js';
import { addTemperatureTerms } from './temperature-terms.js';
import type { AddByHour, Recipe } from './recipe.js';

/** One column of Prophet's design matrix. */
export interface Term {
  readonly name: string;
  readonly kind: 'seasonality' | 'holiday' | 'regressor';
  /** standard deviation of the coefficient's prior, on the scale Prophet sees */
  readonly priorScale: number;
  /** shape (rows,) */
  readonly values: Float64Array;
}

/** A seasonality as Prophet is told of it; its terms are sine and cosine of order 1, 2, … in turn. */
export interface Seasonality {
  readonly name: string;
  readonly periodDays: number;
  readonly order: number;
  /** day type in which alone it holds, or null */
  readonly dayType: number | null;
}

/** A holiday counts as a Sunday. */
export const dayTypes = ['monday', 'midweek', 'friday', 'saturday', 'sunday'] as const;
const [saturday, sunday] = [3, 4];

/** On the scale of Prophet's y, about the largest departure from the mean load. */
const priorScales = { seasonality: 1, holiday: 0.1, regressor: 0.1 } as const;

const dailyOrder = 6;
/** Order of the hour harmonics that the season and the temperature act through. */
const interactionOrder = 2;

/** The native seasonalities of a recipe: the day's course by day type, the week, the year. */
export function seasonalitiesOf(recipe: Recipe): Seasonality[] {
  const daily = dayTypes.map((name, dayType) => ({
    name,
    periodDays: 1,
    order: dailyOrder,
    dayType,
  }));
  const weekly = { name: 'weekly', periodDays: 7, order: 3, dayType: null };
  const yearly = {
    name: 'yearly',
    periodDays: 365.25,
    order: recipe.yearlyOrder,
    dayType: null,
  };
  return recipe.yearlyOrder > 0 ? [...daily, weekly, yearly] : [...daily, weekly];
}

/** Index into `dayTypes` of rows `[from, to)`. */
export function dayTypeOfRows(table: FeatureTable, from: number, to: number): Uint8Array {
  const { weekday, holiday } = table.calendar;
  const typeOfWeekday = [0, 1, 1, 1, 2, saturday, sunday];
  return new Uint8Array(to - from).map((_, i) =>
    holiday[from + i] === 1 ? sunday : typeOfWeekday[weekday[from + i]!]!,
  );
}

/** Name of the holiday of each row of `[from, to)`, or null. */
export function holidayNameOfRows(
  table: FeatureTable,
  from: number,
  to: number,
): (string | null)[] {
  const { holidayRegion } = table.place;
  const { localMs, holiday } = table.calendar;
  return Array.from({ length: to - from }, (_, i) => {
    if (holidayRegion === null || holiday[from + i] === 0) return null;
    const local = localMs[from + i]!;
    const year = new Date(local).getUTCFullYear();
    const span = [
      ...holidaysOfYear(holidayRegion, year),
      ...holidaysOfYear(holidayRegion, year - 1),
    ].find(({ startLocalMs, endLocalMs }) => local >= startLocalMs && local < endLocalMs);
    return span?.name ?? null;
  });
}

/**
 * The columns of rows `[from, to)`, always in the same order for a recipe. Regressors are not yet standardised.
 * @param table at least 24 rows before `from` for the lagged temperatures, else the first row stands in
 */
export function buildTerms(table: FeatureTable, from: number, to: number, recipe: Recipe): Term[] {
  const local = table.calendar.localMs.subarray(from, to);
  const types = dayTypeOfRows(table, from, to);
  const basis: Basis = {
    hours: fourier(local, 1, dailyOrder),
    year: fourier(local, 365.25, Math.max(2, recipe.yearlyOrder)),
    isType: dayTypes.map((_, type) => indicator(types, type)),
    weekend: types.map((type) => (type >= saturday ? 1 : 0)),
  };
  const terms: Term[] = [];
  const add: AddTerm = (kind, name, values) => {
    terms.push({ name, kind, priorScale: priorScales[kind], values });
  };
  const addByHour: AddByHour = (name, values, order) => {
    add('regressor', name, values);
    for (let h = 0; h < 2 * order; h++)
      add('regressor', `${name} × hour ${h + 1}`, product(values, basis.hours[h]!));
  };
  addSeasonalities(local, recipe, basis, add);
  addHolidays(table, from, to, recipe, add, addByHour);
  if (recipe.yearlyOrder > 0) addSeasonByHour(basis, add);
  if (recipe.knots.length > 0)
    addTemperatureTerms(table, from, to, recipe, {
      interactionOrder,
      addByHour,
      season: recipe.yearlyOrder > 0 ? basis.year.slice(0, 4) : [],
      weekend: indicator(basis.weekend, 1),
    });
  return terms;
}

type AddTerm = (kind: Term['kind'], name: string, values: Float64Array) => void;

/** Columns that many terms are products of. */
interface Basis {
  readonly hours: readonly Float64Array[];
  readonly year: readonly Float64Array[];
  readonly isType: readonly Float64Array[];
  readonly weekend: Uint8Array;
}

function addSeasonalities(
  local: Float64Array,
  recipe: Recipe,
  { hours, year, isType }: Basis,
  add: AddTerm,
): void {
  for (const { name, order, dayType, periodDays } of seasonalitiesOf(recipe)) {
    const waves = dayType !== null ? hours : periodDays === 7 ? fourier(local, 7, order) : year;
    for (let h = 0; h < 2 * order; h++) {
      const wave = waves[h]!;
      const values = dayType === null ? wave : product(wave, isType[dayType]!);
      add('seasonality', `${name} ${h + 1}`, values);
    }
  }
  for (const [type, name] of dayTypes.entries())
    if (type > 0) add('regressor', name, isType[type]!);
}

function addHolidays(
  table: FeatureTable,
  from: number,
  to: number,
  recipe: Recipe,
  add: AddTerm,
  addByHour: AddByHour,
): void {
  const rows = (flags: Uint8Array): Float64Array => indicator(flags.subarray(from, to), 1);
  const weekday = table.calendar.weekday.subarray(from, to);
  const holiday = rows(table.calendar.holiday);
  const dayBefore = rows(table.calendar.dayBeforeHoliday);
  const dayAfter = rows(table.calendar.dayAfterHoliday);
  const yearEnd = rows(table.calendar.yearEnd);

  if (recipe.holidayNames.length > 0) {
    const codes = holidayNameOfRows(table, from, to).map((name) =>
      name === null ? -1 : recipe.holidayNames.indexOf(name),
    );
    for (const [code, name] of recipe.holidayNames.entries())
      add('holiday', `on ${name}`, indicator(codes, code));
  }
  addByHour('holiday', holiday, 2);
  addByHour('day before holiday', dayBefore, 1);
  addByHour('day after holiday', dayAfter, 1);
  addByHour('year end', yearEnd, 1);
  add('regressor', 'year end holiday', product(yearEnd, holiday));
  const bridge = new Float64Array(to - from);
  const weekendHoliday = new Float64Array(to - from);
  for (let i = 0; i < bridge.length; i++) {
    const beforeTuesday = dayBefore[i] === 1 && weekday[i] === 0;
    const afterThursday = dayAfter[i] === 1 && weekday[i] === 4;
    bridge[i] = beforeTuesday || afterThursday ? 1 : 0;
    weekendHoliday[i] = holiday[i] === 1 && weekday[i]! >= 5 ? 1 : 0;
  }
  add('regressor', 'weekend holiday', weekendHoliday);
  add('regressor', 'bridge day', bridge);
}

function addSeasonByHour({ hours, year, weekend }: Basis, add: AddTerm): void {
  const isWeekend = indicator(weekend, 1);
  for (const [s, wave] of year.slice(0, 4).entries()) {
    for (const [h, hour] of hours.slice(0, 2 * interactionOrder).entries())
      add('regressor', `season ${s + 1} × hour ${h + 1}`, product(wave, hour));
    if (s < 2) add('regressor', `season ${s + 1} × weekend`, product(wave, isWeekend));
  }
}
