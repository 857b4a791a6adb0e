/** What may be wrong with loads. */
export const faultKinds = [
  'gap',
  'not-positive',
  'stuck',
  'spike',
  'wrong-level',
  'wrong-unit',
  'reversed-sign',
  'cumulative',
  'copied',
  'interpolated',
  'clock-change',
  'level-shift',
  'displaced',
  'ignores-clock-change',
  'day-month',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Faults that concern a stretch as a whole, of which the values may be real. */
export const warningKinds: ReadonlySet<FaultKind> = new Set([
  'level-shift',
  'displaced',
  'ignores-clock-change',
  'day-month',
]);

/**
 * What is done with loads of a fault: `keep` nothing; `mark` they are shown as doubtful, and used; `mask` no model learns
 * from them, and forecasts see a substitute; `impute` like `mask`, but where at most six hours are missing models learn
 * from the substitute.
 */
export const treatments = ['keep', 'mark', 'mask', 'impute'] as const;
export type Treatment = (typeof treatments)[number];

/** Loads that are not believed, or that a person believes in spite of it. */
export interface LoadMark {
  readonly id: number;
  readonly startMs: number;
  readonly endMs: number;
  /** `person`: what a person said of these hours, whatever the inspection found */
  readonly kind: FaultKind | 'person';
  readonly treatment: Treatment;
  /** in words a person can act on */
  readonly reason: string;
  readonly madeBy: 'inspection' | 'person';
  readonly madeAtMs: number;
  readonly withdrawnAtMs: number | null;
  /** the hours that it took away, ascending; none of `keep` and `mark` */
  readonly values: readonly MarkedValue[];
}

export interface MarkedValue {
  readonly startMs: number;
  /** as measured, mean of the hour */
  readonly loadMw: number;
  /** what stands in for it; null where nothing could be imputed */
  readonly substituteMw: number | null;
}

export type NewLoadMark = Omit<LoadMark, 'id' | 'madeAtMs' | 'withdrawnAtMs'>;
