import { mostBins, type BinEdges } from './bins.js';
import type { Histograms } from './histograms.js';
import type { Tree } from './tree.js';

export interface GrowOptions {
  readonly leaves: number;
  readonly minRows: number;
  /** in rows, added to each count */
  readonly l2: number;
}

/** Columns in bins, and where their histograms are built. */
export interface BinnedColumns {
  readonly histograms: Histograms;
  readonly edges: readonly BinEdges[];
}

/** A tree and where its rows ended. */
export interface GrownTree {
  readonly tree: Tree;
  /** where the rows of each leaf now stand */
  readonly leafRows: readonly Int32Array[];
  /** leaf of any row by its bins */
  readonly leafOf: (row: number) => number;
}

interface Leaf {
  readonly start: number;
  readonly end: number;
  /** sums of gradients and counts in turn, `2 × mostBins` for each tried column */
  readonly histogram: Float64Array;
  readonly sum: number;
  readonly split: Split | null;
  /** which pointer of which inner node leads here; −1: the root */
  readonly parent: number;
  readonly isRight: boolean;
}

interface Split {
  readonly gain: number;
  /** place in the tried columns */
  readonly tried: number;
  readonly bin: number;
  readonly leftSum: number;
  readonly leftCount: number;
}

/**
 * Grows a tree leaf by leaf, always at the split with the largest gain Σ G² / (n + λ).
 * @param grownOn rows to grow on, ascending
 * @param gradients negative gradient of the loss, one for each row of the columns
 * @param tried columns that may be split at
 * @see Ke et al. (2017), LightGBM: A Highly Efficient Gradient Boosting Decision Tree, for growth by leaf and histograms
 * of the smaller child alone
 */
export function growTree(
  { histograms, edges }: BinnedColumns,
  grownOn: Int32Array,
  gradients: Float64Array,
  tried: Int32Array,
  options: GrowOptions,
): GrownTree {
  const { memory } = histograms;
  const { bins } = memory;
  const rows = memory.rows.subarray(0, grownOn.length);
  const gathered = memory.gathered.subarray(0, grownOn.length);
  rows.set(grownOn);
  for (let i = 0; i < rows.length; i++) gathered[i] = gradients[rows[i]!]!;
  memory.tried.set(tried);
  const spareRows = new Int32Array(rows.length);
  const spareGradients = new Float64Array(rows.length);
  let slots = 0;
  const histogramOf = (start: number, end: number): Float64Array =>
    histograms.build(tried.length, start, end, slots++);
  const sumOf = (start: number, end: number): number => {
    let sum = 0;
    for (let i = start; i < end; i++) sum += gathered[i]!;
    return sum;
  };
  const best = (histogram: Float64Array, count: number, sum: number): Split | null =>
    bestSplit(histogram, tried.length, count, sum, options);

  const total = sumOf(0, rows.length);
  const whole = histogramOf(0, rows.length);
  const leaves: Leaf[] = [
    {
      start: 0,
      end: rows.length,
      histogram: whole,
      sum: total,
      split: best(whole, rows.length, total),
      parent: -1,
      isRight: false,
    },
  ];
  const columns: number[] = [];
  const splitBins: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  while (leaves.length < options.leaves) {
    const index = indexOfBest(leaves);
    const leaf = leaves[index];
    if (!leaf?.split) break;
    const { split, start, end } = leaf;
    const column = tried[split.tried]!;
    const middle = start + split.leftCount;
    partition(bins[column]!, split.bin, { rows, gathered, spareRows, spareGradients }, start, end);
    const node = columns.length;
    columns.push(column);
    splitBins.push(split.bin);
    left.push(0);
    right.push(0);
    if (leaf.parent >= 0) (leaf.isRight ? right : left)[leaf.parent] = node;
    const leftIsSmaller = middle - start <= end - middle;
    const small = leftIsSmaller ? histogramOf(start, middle) : histogramOf(middle, end);
    const large = leaf.histogram;
    for (let i = 0; i < large.length; i++) large[i]! -= small[i]!;
    const child = (isRight: boolean): Leaf => {
      const [from, to] = isRight ? [middle, end] : [start, middle];
      const sum = isRight ? leaf.sum - split.leftSum : split.leftSum;
      const histogram = isRight === leftIsSmaller ? large : small;
      const next = best(histogram, to - from, sum);
      return { start: from, end: to, histogram, sum, split: next, parent: node, isRight };
    };
    leaves[index] = child(false);
    leaves.push(child(true));
  }
  for (const [index, leaf] of leaves.entries())
    if (leaf.parent >= 0) (leaf.isRight ? right : left)[leaf.parent] = -1 - index;
  const tree: Tree = {
    columns: Int16Array.from(columns),
    thresholds: Float64Array.from(columns, (column, node) => edges[column]![splitBins[node]!]!),
    left: Int16Array.from(left),
    right: Int16Array.from(right),
    leaves: new Float64Array(leaves.length),
  };
  const nodeBins = columns.map((column) => bins[column]!);
  return {
    tree,
    leafRows: leaves.map(({ start, end }) => rows.subarray(start, end)),
    leafOf: (row) => {
      let node = columns.length > 0 ? 0 : -1;
      while (node >= 0)
        node = nodeBins[node]![row]! > splitBins[node]! ? tree.right[node]! : tree.left[node]!;
      return -1 - node;
    },
  };
}

function indexOfBest(leaves: readonly Leaf[]): number {
  let best = -1;
  for (const [index, { split }] of leaves.entries())
    if (split && split.gain > (leaves[best]?.split?.gain ?? 0)) best = index;
  return best;
}

function bestSplit(
  histogram: Float64Array,
  columns: number,
  count: number,
  sum: number,
  { minRows, l2 }: GrowOptions,
): Split | null {
  if (count < 2 * minRows) return null;
  const without = (sum * sum) / (count + l2);
  let found: Split | null = null;
  let greatest = 1e-10;
  for (let t = 0; t < columns; t++) {
    let leftSum = 0;
    let leftCount = 0;
    for (let bin = 0; bin < mostBins - 1; bin++) {
      const at = 2 * (mostBins * t + bin);
      const here = histogram[at + 1]!;
      if (here === 0) continue;
      leftSum += histogram[at]!;
      leftCount += here;
      if (leftCount < minRows) continue;
      const rightCount = count - leftCount;
      if (rightCount < minRows) break;
      const rightSum = sum - leftSum;
      const gain =
        (leftSum * leftSum) / (leftCount + l2) +
        (rightSum * rightSum) / (rightCount + l2) -
        without;
      if (gain > greatest) {
        greatest = gain;
        found = { gain, tried: t, bin, leftSum, leftCount };
      }
    }
  }
  return found;
}

/** Rows of bins up to the split's stand before the others; the order within both stays. */
function partition(
  bins: Uint8Array,
  splitBin: number,
  space: {
    readonly rows: Int32Array;
    readonly gathered: Float64Array;
    readonly spareRows: Int32Array;
    readonly spareGradients: Float64Array;
  },
  start: number,
  end: number,
): void {
  const { rows, gathered, spareRows, spareGradients } = space;
  let low = start;
  let high = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i]!;
    if (bins[row]! > splitBin) {
      spareRows[high] = row;
      spareGradients[high++] = gathered[i]!;
    } else {
      rows[low] = row;
      gathered[low++] = gathered[i]!;
    }
  }
  for (let i = 0; i < high; i++) {
    rows[low + i] = spareRows[i]!;
    gathered[low + i] = spareGradients[i]!;
  }
}
