/** Running record of the gradient's length, by which a training that explodes is told from one that only jumps. */
export interface NormMonitor {
  /** the last norms that were not high, oldest first */
  readonly norms: readonly number[];
  /** high norms in a row up to the last step */
  readonly highInARow: number;
}

export const initialMonitor: NormMonitor = { norms: [], highInARow: 0 };

const WINDOW = 100;
/**
 * A norm is high above so many medians: healthy trainings of the LSTM member, also at eight times its rate and without
 * clipping, stayed below 2, for the norm falls as the network learns; those that explode go to hundreds.
 */
const HIGH_FACTOR = 20;
/** High norms in a row that are an explosion: one batch with a wild reading gives one, and Adam forgets it. */
const EXPLODED_STEPS = 5;

/** The median of the window; null while it is empty. */
export function medianNorm({ norms }: NormMonitor): number | null {
  if (norms.length === 0) return null;
  const sorted = norms.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

/** The monitor after one more step. High norms stay out of the window: the median is that of the healthy steps. */
export function watchNorm(monitor: NormMonitor, norm: number): NormMonitor {
  const median = medianNorm(monitor);
  if (median !== null && !(norm <= HIGH_FACTOR * median))
    return { norms: monitor.norms, highInARow: monitor.highInARow + 1 };
  return { norms: [...monitor.norms, norm].slice(-WINDOW), highInARow: 0 };
}

export function hasExploded(monitor: NormMonitor): boolean {
  return monitor.highInARow >= EXPLODED_STEPS;
}
