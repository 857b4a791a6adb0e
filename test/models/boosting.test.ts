import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { binEdges, binsOf, mostBins } from '../../src/models/boosting/bins.js';
import { boost, type Boosted, type BoostOptions } from '../../src/models/boosting/boost.js';
import { growTree } from '../../src/models/boosting/grow-tree.js';
import { openHistograms } from '../../src/models/boosting/histograms.js';
import { sumOfTrees } from '../../src/models/boosting/tree.js';

describe('bins', () => {
  it('lie half-way between distinct values, and what is no number is in the first', () => {
    const values = Float32Array.of(3, 1, 1, 7, Number.NaN, 3);
    const edges = binEdges(values);
    expect([...edges]).toEqual([2, 5]);
    expect([...binsOf(values, edges)]).toEqual([1, 0, 0, 2, 0, 1]);
    expect([...binsOf(Float32Array.of(-9, 2, 2.5, 99), edges)]).toEqual([0, 0, 1, 2]);
  });

  it('hold as many values each where there are more than bins', () => {
    const values = Float32Array.from({ length: 10_000 }, (_, i) => (i / 10_000) ** 3);
    const edges = binEdges(values);
    expect(edges).toHaveLength(mostBins - 1);
    const counts = new Int32Array(mostBins);
    for (const bin of binsOf(values, edges)) counts[bin]!++;
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(78);
    expect(Math.max(...counts)).toBeLessThanOrEqual(80);
  });

  it('of a column that never changes are one', () => {
    expect(binEdges(new Float32Array(5).fill(4))).toHaveLength(0);
  });
});

describe('a tree', () => {
  // the gradient steps at x = 3, and less at y = 1 where x is above 3
  const x = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const y = Float32Array.of(0, 1, 0, 1, 2, 2, 1, 2);
  const gradients = Float64Array.of(-5, -5, -5, 1, 4, 4, 1, 4);
  const columns = [x, y];
  const edges = columns.map(binEdges);
  const bins = columns.map((column, j) => binsOf(column, edges[j]!));
  const binned = { histograms: openHistograms(bins, 8, 99, 1), edges };
  const grow = (leaves: number, minRows = 1, l2 = 0) =>
    growTree(binned, Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7), gradients, Int32Array.of(0, 1), {
      leaves,
      minRows,
      l2,
    });

  it('splits where the squared sums gain most, then at the leaf that gains most', () => {
    const { tree, leafRows } = grow(3);
    expect([...tree.columns]).toEqual([0, 1]);
    expect([...tree.thresholds]).toEqual([3.5, 1.5]);
    expect(leafRows.map((rows) => [...rows])).toEqual([
      [0, 1, 2],
      [3, 6],
      [4, 5, 7],
    ]);
    tree.leaves.set([10, 20, 30]);
    expect([...sumOfTrees([tree, tree], columns, 8)]).toEqual([20, 20, 20, 40, 60, 60, 40, 60]);
  });

  it('stops where nothing is gained or a leaf would be too small', () => {
    expect(grow(99).tree.leaves).toHaveLength(3);
    expect(grow(99, 3).leafRows.map((rows) => rows.length)).toEqual([3, 5]);
    expect(grow(99, 5).tree.leaves).toHaveLength(1);
  });

  it('finds the leaf of a row that it was not grown on', () => {
    const { leafOf } = growTree(binned, Int32Array.of(0, 1, 4, 5), gradients, Int32Array.of(0), {
      leaves: 2,
      minRows: 1,
      l2: 0,
    });
    // half-way between the values that there are, of all rows
    expect([0, 1, 2, 3, 6, 7].map(leafOf)).toEqual([0, 0, 1, 1, 1, 1]);
  });
});

function wave(at: number): number {
  return Math.sin(2 * Math.PI * at);
}

describe('boosting', () => {
  const random = createRandom('boosting test');
  const rows = 4000;
  const x = Float32Array.from({ length: rows }, () => random.uniform());
  const z = Float32Array.from({ length: rows }, () => random.uniform());
  const noise = Float64Array.from({ length: rows }, () => random.normal());
  const target = noise.map((one, row) => wave(x[row]!) + (0.1 + 0.4 * z[row]!) * one);
  const options: BoostOptions = {
    trees: 80,
    leaves: 8,
    minRows: 20,
    l2: 1,
    learningRate: 0.1,
    columnShare: 1,
    rowShare: 0.7,
    level: 0.5,
    seed: 1,
    threads: 1,
  };
  const foretell = (boosted: Boosted): Float64Array =>
    sumOfTrees(boosted.trees, [x, z], rows).map((sum) => boosted.constant + sum);

  it('follows the median of a noisy wave', async () => {
    const errors = foretell(await boost([x, z], target, options)).map((value, row) =>
      Math.abs(value - wave(x[row]!)),
    );
    expect(errors.reduce((sum, error) => sum + error, 0) / rows).toBeLessThan(0.06);
  });

  it('leaves the asked share below a quantile, wherever the noise is wide', async () => {
    const fitted = foretell(await boost([x, z], target, { ...options, level: 0.9 }));
    for (const [low, high] of [
      [0, 0.5],
      [0.5, 1],
    ] as const) {
      const inside = [...z.keys()].filter((row) => z[row]! >= low && z[row]! < high);
      const below = inside.filter((row) => target[row]! <= fitted[row]!).length;
      expect(Math.abs(below / inside.length - 0.9)).toBeLessThan(0.025);
    }
  });

  it('gives the same trees for a seed, others for another', async () => {
    const first = await boost([x, z], target, options);
    expect(await boost([x, z], target, options)).toEqual(first);
    expect(await boost([x, z], target, { ...options, seed: 2 })).not.toEqual(first);
  });

  it('gives the same trees on one thread and on three', async () => {
    const many = createRandom('boosting threads');
    const columns = Array.from({ length: 16 }, () =>
      Float32Array.from({ length: 120_000 }, () => many.uniform()),
    );
    const wanted = Float64Array.from(
      columns[0]!,
      (value, row) => wave(value) + columns[1]![row]! * many.normal(),
    );
    const few = { ...options, trees: 8, leaves: 24 };
    const alone = await boost(columns, wanted, few);
    expect(await boost(columns, wanted, { ...few, threads: 3 })).toEqual(alone);
    expect(alone.trees[7]?.leaves).toHaveLength(24);
  });

  it('stops where the rows to validate on gain no more, and knows nothing of them', async () => {
    const held = Uint8Array.from(target, (_, row) => (row % 3 === 0 ? 1 : 0));
    const validation = { rows: held, patience: 15 };
    const { trees, losses } = await boost([x, z], target, { ...options, trees: 400 }, validation);
    expect(losses.length).toBe(trees.length + 15);
    expect(losses[trees.length - 1]).toBe(Math.min(...losses));
    const other = target.map((value, row) => (held[row] === 1 ? value + 1e-9 * row : value));
    const again = await boost([x, z], other, { ...options, trees: 400 }, validation);
    expect(again.trees).toEqual(trees);
  });
});
