import { parentPort, workerData } from 'node:worker_threads';
import { startEngine } from './engines/engine.js';
import { createShardReplica } from './shard-replica.js';
import type { ShardRequest, TrainingMemory } from './training-memory.js';

// Entry of a training thread: answers each request when no shard is left to take.
const port = parentPort;
if (!port) throw new Error('gradient-worker runs in a worker thread only.');
// spawned by gradient-workers.ts with just this
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const memory = workerData as TrainingMemory;
const { operators } = await startEngine(memory.engine);
const replica = createShardReplica(memory, operators);
port.on('message', (request: ShardRequest) => {
  replica.run(request);
  port.postMessage('done', []);
});
