import type { FeatureTable } from '../../features/feature-table.js';
import { holidaySharesByName } from '../../features/holiday-names.js';
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

/** A holiday of most of the load area counts as a Sunday, a working day of a weekend as what it is worked like. */
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
  const { workWeekday, holiday } = table.calendar;
  const typeOfWeekday = [0, 1, 1, 1, 2, saturday, sunday];
  return new Uint8Array(to - from).map((_, i) =>
    holiday[from + i]! > 0.5 ? sunday : typeOfWeekday[workWeekday[from + i]!]!,
  );
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
  addListedDays(table, from, to, add, addByHour);
  for (const { name, values } of table.extras)
    addByHour(`extra ${name}`, values.slice(from, to), interactionOrder);
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
  const { calendar } = table;
  const rows = (column: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: to - from }, (_, i) => column[from + i]!);
  const holiday = rows(calendar.holiday);
  const yearEnd = rows(calendar.yearEnd);
  if (recipe.holidayNames.length > 0) addNamedHolidays(table, from, to, recipe, add);
  addByHour('holiday', holiday, 2);
  addByHour('day before holiday', rows(calendar.dayBeforeHoliday), 1);
  addByHour('day after holiday', rows(calendar.dayAfterHoliday), 1);
  addByHour('year end', yearEnd, 1);
  add('regressor', 'year end holiday', product(yearEnd, holiday));
  add(
    'regressor',
    'weekend holiday',
    holiday.map((share, i) => (calendar.weekday[from + i]! >= 5 ? share : 0)),
  );
  add('regressor', 'bridge day', bridgeDays(table, from, to));
}

function addNamedHolidays(
  table: FeatureTable,
  from: number,
  to: number,
  { holidayNames, sharedHolidays }: Recipe,
  add: AddTerm,
): void {
  const shares = holidaySharesByName(table.place, table.calendar.localMs.subarray(from, to));
  for (const name of holidayNames) {
    const share = shares.get(name) ?? new Float64Array(to - from);
    // Prophet's own holidays hold or do not.
    if (sharedHolidays === true) add('regressor', `on ${name}`, share);
    else add('holiday', `on ${name}`, share.map(Math.round));
  }
}

/**
 * Mondays before and Fridays after a holiday; all that the calendar calls bridge days only where a person lists some.
 */
function bridgeDays({ place, calendar }: FeatureTable, from: number, to: number): Float64Array {
  const listed = place.entries?.some(({ kind }) => kind === 'bridge') ?? false;
  return Float64Array.from({ length: to - from }, (_, i) => {
    const row = from + i;
    if (listed) return calendar.bridge[row]!;
    if (calendar.weekday[row] === 0) return calendar.dayBeforeHoliday[row]!;
    return calendar.weekday[row] === 4 ? calendar.dayAfterHoliday[row]! : 0;
  });
}

/** What was added to the calendar; a column that is the same throughout the training is no term of its fit. */
function addListedDays(
  { calendar }: FeatureTable,
  from: number,
  to: number,
  add: AddTerm,
  addByHour: AddByHour,
): void {
  const { weekday, workWeekday } = calendar;
  const worked = Float64Array.from({ length: to - from }, (_, i) =>
    weekday[from + i] === workWeekday[from + i] ? 0 : 1,
  );
  addByHour('worked weekend', worked, 1);
  addByHour('school break', calendar.school.slice(from, to), 1);
  add('regressor', 'shutdown', calendar.shutdown.slice(from, to));
}

function addSeasonByHour({ hours, year, weekend }: Basis, add: AddTerm): void {
  const isWeekend = indicator(weekend, 1);
  for (const [s, wave] of year.slice(0, 4).entries()) {
    for (const [h, hour] of hours.slice(0, 2 * interactionOrder).entries())
      add('regressor', `season ${s + 1} × hour ${h + 1}`, product(wave, hour));
    if (s < 2) add('regressor', `season ${s + 1} × weekend`, product(wave, isWeekend));
  }
}
