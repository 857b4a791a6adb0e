/** Bin edges of one column: value ≤ edge[b] falls into bin b or one before; above the last edge into the last bin. */
export type BinEdges = Float64Array;

/** so many that a bin fits a byte */
export const mostBins = 127;
/** values from which edges are found */
const sampled = 20_000;

/**
 * Edges half-way between distinct values, at quantiles where there are more than `mostBins`.
 * @param values NaN counts as the least
 * @returns ascending, at most `mostBins − 1`
 */
export function binEdges(values: Float32Array): BinEdges {
  const stride = Math.max(1, Math.floor(values.length / sampled));
  const ascending = values.filter((value, i) => i % stride === 0 && !Number.isNaN(value)).sort();
  const edges: number[] = [];
  const distinct = countDistinct(ascending);
  if (distinct <= mostBins) {
    for (let i = 1; i < ascending.length; i++)
      if (ascending[i]! > ascending[i - 1]!) edges.push((ascending[i]! + ascending[i - 1]!) / 2);
    return Float64Array.from(edges);
  }
  for (let bin = 1; bin < mostBins; bin++) {
    const at = Math.round((bin * ascending.length) / mostBins);
    const edge = (ascending[at - 1]! + ascending[at]!) / 2;
    if (edge > (edges.at(-1) ?? Number.NEGATIVE_INFINITY) && edge < ascending.at(-1)!)
      edges.push(edge);
  }
  return Float64Array.from(edges);
}

/** Bin of each value. */
export function binsOf(values: Float32Array, edges: BinEdges): Uint8Array {
  const bins = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) bins[i] = binOf(values[i]!, edges);
  return bins;
}

function binOf(value: number, edges: BinEdges): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > edges[middle]!) low = middle + 1;
    else high = middle;
  }
  // NaN is above no edge: the search ends at bin 0.
  return low;
}

function countDistinct(ascending: Float32Array): number {
  let count = ascending.length > 0 ? 1 : 0;
  for (let i = 1; i < ascending.length; i++) if (ascending[i]! > ascending[i - 1]!) count++;
  return count;
}
