import type { FaultKind } from './load-mark.js';

/** A stretch of load that is doubted, in words a person can act on. */
export interface LoadFinding {
  readonly kind: FaultKind;
  /** UTC; `[startMs, endMs)` */
  readonly startMs: number;
  readonly endMs: number;
  /** native values concerned; of a gap, those that are missing */
  readonly count: number;
  readonly reason: string;
  /** measured over expected load, where the fault is a factor (−1 = reversed sign); null elsewhere */
  readonly factor: number | null;
  /** hours by which the daily course comes late (early, if negative), where that is the fault; null elsewhere */
  readonly lateHours: number | null;
}
