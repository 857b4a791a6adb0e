import { workerData } from 'node:worker_threads';
import { ask, takeColumns, type HistogramMemory } from './histogram-memory.js';

/** Builds histograms until it is terminated. */

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what histograms.ts starts it with
const memory = workerData as HistogramMemory;
for (let seen = 0; ;) {
  Atomics.wait(memory.control, ask.generation, seen);
  seen = Atomics.load(memory.control, ask.generation);
  takeColumns(memory);
}
