import type { ExtraReadings } from './extra-input.js';
import type { LoadStage } from './load-stage.js';
import type { Reading } from './reading.js';

/** What is sent to a live series at a time. */
export interface PushedReadings {
  /** of the loads */
  readonly stage: LoadStage;
  /** MW */
  readonly load: readonly Reading[];
  /** °C */
  readonly temperature: readonly Reading[];
  /** further inputs, each name once */
  readonly extras: readonly ExtraReadings[];
}
