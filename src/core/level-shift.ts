/** A lasting change of the load's level, such as customers or a feeder that came or went. */
export interface LevelShift {
  /** first hour at the new level, UTC ms */
  readonly startMs: number;
  /** log of the new level over the old one */
  readonly logRatio: number;
}
