import type { HourlySeries } from './hourly.js';
import type { Reading } from './reading.js';
import type { Readings } from './reading-columns.js';

/** Further inputs of one series at most. */
export const mostExtras = 20;
export const longestExtraName = 60;
/** in whatever unit */
export const largestExtra = 1e9;

/** What else the load may depend on, such as irradiance, cloud cover, wind or the installed PV capacity. */
export interface ExtraInput {
  /** lower-case letters, digits and `_`, or that of a weather variable */
  readonly name: string;
  /** in a unit of its own, mean of the hour; NaN where unknown */
  readonly hourly: HourlySeries;
}

/** Readings of a further input. */
export interface ExtraReadings<R extends Readings = readonly Reading[]> {
  readonly name: string;
  readonly readings: R;
}
