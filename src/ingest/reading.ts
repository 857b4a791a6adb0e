/** Value of the interval that starts at `startMs`, UTC: MW or °C. The store takes and gives the same shape. */
export interface Reading {
  readonly startMs: number;
  readonly value: number;
}
