import type { ParameterLayout } from './parameter-layout.js';

/** Share of the moving moments that a step keeps. */
const KEPT = 0.9;

/**
 * Moves the moments by which batch normalisation serves towards those of the batch, which the shards have left where the
 * gradients of other parameters stand: their mean over the shards, weighted by rows.
 * @param shardGradients a slot of all parameters for each shard
 * @param shardRows      rows of each shard
 * @param parameters     changed
 */
export function moveMoments(
  layout: ParameterLayout,
  shardGradients: Float32Array,
  shardRows: readonly number[],
  parameters: Float32Array,
): void {
  const allRows = shardRows.reduce((sum, rows) => sum + rows, 0);
  for (const { kind, offset, size } of layout.slots) {
    if (!isMoment(kind)) continue;
    for (let i = offset; i < offset + size; i++) {
      let sum = 0;
      for (const [shard, rows] of shardRows.entries()) {
        sum += rows * (shardGradients[shard * layout.size + i] ?? Number.NaN);
      }
      parameters[i] = KEPT * (parameters[i] ?? 0) + (1 - KEPT) * (sum / allRows);
    }
  }
}

/** Leaves no gradient where the shards told moments. */
export function clearMoments(layout: ParameterLayout, gradient: Float32Array): void {
  for (const { kind, offset, size } of layout.slots) {
    if (isMoment(kind)) gradient.fill(0, offset, offset + size);
  }
}

/** Whether a parameter follows the moments of the batches and has no gradient. */
export function isMoment(kind: ParameterLayout['slots'][number]['kind']): boolean {
  return kind === 'movingMean' || kind === 'movingVariance';
}
