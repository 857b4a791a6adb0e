/**
 * Value of one interval: MW or °C. Intervals of one series may differ in length, as where a grid operator went over to
 * quarter hours.
 */
export interface Reading {
  /** UTC */
  readonly startMs: number;
  /** length of the interval */
  readonly minutes: number;
  readonly value: number;
}

export function endOfReading({ startMs, minutes }: Pick<Reading, 'startMs' | 'minutes'>): number {
  return startMs + minutes * 60_000;
}
