import { dayMs } from '../../core/time.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { holidaysOfYear } from '../../features/holidays.js';

/** What the columns are built from; found once on the training rows, then fixed. JSON-safe. */
export interface Recipe {
  /** 0 = no yearly season: under two years it cannot be told from the weather */
  readonly yearlyOrder: number;
  /** quantiles of the training temperature, (°C − 15) / 10, ascending; empty = no temperature */
  readonly knots: readonly number[];
  /** the same of its 24 h mean */
  readonly smoothedKnots: readonly number[];
  /** holidays with an effect of their own */
  readonly holidayNames: readonly string[];
}

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

export const seasonalityPriorScale = 1;
export const holidayPriorScale = 0.1;
export const regressorPriorScale = 0.1;

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
  return Uint8Array.from({ length: to - from }, (_, i) =>
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
  const rows = to - from;
  const { calendar } = table;
  const local = calendar.localMs.subarray(from, to);
  const terms: Term[] = [];
  const add = (kind: Term['kind'], name: string, values: Float64Array): void => {
    const priorScale =
      kind === 'regressor'
        ? regressorPriorScale
        : kind === 'holiday'
          ? holidayPriorScale
          : seasonalityPriorScale;
    terms.push({ name, kind, priorScale, values });
  };
  const hours = fourier(local, 1, dailyOrder);
  /** A variable, and the same through the hour harmonics up to `order`. */
  const addByHour = (name: string, values: Float64Array, order: number): void => {
    add('regressor', name, values);
    for (let h = 0; h < 2 * order; h++)
      add('regressor', `${name} × hour ${h + 1}`, product(values, hours[h]!));
  };
  const where = (holds: (row: number) => boolean): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => (holds(from + i) ? 1 : 0));

  const types = dayTypeOfRows(table, from, to);
  const isType = dayTypes.map((_, type) => Float64Array.from(types, (of) => (of === type ? 1 : 0)));
  const year = fourier(local, 365.25, Math.max(2, recipe.yearlyOrder));
  for (const { name, order, dayType, periodDays } of seasonalitiesOf(recipe)) {
    const waves = dayType !== null ? hours : periodDays === 7 ? fourier(local, 7, order) : year;
    for (let h = 0; h < 2 * order; h++)
      add(
        'seasonality',
        `${name} ${h + 1}`,
        dayType === null ? waves[h]! : product(waves[h]!, isType[dayType]!),
      );
  }
  for (const [type, name] of dayTypes.entries())
    if (type > 0) add('regressor', name, isType[type]!);

  if (recipe.holidayNames.length > 0) {
    const names = holidayNameOfRows(table, from, to);
    for (const holiday of recipe.holidayNames)
      add(
        'holiday',
        holiday,
        Float64Array.from(names, (name) => (name === holiday ? 1 : 0)),
      );
  }
  const { holiday, dayBeforeHoliday, dayAfterHoliday, yearEnd, weekday } = calendar;
  addByHour(
    'holiday',
    where((i) => holiday[i] === 1),
    2,
  );
  addByHour(
    'day before holiday',
    where((i) => dayBeforeHoliday[i] === 1),
    1,
  );
  addByHour(
    'day after holiday',
    where((i) => dayAfterHoliday[i] === 1),
    1,
  );
  addByHour(
    'year end',
    where((i) => yearEnd[i] === 1),
    1,
  );
  add(
    'regressor',
    'year end holiday',
    where((i) => yearEnd[i] === 1 && holiday[i] === 1),
  );
  add(
    'regressor',
    'weekend holiday',
    where((i) => weekday[i]! >= 5 && holiday[i] === 1),
  );
  const bridge = (i: number): boolean =>
    (dayBeforeHoliday[i] === 1 && weekday[i] === 0) ||
    (dayAfterHoliday[i] === 1 && weekday[i] === 4);
  add('regressor', 'bridge day', where(bridge));

  const weekend = where((i) => types[i - from]! >= saturday);
  if (recipe.yearlyOrder > 0)
    for (let s = 0; s < 4; s++) {
      for (let h = 0; h < 2 * interactionOrder; h++)
        add('regressor', `season ${s + 1} × hour ${h + 1}`, product(year[s]!, hours[h]!));
      if (s < 2) add('regressor', `season ${s + 1} × weekend`, product(year[s]!, weekend));
    }
  if (recipe.knots.length > 0)
    addTemperature(table, from, to, recipe, { addByHour, season: year.slice(0, 4), weekend });
  return terms;
}

