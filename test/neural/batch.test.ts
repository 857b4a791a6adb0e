import { expect, test } from 'vitest';
import { shardCount, shardOf, shardRows } from '../../src/neural/batch.js';
import { toyBatch, toyNetwork } from './toy-task.js';

test.each([
  [1, 16, 1],
  [64, 16, 4],
  [100, 16, 7],
  [128, 16, 8],
  [129, 32, 5],
  [256, 32, 8],
  [1000, 128, 8],
])('%i rows are shards of %i rows, %i of them', (rows, ofRows, count) => {
  expect(shardRows(rows)).toBe(ofRows);
  expect(shardCount(rows)).toBe(count);
});

test('a batch that is to be taken whole is one shard', () => {
  expect(shardCount(1000, 1)).toBe(1);
  expect(shardOf(toyNetwork, toyBatch(41, 0), 41, 0, 1).rows).toBe(41);
});

test('the shards hold every row of the batch once, in order', () => {
  for (const rows of [5, 100, 129, 300]) {
    const batch = toyBatch(rows, 1);
    const shards = Array.from({ length: shardCount(rows) }, (_, shard) =>
      shardOf(toyNetwork, batch, rows, shard),
    );
    expect(shards.reduce((sum, shard) => sum + shard.rows, 0)).toBe(rows);
    for (const part of ['encoder', 'decoder', 'target'] as const)
      expect(shards.flatMap((shard) => [...shard[part]])).toEqual([...batch[part]]);
  }
});
