import { describe, expect, it } from 'vitest';
import { moveMoments } from '../../src/neural/moving-moments.js';
import { parameterLayout } from '../../src/neural/parameter-layout.js';
import { toyNetwork } from './toy-task.js';

describe('moveMoments', () => {
  const layout = parameterLayout({ ...toyNetwork, layers: 2, normalisation: 'batch' });
  const mean = layout.slots.find(({ kind }) => kind === 'movingMean');

  it('weighs each shard by its rows', () => {
    const shards = new Float32Array(2 * layout.size);
    shards.fill(1, 0, layout.size);
    shards.fill(4, layout.size);
    const parameters = new Float32Array(layout.size);
    moveMoments(layout, shards, [16, 8], parameters);
    expect(parameters[mean?.offset ?? -1]).toBeCloseTo(0.1 * ((16 * 1 + 8 * 4) / 24), 6);
  });

  it('changes no other parameter', () => {
    const shards = new Float32Array(layout.size).fill(1);
    const parameters = new Float32Array(layout.size);
    moveMoments(layout, shards, [16], parameters);
    for (const { kind, offset } of layout.slots)
      expect(parameters[offset] !== 0).toBe(kind === 'movingMean' || kind === 'movingVariance');
  });
});
