import { hourMs } from './time.js';

/** Values on the UTC hour grid: index i covers `[startMs + i h, startMs + (i + 1) h)`; NaN = missing. */
export interface HourlySeries {
  readonly startMs: number;
  readonly values: Float64Array;
}

export function endMs(series: HourlySeries): number {
  return series.startMs + series.values.length * hourMs;
}

/**
 * The part of a series inside `[startMs, endMs)`, padded with NaN where the series does not reach.
 * @returns an own copy, shape ((endMs − startMs) / 1 h,)
 */
export function sliceHours(series: HourlySeries, startMs: number, endMs_: number): HourlySeries {
  const length = Math.max(0, Math.round((endMs_ - startMs) / hourMs));
  const values = new Float64Array(length).fill(Number.NaN);
  const shift = Math.round((startMs - series.startMs) / hourMs);
  const from = Math.max(0, -shift);
  const to = Math.min(length, series.values.length - shift);
  if (to > from) values.set(series.values.subarray(from + shift, to + shift), from);
  return { startMs, values };
}

/** Value of the hour that starts at `instantMs`; NaN outside the series. */
export function valueAt(series: HourlySeries, instantMs: number): number {
  return series.values[Math.round((instantMs - series.startMs) / hourMs)] ?? Number.NaN;
}
