import type { TemperatureSource } from './history.js';

/** Probability levels of every issued forecast, ascending. */
export const quantileLevels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95] as const;

/** full = all members, inputs in time; degraded = something missing or substituted; fallback = from the ladder. */
export type Quality = 'full' | 'degraded' | 'fallback';

/** The worse of two qualities. */
export function worstQuality(a: Quality, b: Quality): Quality {
  const order: readonly Quality[] = ['full', 'degraded', 'fallback'];
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

export interface ForecastMember {
  readonly name: string;
  /** version of the fitted model, such as `lstm-20141201-3f2a` */
  readonly version: string;
  /** blend weight on each lead day; convex over the members */
  readonly weightsByLeadDay: readonly number[];
  /** why the member was left out of this run, or null */
  readonly leftOut: string | null;
}

export interface ForecastValue {
  /** start of the hour, UTC ms */
  readonly startMs: number;
  /** hours from the issue time to the start of the hour, from 0 on */
  readonly leadHours: number;
  readonly pointMw: number;
  /** aligned with `quantileLevels`, non-decreasing */
  readonly quantilesMw: readonly number[];
  /** change that known events bring, MW: part of point and quantiles, not of the members; absent = none */
  readonly eventMw?: number;
  /** each member's own value by name; null where it was left out */
  readonly memberMw: Readonly<Record<string, number | null>>;
  /** each member's weight by name, 0 where it was left out */
  readonly memberWeight: Readonly<Record<string, number>>;
  /** temperature the forecast used, or null */
  readonly temperatureC: number | null;
  readonly quality: Quality;
}

/** How the load of a forecast's hours is spread over shorter intervals. */
export interface WithinHours {
  /** length of an interval: 15 or 30 */
  readonly minutes: number;
  /** interval less hour, MW, shape (hours × intervals of an hour,); the sum of each hour is 0 */
  readonly deviationMw: Float64Array;
  /** how much wider the bands of an hour's intervals are than its own, at least 1, shape (hours,) */
  readonly widening: Float64Array;
}

/** One vintage. Never changed once stored. */
export interface Forecast {
  readonly id: string;
  readonly seriesId: string;
  readonly issuedAtMs: number;
  /** when the program computed it; differs from the issue time in a replay */
  readonly createdAtMs: number;
  readonly kind: 'issued' | 'replay';
  readonly quality: Quality;
  /** what is missing or substituted, in words, and what to do; null when quality is full */
  readonly reason: string | null;
  /** end of the last load hour that was known */
  readonly dataCutoffMs: number;
  readonly temperatureSource: TemperatureSource;
  /** id of the bundle of models, or null for a fallback without models */
  readonly bundleId: string | null;
  readonly members: readonly ForecastMember[];
  /** one an hour; what it is published with is what `intervalsOf` makes of them */
  readonly values: readonly ForecastValue[];
  /** course within the hours, where the loads are of a finer resolution */
  readonly withinHours?: WithinHours;
  /**
   * How far the blend differs between the weather forecasts there were, on each lead day, on the scale of the load; absent
   * where there were too few
   */
  readonly weatherSpread?: readonly number[];
  /** ranks of 200 paths, see `pathsFromRanks`; absent where they were not read, and in forecasts of before there were any */
  readonly pathRanks?: Uint8Array;
}
