import { longestHorizonHours } from './horizon.js';

/** Point and quantile figures of PROTOCOL section 2 over one set of hours. NaN where nothing could be scored. */
export interface Accuracy {
  readonly n: number;
  /** hours with a truth ≤ 0, left out of the MAPE */
  readonly nonPositive: number;
  readonly mape: number;
  readonly mae: number;
  readonly rmse: number;
  /** mean of forecast − actual, MW */
  readonly bias: number;
  readonly r2: number;
  /** MAE / mean load */
  readonly nmae: number;
  /** mean pinball loss over the issued quantiles / mean load, %; NaN without quantiles */
  readonly pinballPct: number;
  /** share of hours inside the 10–90 % band, % */
  readonly coverage1090: number;
  /** mean width of that band / mean load, % */
  readonly widthPct: number;
}

type UsualLeadKey = 'all' | 'day1' | 'day2' | 'day3';
type FurtherLeadKey = 'day4' | 'day5' | 'day6' | 'day7';
export type LeadKey = UsualLeadKey | FurtherLeadKey;

const usualKeys: readonly UsualLeadKey[] = ['all', 'day1', 'day2', 'day3'];
const furtherKeys: readonly FurtherLeadKey[] = ['day4', 'day5', 'day6', 'day7'];
const everyKey: readonly LeadKey[] = [...usualKeys, ...furtherKeys];

/** One figure for all lead hours and one for each lead day; days 4 to 7 where forecasts reach so far. */
export type ByLead<T> = Readonly<Record<UsualLeadKey, T>> &
  Readonly<Partial<Record<FurtherLeadKey, T>>>;

/** Lead hours of a bucket, half-open. */
export function leadRange(key: LeadKey): readonly [from: number, to: number] {
  const day = everyKey.indexOf(key);
  return day === 0 ? [0, longestHorizonHours] : [24 * (day - 1), 24 * day];
}

/**
 * One figure for each lead bucket.
 * @param horizonHours how far the forecasts reach
 */
export function byLead<T>(horizonHours: number, figure: (key: LeadKey) => T): ByLead<T> {
  const further = furtherKeys.filter((key) => leadRange(key)[0] < horizonHours);
  return {
    all: figure('all'),
    day1: figure('day1'),
    day2: figure('day2'),
    day3: figure('day3'),
    ...Object.fromEntries(further.map((key) => [key, figure(key)])),
  };
}

/** The buckets that figures are there for, in their order. */
export function leadKeysOf(figures: ByLead<unknown>): LeadKey[] {
  return everyKey.filter((key) => figures[key] !== undefined);
}

export type AccuracyByLead = ByLead<Accuracy>;

/** Does the forecast move as the load moves? PROTOCOL section 2, (a) direction, (c) shape, (d) peak. */
export interface TrendFigures {
  /** share of scored hour-to-hour moves with the right sign, % */
  readonly directionPct: number;
  readonly directionN: number;
  /** mean Spearman correlation of each whole local day */
  readonly shapeCorrelation: number;
  /** share of whole local days whose peak hour is exact / within one hour, % */
  readonly peakHourExactPct: number;
  readonly peakHourWithin1Pct: number;
  /** mean of |forecast peak − actual peak| / actual peak, % */
  readonly peakSizeErrorPct: number;
  /** mean of (forecast peak − actual peak) / actual peak, % */
  readonly peakSizeBiasPct: number;
  readonly days: number;
}

/** Keyed by lead day; days that span two lead days count for the later one. */
export interface TrendConsistency {
  readonly byLead: ByLead<{ forecast: TrendFigures; naive: TrendFigures }>;
}

/** One class of injected fault, over all evaluated days. */
export interface FaultResponse {
  readonly fault: string;
  /** where the fault ended before the issue time, hours */
  readonly endedHoursBefore: number;
  readonly forecasts: number;
  /** ΣMAE of the faulty twins / ΣMAE of the clean ones */
  readonly errorRatio: number;
  /** mean |change of forecast| / mean |change of input|; null where the fault removes values */
  readonly gain: number | null;
  readonly degradedPct: number;
  readonly fallbackPct: number;
  /** non-finite or missing forecast values: any is a failure */
  readonly nonFinite: number;
}

export interface AnomalySensitivity {
  readonly days: number;
  readonly faults: readonly FaultResponse[];
  /** share of faulty hours that cleaning found, % */
  readonly detectionRecallPct: number;
  /** hours wrongly marked per clean day */
  readonly falseAlarmsPerDay: number;
  /** true if every faulty forecast was finite and whole */
  readonly passed: boolean;
}

/** One stored evaluation of a series. */
export interface Evaluation {
  readonly id: string;
  readonly seriesId: string;
  readonly createdAtMs: number;
  readonly kind: 'issued' | 'replay';
  readonly firstIssuedAtMs: number;
  readonly lastIssuedAtMs: number;
  readonly forecasts: number;
  readonly blend: AccuracyByLead;
  readonly members: Readonly<Record<string, AccuracyByLead>>;
  /** the same figures on named groups of days, such as ordinary days and the turn of the year */
  readonly groups: Readonly<Record<string, { blend: AccuracyByLead; naive: AccuracyByLead }>>;
  readonly trend: TrendConsistency;
  /** null where it was not run */
  readonly anomaly: AnomalySensitivity | null;
}
