import { dayMs } from '../../core/time.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { touches, type RowRange } from '../../features/folds.js';
import type { RowScale, RowSeries } from '../rows/row-series.js';

export const hoursOfDay = 24;

/** A whole local day. */
export interface PastDay {
  /** days since 1970 on the local calendar */
  readonly day: number;
  /** as in `RowSeries` */
  readonly type: number;
  /** mean load of the 168 h before the day, on the model's scale */
  readonly level: number;
  /** °C, mean of those hours; NaN without temperature */
  readonly weekTemperature: number;
  /** relative to the level, by local hour, shape (24,); NaN where the clock skips it, or throughout if one was imputed */
  readonly load: Float64Array;
  /** °C, shape (24,); NaN throughout without temperature */
  readonly temperature: Float64Array;
}

/** What a forecast looks for like days in, besides the days of its own table. */
export interface SimilarDayParameters {
  readonly scale: RowScale;
  readonly hasTemperature: boolean;
  /** °C, standard deviation of the training rows */
  readonly temperatureDeviation: number;
  readonly days: readonly PastDay[];
}

/**
 * The whole days before row `end` that have a week before them, ascending.
 * @param from no day begins before this row
 * @param excluded rows whose load leaves no trace in any of them
 */
export function pastDays(
  { table, load, weekLevel, dayType, temperatures }: RowSeries,
  from: number,
  end: number,
  excluded: RowRange | null = null,
): PastDay[] {
  const starts: number[] = [];
  for (let row = Math.max(168, from); row <= end && row < table.length; row++)
    if (localDay(table, row) !== localDay(table, row - 1)) starts.push(row);
  if (end === table.length) starts.push(end); // a training table may end with a day
  return starts.slice(0, -1).map((start, i) => {
    const last = starts[i + 1]!;
    const imputed = table.loadImputed.subarray(start, last).includes(1);
    const usable = !imputed && !touches(excluded, start - 168, last);
    const level = weekLevel[start - 1]!;
    const day: PastDay = {
      day: localDay(table, start),
      type: dayType[start]!,
      weekTemperature: temperatures ? temperatures.week[start - 1]! : Number.NaN,
      level: touches(excluded, start - 168, start) ? Number.NaN : level,
      load: new Float64Array(hoursOfDay).fill(Number.NaN),
      temperature: new Float64Array(hoursOfDay).fill(Number.NaN),
    };
    for (let row = start; row < last; row++) {
      const hour = table.calendar.hour[row]!;
      if (table.hasTemperature) day.temperature[hour] = table.temperatureC[row]!;
      if (usable) day.load[hour] = load[row]! - level;
    }
    return day;
  });
}

export function localDay({ calendar }: FeatureTable, row: number): number {
  return Math.floor(calendar.localMs[row]! / dayMs);
}
