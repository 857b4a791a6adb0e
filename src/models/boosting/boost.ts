import { sortedQuantile } from '../../core/metrics.js';
import { createRandom, shuffle } from '../../core/random.js';
import { binEdges, binsOf } from './bins.js';
import { growTree, type GrowOptions } from './grow-tree.js';
import { openHistograms } from './histograms.js';
import type { Tree } from './tree.js';

export interface BoostOptions extends GrowOptions {
  readonly trees: number;
  readonly learningRate: number;
  /** share of the columns that a tree may split at */
  readonly columnShare: number;
  /** share of the rows that a tree is grown on */
  readonly rowShare: number;
  /** level of the quantile that is learned: 0.5, the median, minimises the absolute error */
  readonly level: number;
  readonly seed: number;
  /** that build histograms; the trees are the same whatever their number */
  readonly threads: number;
}

/** Rows that no tree is grown on; the number of trees with the least loss on them is kept. */
export interface BoostValidation {
  /** 1 for rows to validate on */
  readonly rows: Uint8Array;
  /** trees without a gain after which no more are grown */
  readonly patience: number;
}

/** Trees that add up to a quantile, from a constant on. */
export interface Boosted {
  readonly constant: number;
  readonly trees: readonly Tree[];
  /** mean pinball loss on the validation rows after each tree; empty without such rows */
  readonly losses: readonly number[];
}

/**
 * Gradient boosting on histograms for the pinball loss: each tree follows the loss's gradient, then each of its leaves
 * takes the quantile of what is left in it.
 * @param columns shape (columns, rows)
 * @see Friedman (2001), Greedy function approximation: a gradient boosting machine, algorithm 3
 */
export async function boost(
  columns: readonly Float32Array[],
  target: Float64Array,
  options: BoostOptions,
  validation: BoostValidation | null = null,
): Promise<Boosted> {
  const { level, learningRate, seed } = options;
  const known = (column: Float32Array): Float32Array =>
    validation ? column.filter((_, row) => validation.rows[row] === 0) : column;
  const edges = columns.map((column) => binEdges(known(column)));
  const bins = columns.map((column, j) => binsOf(column, edges[j]!));
  const all = Int32Array.from(target, (_, row) => row);
  const training = validation ? all.filter((row) => validation.rows[row] === 0) : all;
  const held = validation ? all.filter((row) => validation.rows[row] === 1) : new Int32Array(0);
  const rest = target.slice();
  const constant = quantileOf(
    Float64Array.from(training, (row) => target[row]!),
    level,
  );
  for (let row = 0; row < rest.length; row++) rest[row]! -= constant;

  const gradients = new Float64Array(rest.length);
  const trees: Tree[] = [];
  const losses: number[] = [];
  let best = 0;
  const grown = Math.max(1, Math.round(options.rowShare * training.length));
  const histograms = openHistograms(bins, grown, options.leaves, options.threads);
  try {
    for (let index = 0; index < options.trees; index++) {
      for (let row = 0; row < rest.length; row++)
        gradients[row] = rest[row]! > 0 ? level : level - 1;
      const grownOn = drawn(training, options.rowShare, 'rows', seed, index).sort();
      const tried = drawn(
        Int32Array.from(columns, (_, column) => column),
        options.columnShare,
        'columns',
        seed,
        index,
      ).sort();
      const { tree, leafRows, leafOf } = growTree(
        { histograms, edges },
        grownOn,
        gradients,
        tried,
        options,
      );
      for (const [leaf, rows] of leafRows.entries()) {
        const left = Float64Array.from(rows, (row) => rest[row]!);
        tree.leaves[leaf] = learningRate * quantileOf(left, level);
      }
      for (let row = 0; row < rest.length; row++) rest[row]! -= tree.leaves[leafOf(row)]!;
      trees.push(tree);
      if (!validation) continue;
      losses.push(meanPinball(rest, held, level));
      if (losses.at(-1)! < losses[best]!) best = index;
      if (index - best >= validation.patience) break;
    }
  } finally {
    await histograms.close();
  }
  return { constant, trees: validation ? trees.slice(0, best + 1) : trees, losses };
}

function drawn(
  from: Int32Array,
  share: number,
  what: string,
  seed: number,
  index: number,
): Int32Array {
  const order = from.slice();
  shuffle(order, createRandom('boosting', what, seed, index));
  return order.slice(0, Math.max(1, Math.round(share * from.length)));
}

function meanPinball(rest: Float64Array, rows: Int32Array, level: number): number {
  let sum = 0;
  for (const row of rows) sum += rest[row]! > 0 ? level * rest[row]! : (level - 1) * rest[row]!;
  return sum / rows.length;
}

/** Sorts in place; 0 of nothing. */
function quantileOf(values: Float64Array, level: number): number {
  return values.length === 0 ? 0 : sortedQuantile(values.sort(), level);
}
