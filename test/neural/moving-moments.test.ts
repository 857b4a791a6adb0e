import { expect, test } from 'vitest';
import { followMoments, movingSlots } from '../../src/neural/moving-moments.js';
import { parameterLayout } from '../../src/neural/parameter-layout.js';
import { trainSeq2Seq } from '../../src/neural/train.js';
import { allocateTrainingMemory } from '../../src/neural/training-memory.js';
import { toyBatch, toyNetwork, toyOptions } from './toy-task.js';

const network = { ...toyNetwork, normalisation: 'batch' as const };
const layout = parameterLayout(network);

test('moments follow the mean of the shards by rows, and have no gradient', () => {
  // 20 rows: a shard of 16 and one of 4
  const memory = allocateTrainingMemory({ ...toyOptions, network, batchRows: 20 }, layout);
  const [slot] = movingSlots(layout);
  if (!slot) throw new TypeError('no moving moments');
  memory.parameters.fill(10);
  memory.gradients.fill(1, slot.offset, slot.offset + slot.size);
  const second = layout.size + slot.offset;
  memory.gradients.fill(6, second, second + slot.size);
  const gradient = new Float32Array(layout.size).fill(3);
  followMoments([slot], memory, gradient);
  // 0.9 · 10 + 0.1 · (16 · 1 + 4 · 6) / 20
  expect(memory.parameters[slot.offset]).toBeCloseTo(9.2, 5);
  expect(memory.parameters[slot.offset - 1]).toBe(10);
  expect(memory.parameters[slot.offset + slot.size]).toBe(10);
  expect(gradient.filter((value) => value === 0)).toHaveLength(slot.size);
  expect(gradient[slot.offset]).toBe(0);
});

test('a training with batch normalisation moves them, learns, and does not depend on the threads', async () => {
  const options = {
    ...toyOptions,
    network,
    steps: 60,
    validation: { batch: toyBatch(40, -1), rows: 40, every: 20, patience: 10 },
  };
  const one = await trainSeq2Seq(options);
  const losses = one.curve.points.flatMap((point) => point.validationLoss ?? []);
  expect(losses.at(-1)).toBeLessThan(0.7 * (one.curve.points[0]?.loss ?? NaN));
  for (const { kind, offset, size } of movingSlots(layout)) {
    const start = kind === 'movingMean' ? 0 : 1;
    const moved = one.parameters.subarray(offset, offset + size);
    expect(moved.every((value) => Number.isFinite(value) && value !== start)).toBe(true);
  }
  expect((await trainSeq2Seq({ ...options, threads: 3 })).parameters).toEqual(one.parameters);
});
