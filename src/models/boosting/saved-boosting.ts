import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import { restoreAdditive, saveAdditive } from '../additive/saved-additive.js';
import type { SavedMember } from '../member.js';
import { assertBytes, bytesOf, finiteReader, readManifest } from '../saved-parts.js';
import type { BoostingParameters } from './fit-boosting.js';
import type { Tree } from './tree.js';

const manifestSchema = z.strictObject({
  format: z.literal(1),
  scale: z.strictObject({ kind: z.enum(['log', 'linear']), unitMw: z.number().positive() }),
  cuts: z.array(z.strictObject({ hour: z.int().min(0).max(23) })).min(1),
  hasTemperature: z.boolean(),
  extras: z.array(z.string()),
  constant: z.number(),
  hours: z.int().positive(),
  /** inner nodes of each tree */
  nodes: z.array(z.int().nonnegative()),
  /** manifest of the additive model that the trees correct */
  base: z.unknown().nullable(),
  baseBytes: z.int().nonnegative(),
});

/** numbers of an inner node: column, threshold, left, right */
const nodeNumbers = 4;

/** The manifest in JSON; the trees as little-endian doubles, node by node, then leaf by leaf; then the base's bytes. */
export function saveBoosting(parameters: BoostingParameters, name: string): SavedMember {
  const { trees, base, ...rest } = parameters;
  const savedBase = base ? saveAdditive(base, 'additive') : null;
  const manifest: z.infer<typeof manifestSchema> = {
    format: 1,
    scale: { ...rest.scale },
    cuts: rest.cuts.map(({ hour }) => ({ hour })),
    hasTemperature: rest.hasTemperature,
    extras: [...rest.extras],
    constant: rest.constant,
    hours: rest.hours,
    nodes: trees.map((tree) => tree.columns.length),
    base: savedBase?.manifest ?? null,
    baseBytes: savedBase?.weights.byteLength ?? 0,
  };
  const values = trees.flatMap((tree) => [
    ...Array.from(tree.columns, (column, node) => [
      column,
      tree.thresholds[node]!,
      tree.left[node]!,
      tree.right[node]!,
    ]).flat(),
    ...tree.leaves,
  ]);
  const weights = bytesOf(values, manifest.baseBytes);
  if (savedBase) weights.set(savedBase.weights, 8 * values.length);
  return { name, manifest, weights };
}

/** @throws {LoadcastError} DAMAGED_MODEL if the parts do not fit together */
export function restoreBoosting(saved: SavedMember, name: string): BoostingParameters {
  const { nodes, base, baseBytes, format: _, ...rest } = readManifest(manifestSchema, saved, name);
  const { weights } = saved;
  const numbers = nodes.reduce((sum, count) => sum + (nodeNumbers + 1) * count + 1, 0);
  assertBytes(weights, 8 * numbers + baseBytes, name);
  const next = finiteReader(weights, name);
  const trees = nodes.map((count) => readTree(count, next, name));
  const ofBase = weights.subarray(8 * numbers);
  return {
    ...rest,
    trees,
    base:
      base === null
        ? null
        : restoreAdditive({ name: 'additive', manifest: base, weights: ofBase }, 'additive'),
  };
}

/** Children stand after their parents, so that no walk goes on for ever. */
function readTree(count: number, next: () => number, name: string): Tree {
  const inner = Array.from({ length: count }, () => [next(), next(), next(), next()] as const);
  const tree: Tree = {
    columns: Int16Array.from(inner, ([column]) => column),
    thresholds: Float64Array.from(inner, ([, threshold]) => threshold),
    left: Int16Array.from(inner, ([, , left]) => left),
    right: Int16Array.from(inner, ([, , , right]) => right),
    leaves: Float64Array.from({ length: count + 1 }, next),
  };
  for (const children of [tree.left, tree.right])
    for (const [node, child] of children.entries())
      if (child >= 0 ? child <= node || child >= count : -1 - child > count)
        throw new LoadcastError('DAMAGED_MODEL', `A tree of ${name} leads nowhere; retrain.`);
  return tree;
}
