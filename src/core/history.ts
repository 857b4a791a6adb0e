import type { CalendarEntry } from './calendar-entry.js';
import type { ExtraInput } from './extra-input.js';
import { usualHorizonHours } from './horizon.js';
import type { HourlySeries } from './hourly.js';
import type { FaultKind } from './load-mark.js';
import type { NativeLoad } from './native-load.js';
import type { Interval } from './time.js';

/** Where a series lives: what the calendar needs to know of it. */
export interface Place {
  /** IANA zone of the local calendar */
  readonly zone: string;
  /**
   * date-holidays region such as `AU-VIC`, several with the weights of their loads such as `DE-BY:13.2,DE-NW:18.0`, or
   * null for no public holidays
   */
  readonly holidayRegion: string | null;
  /** what has been added to the calendar, as it was known; absent = nothing */
  readonly entries?: readonly CalendarEntry[];
}

/**
 * Everything known of one series at one instant. Load values end where knowledge ends: a reader cuts the arrays, so
 * no model can look past its issue time. Temperature goes on through the horizon where a forecast of it exists.
 */
export interface History {
  readonly place: Place;
  /** MW, mean of the hour */
  readonly load: HourlySeries;
  /** the same as it was measured, where that is in half or quarter hours and forecasts are to be so too */
  readonly native?: NativeLoad;
  /** °C; on the same grid start as `load`, usually longer; NaN where unknown */
  readonly temperature: HourlySeries;
  /** on the same grid as `load`, through the horizon where they are known for it; absent: none */
  readonly extras?: readonly ExtraInput[];
  /** what the screening of loads has to leave alone; absent: nothing */
  readonly screening?: Screening;
  /** hours that its forecasts cover, whole days; absent: 72 */
  readonly horizonHours?: number;
}

/** Hours that forecasts of a history cover. */
export function horizonOf({ horizonHours }: Pick<History, 'horizonHours'>): number {
  return horizonHours ?? usualHorizonHours;
}

/** Loads that are believed whatever they look like. */
export interface Screening {
  /** faults that are not to be taken out */
  readonly ignored: readonly FaultKind[];
  /** times whose loads a person vouches for */
  readonly trusted: readonly Interval[];
}

/** Where the temperature of the horizon came from. */
export type TemperatureSource =
  | 'actual' // ex post: flatters the forecast, always said
  | 'model' // actual plus the protocol's error model
  | 'file' // rows after the last load in the user's file
  | 'open-meteo'
  | 'climatology' // mean of that hour of the year, corrected by the last error
  | 'none';
