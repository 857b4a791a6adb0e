import { duration, type Inspection, type RowFinding } from './inspection.js';
import { rowsOf } from './load-grid.js';
import { unitFactor } from './unit-factors.js';
import type { UsualLoad } from './usual-load.js';

const factors = [-1, 1e6, 1000, 100, 10, 4, 1e-6, 1e-3, 0.01, 0.1, 0.25];
const leastHours = 6;
/** Evidence of one row counts up to this many usual days' ranges. */
const mostOfARow = 1;
/** What a row must bring above it to count, and what all must bring together. */
const [leastOfARow, leastOfAll] = [0.08, 3];

/**
 * Stretches of a series around zero that fit what is usual once divided by −1 or a factor between units. A positive
 * series shows them as levels and as negative values instead.
 */
export function findScaled({ grid, scale, levels }: Inspection, usual: UsualLoad): RowFinding[] {
  if (scale.kind !== 'range') return [];
  const taken = new Uint8Array(levels.length);
  const findings: RowFinding[] = [];
  for (const factor of factors) {
    for (const { from, to } of evidentStretches(grid, evidence(levels, usual, factor, taken))) {
      if (!fits(levels, usual, factor, from, to)) continue;
      taken.fill(1, from, to);
      const span = duration(grid, to - from);
      findings.push(
        factor === -1
          ? {
              kind: 'reversed-sign',
              from,
              to,
              factor,
              reason: `${span} that fit the usual load with the sign turned; import and export are exchanged`,
            }
          : {
              kind: 'wrong-unit',
              from,
              to,
              factor,
              reason: `${span} at ${unitFactor(Math.log(factor))?.reason ?? ''}`,
            },
      );
    }
  }
  return findings;
}

/** How much better a row fits what is usual when divided by the factor; 0 where unknown. */
function evidence(
  levels: Float64Array,
  { byDays, byWeeks }: UsualLoad,
  factor: number,
  taken: Uint8Array,
): Float64Array {
  return levels.map((level, row) => {
    if (taken[row] === 1) return Number.NEGATIVE_INFINITY;
    const better = [byDays[row]!, byWeeks[row]!].map(
      (usual) => Math.abs(level - usual) - Math.abs(level / factor - usual),
    );
    const least = Math.min(...better.filter((gain) => !Number.isNaN(gain)));
    return Number.isFinite(least)
      ? Math.max(-mostOfARow, Math.min(mostOfARow, least)) - leastOfARow
      : 0;
  });
}

/** Stretches of the largest sums of evidence (Kadane's algorithm, restarted at each drop below zero). */
function evidentStretches(
  grid: { readonly stepMs: number },
  gains: Float64Array,
): { from: number; to: number }[] {
  const hour = rowsOf(grid, 1);
  const found: { from: number; to: number }[] = [];
  let [sum, best, from, to] = [0, 0, 0, 0];
  const close = (): void => {
    if (best >= leastOfAll * hour && to - from >= leastHours * hour) found.push({ from, to });
    [sum, best] = [0, 0];
  };
  for (let row = 0; row < gains.length; row++) {
    if (sum === 0) from = row;
    sum += gains[row]!;
    if (sum > best) [best, to] = [sum, row + 1];
    // A stretch ends where what follows it speaks as clearly against it.
    if (sum <= 0 || sum < best - leastOfAll * hour) {
      if (best > 0 && sum > 0) row = to - 1;
      close();
    }
  }
  close();
  return found;
}

/** Divided by the factor, the stretch must come close to what is usual, not only closer. */
function fits(
  levels: Float64Array,
  { byDays }: UsualLoad,
  factor: number,
  from: number,
  to: number,
): boolean {
  let [asIs, divided] = [0, 0];
  for (let row = from; row < to; row++) {
    const [level, usual] = [levels[row]!, byDays[row]!];
    if (!Number.isFinite(level + usual)) continue;
    asIs += Math.abs(level - usual);
    divided += Math.abs(level / factor - usual);
  }
  return divided < 0.5 * asIs;
}
