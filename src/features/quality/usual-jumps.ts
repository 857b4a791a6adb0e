import { sortedQuantile } from '../../core/metrics.js';
import { unusualRise, type UsualLoad } from './usual-load.js';

/** What a load does from one row to the next by its nature, on its scale. */
export interface UsualJumps {
  /** unusual rise of each row over the last known one before; 0 where unknown */
  readonly rises: Float64Array;
  /** a rise that marks the begin or the end of another level */
  readonly breakLeast: number;
  /** a rise that marks a spike if the load falls back at once */
  readonly spikeLeast: number;
}

/** Smallest break and spike that are looked for in the calmest series. */
const calmest = {
  ratio: { break: 0.1, spike: 0.08 },
  range: { break: 0.25, spike: 0.15 },
} as const;

export function usualJumps(
  levels: Float64Array,
  usual: UsualLoad,
  kind: 'ratio' | 'range',
  rowsPerDay: number,
): UsualJumps {
  const rises = unusualRises(levels, usual, rowsPerDay);
  const sizes = rises
    .map(Math.abs)
    .filter((size) => size > 0)
    .sort();
  // There and back within one row: the smaller of two rises of opposite sign.
  const returns = rises
    .map((rise, row) => {
      const next = rises[row + 1] ?? 0;
      return rise * next < 0 ? Math.min(Math.abs(rise), Math.abs(next)) : 0;
    })
    .sort();
  const least = calmest[kind];
  return {
    rises,
    breakLeast: Math.max(least.break, 3 * known(sortedQuantile(sizes, 0.995))),
    spikeLeast: Math.max(
      least.spike,
      // The first is blind to many faults, the second to few.
      Math.min(8 * known(sortedQuantile(returns, 0.99)), 3 * known(sortedQuantile(returns, 0.999))),
    ),
  };
}

/** Over a gap a load strays by its nature as well; such a rise counts for less, over three days for nothing. */
function unusualRises(levels: Float64Array, usual: UsualLoad, rowsPerDay: number): Float64Array {
  const rises = new Float64Array(levels.length);
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < levels.length; row++) {
    if (Number.isNaN(levels[row]!)) continue;
    const days = (row - last - 1) / rowsPerDay;
    if (days <= 3) rises[row] = unusualRise(levels, usual, last, row) / (1 + days / 2);
    last = row;
  }
  return rises;
}

function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
