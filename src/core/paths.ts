import { quantileLevels, type ForecastValue } from './forecast.js';

/** Paths of one forecast. */
export const pathCount = 200;

/**
 * Equally likely courses of the load over a forecast's hours. Those of one hour are spread evenly over its quantiles, so
 * that each hour by itself is as the forecast says; which of them belong together the ranks say.
 * @param ranks of the paths among each other, row-major, shape (hours, 200), each row the numbers 0 … 199
 * @returns one course a path, MW, shape (hours,)
 */
export function pathsFromRanks(
  values: readonly Pick<ForecastValue, 'quantilesMw'>[],
  ranks: Uint8Array,
): Float64Array[] {
  if (ranks.length !== values.length * pathCount)
    throw new RangeError(`${ranks.length} ranks for ${values.length} hours of ${pathCount} paths`);
  return Array.from({ length: pathCount }, (_, path) =>
    Float64Array.from(values, ({ quantilesMw }, hour) =>
      quantileAt(quantilesMw, (ranks[hour * pathCount + path]! + 0.5) / pathCount),
    ),
  );
}

/**
 * Load at a probability: linear between the issued quantiles, and beyond the outer ones with tails that halve as fast as
 * from 0.1 to 0.05.
 * @param quantilesMw aligned with `quantileLevels`
 * @param probability in (0, 1)
 */
export function quantileAt(quantilesMw: readonly number[], probability: number): number {
  const last = quantileLevels.length - 1;
  const [lowest, highest] = [quantileLevels[0], quantileLevels[last]!];
  if (probability < lowest) {
    const halving = quantilesMw[1]! - quantilesMw[0]!;
    return quantilesMw[0]! - halving * Math.log2(lowest / probability);
  }
  if (probability > highest) {
    const halving = quantilesMw[last]! - quantilesMw[last - 1]!;
    return quantilesMw[last]! + halving * Math.log2((1 - highest) / (1 - probability));
  }
  const above = Math.max(
    1,
    quantileLevels.findIndex((level) => level >= probability),
  );
  const [from, to] = [quantileLevels[above - 1]!, quantileLevels[above]!];
  const share = (probability - from) / (to - from);
  return quantilesMw[above - 1]! + share * (quantilesMw[above]! - quantilesMw[above - 1]!);
}
