import { LoadcastError } from '../core/errors.js';
import { spawnWorker } from '../threads/spawn-worker.js';
import { openWorkerChannel, type WorkerChannel } from '../threads/worker-channel.js';
import { shardCount } from './batch.js';
import type { ShardRequest, TrainingMemory } from './training-memory.js';

export type GradientWorker = WorkerChannel<ShardRequest, 'done'>;

/** @param workers those that are started are added here, so that they can be closed even if the next one fails */
export function startWorkers(
  memory: TrainingMemory,
  count: number,
  workers: GradientWorker[],
): void {
  const url = new URL('./gradient-worker.js', import.meta.url);
  for (let i = 1; i <= count; i++)
    workers.push(openWorkerChannel(spawnWorker(url, memory), `Training worker ${i} of ${count}`));
}

/** Lets the workers take all shards; each takes the next free one, so a slow core does not hold up the others. */
export async function runShards(
  memory: TrainingMemory,
  workers: readonly GradientWorker[],
  request: ShardRequest,
): Promise<void> {
  Atomics.store(memory.nextShard, 0, 0);
  await Promise.all(workers.map((worker) => worker.ask(request)));
}

/**
 * Mean loss of the batch that was computed last.
 * @throws LoadcastError INVALID_INPUT if it holds no target
 */
export function meanLoss(memory: TrainingMemory, rows: number, name: string): number {
  let sum = 0;
  let count = 0;
  for (let shard = 0; shard < shardCount(rows, memory.mostShards); shard++) {
    sum += memory.losses[2 * shard] ?? NaN;
    count += memory.losses[2 * shard + 1] ?? NaN;
  }
  if (count === 0) {
    throw new LoadcastError(
      'INVALID_INPUT',
      `The ${name} has no target: all ${rows} rows are NaN.`,
    );
  }
  return sum / count;
}

/** Mean gradient over all targets of the batch, summed in the order of the shards. */
export function averageGradients(memory: TrainingMemory, gradient: Float32Array): void {
  const size = gradient.length;
  const shards = shardCount(memory.training.rows, memory.mostShards);
  let count = 0;
  for (let shard = 0; shard < shards; shard++) count += memory.losses[2 * shard + 1] ?? NaN;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let shard = 0; shard < shards; shard++) sum += memory.gradients[shard * size + i] ?? NaN;
    gradient[i] = sum / count;
  }
}
