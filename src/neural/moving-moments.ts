import { shardRows } from './batch.js';
import type { ParameterLayout, ParameterSlot } from './parameter-layout.js';
import type { TrainingMemory } from './training-memory.js';

/** share of a moving moment that each step keeps: the last ten or so steps are what counts */
const KEPT_SHARE = 0.9;

/** The parameters that no gradient moves: the moments that batch normalisation serves with. */
export function movingSlots({ slots }: ParameterLayout): readonly ParameterSlot[] {
  return slots.filter(({ kind }) => kind === 'movingMean' || kind === 'movingVariance');
}

/**
 * Moves the moments towards those of this step's shards, which stand in the place of their gradients, weighted by rows
 * (Ioffe & Szegedy 2015, section 3.1), and leaves the gradient 0 there: neither its length nor the optimiser knows them.
 */
export function followMoments(
  moving: readonly ParameterSlot[],
  memory: TrainingMemory,
  gradient: Float32Array,
): void {
  const { parameters, gradients } = memory;
  const { rows } = memory.training;
  for (const { offset, size } of moving) {
    gradient.fill(0, offset, offset + size);
    for (let i = offset; i < offset + size; i++) {
      let mean = 0;
      for (let row = 0, at = i; row < rows; row += shardRows(rows), at += gradient.length)
        mean += ((gradients[at] ?? NaN) * Math.min(shardRows(rows), rows - row)) / rows;
      parameters[i] = KEPT_SHARE * (parameters[i] ?? 0) + (1 - KEPT_SHARE) * mean;
    }
  }
}
