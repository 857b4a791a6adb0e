import type { LoadScale } from '../../core/load-scale.js';
import { rowDaysBefore } from '../../features/calendar.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { trailingMean } from '../../features/weather.js';
import { splineFunctions, writeSpline, type SplineBasis } from './b-spline.js';

/** Temperatures that the load bends with; each is spread over splines. */
export const bentTemperatures = [
  'now',
  'day',
  'slow',
  'least',
  'most',
  'threeDays',
  'week',
] as const;
export type BentTemperature = (typeof bentTemperatures)[number];

/** Load on the scale of the model: logarithms, or shares of the spread of a load that comes near zero. */
export interface AdditiveScale {
  readonly kind: LoadScale;
  /** MW; 1 on the log scale */
  readonly unitMw: number;
}

/** What the columns of the design are read from: one value for each row of a table. */
export interface RowSeries {
  readonly table: FeatureTable;
  /** load on the model's scale */
  readonly load: Float64Array;
  /** mean load of the 6, 24, 168 and 672 hours up to and including the row, on that scale */
  readonly sixLevel: Float64Array;
  readonly dayLevel: Float64Array;
  readonly weekLevel: Float64Array;
  readonly monthLevel: Float64Array;
  /** °C; empty without temperature */
  readonly temperatures: Readonly<Record<BentTemperature, Float64Array>> | null;
  /** mean of the 6 and 48 hours up to and including the row */
  readonly temperature6hC: Float64Array;
  readonly temperature48hC: Float64Array;
  /** 0 Monday, 1 midweek, 2 Friday, 3 Saturday, 4 Sunday and holidays, 5 bridge day */
  readonly dayType: Uint8Array;
}

/** hours in which the slow temperature forgets all but 1 / e */
const slowHours = 72;

export const dayTypes = 6;
const [sunday, bridgeDay] = [4, 5];

export function rowSeries(table: FeatureTable, scale: AdditiveScale): RowSeries {
  const { loadMw, calendar } = table;
  const onScale = (mw: Float64Array): Float64Array =>
    mw.map((value) => (scale.kind === 'log' ? Math.log(value) : value / scale.unitMw));
  const past = loadMw.subarray(0, table.originIndex);
  const level = (hours: number): Float64Array => {
    const levels = new Float64Array(table.length).fill(Number.NaN);
    levels.set(onScale(trailingMean(past, hours)));
    return levels;
  };
  const { temperatureC } = table;
  const mean = (hours: number): Float64Array =>
    table.hasTemperature ? trailingMean(temperatureC, hours) : new Float64Array(0);
  return {
    table,
    load: onScale(loadMw),
    sixLevel: level(6),
    dayLevel: level(24),
    weekLevel: level(168),
    monthLevel: level(672),
    temperatures: table.hasTemperature
      ? {
          now: temperatureC,
          day: table.temperature24hC,
          slow: fadingMean(temperatureC, slowHours),
          least: trailingExtreme(temperatureC, 24, Math.min),
          most: trailingExtreme(temperatureC, 24, Math.max),
          threeDays: table.temperature72hC,
          week: mean(168),
        }
      : null,
    temperature6hC: mean(6),
    temperature48hC: mean(48),
    dayType: Uint8Array.from({ length: table.length }, (_, row) => {
      if (calendar.holiday[row]! > 0.5) return sunday;
      const type = [0, 1, 1, 1, 2, 3, sunday][calendar.workWeekday[row]!]!;
      return calendar.bridge[row]! > 0.5 && type < 3 ? bridgeDay : type;
    }),
  };
}

/** Values of the splines of one temperature, one row of `functions` values for each row of the table. */
export interface SplineValues {
  readonly functions: number;
  readonly values: Float64Array;
}

export function splineValues(basis: SplineBasis, celsius: Float64Array): SplineValues {
  const functions = splineFunctions(basis);
  const values = new Float64Array(celsius.length * functions);
  for (const [row, value] of celsius.entries()) writeSpline(basis, value, values, row * functions);
  return { functions, values };
}

/** Days back that are searched for days of the same type, and how many of them count. */
const [searchedDays, likeDays] = [40, 3];

/**
 * Mean load, on the model's scale, of the clock hour on the last three days of the target's type up to the anchor's day;
 * of Sundays where there is none.
 */
export function loadOfLikeDays(series: RowSeries, row: number, anchor: number): number {
  const { table, load, dayType } = series;
  for (const type of [dayType[row]!, sunday]) {
    let sum = 0;
    let found = 0;
    for (let day = 0; day < searchedDays && found < likeDays; day++) {
      const at = rowDaysBefore(table.calendar, anchor, day);
      if (at < 0) break;
      if (dayType[at] !== type) continue;
      sum += load[at]!;
      found++;
    }
    if (found > 0) return sum / found;
  }
  return load[anchor]!;
}

/** Exponentially weighted mean that begins at the first value. */
function fadingMean(values: Float64Array, hours: number): Float64Array {
  const keep = Math.exp(-1 / hours);
  const means = new Float64Array(values.length);
  let mean = values[0] ?? Number.NaN;
  for (const [row, value] of values.entries()) {
    mean = keep * mean + (1 - keep) * value;
    means[row] = mean;
  }
  return means;
}

function trailingExtreme(
  values: Float64Array,
  hours: number,
  extreme: (a: number, b: number) => number,
): Float64Array {
  return values.map((value, row) => {
    let found = value;
    for (let i = Math.max(0, row - hours + 1); i < row; i++) found = extreme(found, values[i]!);
    return found;
  });
}
