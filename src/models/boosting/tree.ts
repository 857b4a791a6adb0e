/** A regression tree. A node is an inner one, or, written as −1 − leaf, a leaf; the root is node 0 unless it is a leaf. */
export interface Tree {
  /** column and threshold of each inner node: value ≤ threshold, or no number, goes left */
  readonly columns: Int16Array;
  readonly thresholds: Float64Array;
  readonly left: Int16Array;
  readonly right: Int16Array;
  /** one more than inner nodes */
  readonly leaves: Float64Array;
}

/** Sum of the trees' values for each row. */
export function sumOfTrees(
  trees: readonly Tree[],
  columns: readonly Float32Array[],
  rows: number,
): Float64Array {
  const sums = new Float64Array(rows);
  for (const tree of trees)
    for (let row = 0; row < rows; row++) sums[row]! += tree.leaves[leafOf(tree, columns, row)]!;
  return sums;
}

function leafOf(tree: Tree, columns: readonly Float32Array[], row: number): number {
  let node = tree.columns.length > 0 ? 0 : -1;
  while (node >= 0) {
    const above = columns[tree.columns[node]!]![row]! > tree.thresholds[node]!;
    node = above ? tree.right[node]! : tree.left[node]!;
  }
  return -1 - node;
}
