import { loadScaleOf, type LoadScale } from '../../core/load-scale.js';
import { rowDaysBefore } from '../../features/calendar.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { touches, type RowRange } from '../../features/folds.js';
import { trailingMean } from '../../features/weather.js';

/** Temperatures that the load bends with. */
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
export interface RowScale {
  readonly kind: LoadScale;
  /** MW; 1 on the log scale */
  readonly unitMw: number;
}

/** MW of a value on the scale. */
export function loadOf({ kind, unitMw }: RowScale, value: number): number {
  return kind === 'log' ? Math.exp(value) : value * unitMw;
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

/** rows before the first target: three weeks of lags */
export const firstTarget = 23 * 24;
/** hours in which the slow temperature forgets all but 1 / e */
const slowHours = 72;

export const dayTypes = 6;
const [sunday, bridgeDay] = [4, 5];

export function rowSeries(table: FeatureTable, scale: RowScale): RowSeries {
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

/** Days back that are searched for days of the same type, and how many of them count. */
const [searchedDays, likeDays] = [40, 3];
/** Loads that a row reads back: those days, before the anchor of the last lead day. */
export function reachOf({ horizonHours }: Pick<FeatureTable, 'horizonHours'>): number {
  return searchedDays * 24 + horizonHours + 24;
}

export interface LikeDays {
  /** mean load, on the model's scale, of the target's clock hour on them */
  readonly load: number;
  /** how many days before the anchor's day they lie, on average */
  readonly daysBack: number;
}

/** The last three days of the target's type up to the anchor's day; Sundays where there is none. */
export function likeDaysOf(series: RowSeries, row: number, anchor: number): LikeDays {
  const { table, load, dayType } = series;
  for (const type of [dayType[row]!, sunday]) {
    let [sum, days, found] = [0, 0, 0];
    for (let day = 0; day < searchedDays && found < likeDays; day++) {
      const at = rowDaysBefore(table.calendar, anchor, day);
      if (at < 0) break;
      if (dayType[at] !== type) continue;
      sum += load[at]!;
      days += day;
      found++;
    }
    if (found > 0) return { load: sum / found, daysBack: days / found };
  }
  return { load: load[anchor]!, daysBack: 0 };
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

/** 1 for rows that a member may be fitted to: measured, and no load that is read before them is excluded. */
export function usableRows(
  table: FeatureTable,
  from: number,
  end: number,
  excluded: RowRange | null,
): Uint8Array {
  const reach = reachOf(table);
  return Uint8Array.from({ length: end }, (_, row) =>
    row >= from && table.loadImputed[row] === 0 && !touches(excluded, row - reach, row + 1) ? 1 : 0,
  );
}

export function rowScale({ loadMw }: FeatureTable, start: number, end: number): RowScale {
  const loads = loadMw.subarray(start, end);
  if (loadScaleOf(loads) === 'log' && loads.every((load) => load > 0))
    return { kind: 'log', unitMw: 1 };
  const mean = loads.reduce((sum, load) => sum + load, 0) / loads.length;
  const variance = loads.reduce((sum, load) => sum + (load - mean) ** 2, 0) / loads.length;
  return { kind: 'linear', unitMw: 4 * Math.sqrt(variance) || 1 };
}