interface TemperatureContext {
  readonly addByHour: (name: string, values: Float64Array, order: number) => void;
  readonly season: readonly Float64Array[];
  readonly weekend: Float64Array;
}

/** Heating and cooling as broken lines with knots at quantiles, now and smoothed, by hour, season and weekend. */
function addTemperature(
  table: FeatureTable,
  from: number,
  to: number,
  recipe: Recipe,
  { addByHour, season, weekend }: TemperatureContext,
): void {
  const add = (name: string, values: Float64Array): void => addByHour(name, values, 0);
  const { knots, smoothedKnots } = recipe;
  const middle = knots.length >> 1;
  const now = scaled(table.temperatureC, from, to, 0);
  const day = scaled(table.temperature24hC, from, to, 0);
  const threeDays = scaled(table.temperature72hC, from, to, 0);

  addByHour('temperature', now, interactionOrder);
  for (const [j, knot] of knots.entries())
    addByHour(`temperature above knot ${j + 1}`, above(now, knot), interactionOrder);
  addByHour('24 h temperature', day, 1);
  for (const [j, knot] of smoothedKnots.entries())
    addByHour(`24 h temperature above knot ${j + 1}`, above(day, knot), 1);
  add('72 h temperature', threeDays);
  for (const [j, knot] of smoothedKnots.entries())
    if (j % 2 === 0) add(`72 h temperature above knot ${j + 1}`, above(threeDays, knot));
  add('temperature × 24 h', product(now, day));
  add('temperature × 72 h', product(now, threeDays));
  add('24 h × 72 h', product(day, threeDays));

  for (const lag of [1, 2, 3, 6, 24]) {
    const before = scaled(table.temperatureC, from, to, lag);
    add(`temperature ${lag} h before`, before);
    const bends =
      lag === 1 || lag === 3 ? [0, middle, knots.length - 1] : lag === 24 ? [middle] : [];
    for (const j of bends)
      add(`temperature ${lag} h before above knot ${j + 1}`, above(before, knots[j]!));
  }
  const warm = above(now, knots[middle]!);
  const hot = above(now, knots.at(-1)!);
  for (const [name, values] of [
    ['temperature', now],
    ['warm', warm],
    ['hot', hot],
    ['24 h temperature', day],
    ['warm day', above(day, smoothedKnots[smoothedKnots.length >> 1]!)],
  ] as const)
    add(`${name} × weekend`, product(values, weekend));
  if (recipe.yearlyOrder > 0)
    for (const [s, wave] of season.entries()) {
      add(`temperature × season ${s + 1}`, product(now, wave));
      add(`24 h temperature × season ${s + 1}`, product(day, wave));
      add(`warm × season ${s + 1}`, product(warm, wave));
    }
}

/** (°C − 15) / 10, of `lag` hours before; the first row stands in for rows before the table. */
function scaled(celsius: Float64Array, from: number, to: number, lag: number): Float64Array {
  return Float64Array.from(
    { length: to - from },
    (_, i) => (celsius[Math.max(0, from + i - lag)]! - 15) / 10,
  );
}

function above(values: Float64Array, knot: number): Float64Array {
  return values.map((value) => Math.max(0, value - knot));
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value * b[i]!);
}

/** Prophet's Fourier terms of the local clock: sine and cosine of 2π n t / period, t in days since 1970. */
function fourier(localMs: Float64Array, periodDays: number, order: number): Float64Array[] {
  const waves: Float64Array[] = [];
  for (let n = 1; n <= order; n++) {
    const phase = localMs.map((local) => 2 * Math.PI * ((((local / dayMs) * n) / periodDays) % 1));
    waves.push(
      phase.map((angle) => Math.sin(angle)),
      phase.map((angle) => Math.cos(angle)),
    );
  }
  return waves;
}
