import { spawnWorker } from '../../threads/spawn-worker.js';
import {
  addToHistogram,
  ask,
  columnSize,
  histogramAt,
  histogramMemory,
  takeColumns,
  type HistogramMemory,
} from './histogram-memory.js';

/** rows times columns from which other threads are quicker to wake than to do without */
const worthSharing = 50_000;
/** of a whole tree's root, from which threads are started at all */
const worthStarting = 1_000_000;
/** a column takes milliseconds */
const longestWaitMs = 60_000;

/** Histograms of a tree's leaves, built by as many threads as there are; the same numbers whatever their number. */
export interface Histograms {
  readonly memory: HistogramMemory;
  /** of rows `[start, end)` of the present tree, into the place of a leaf */
  build(tried: number, start: number, end: number, slot: number): Float64Array;
  close(): Promise<void>;
}

/**
 * @param columns bins, of equally many rows
 * @param rows    that a tree is grown on at most
 * @param threads at least 1, this one among them
 */
export function openHistograms(
  columns: readonly Uint8Array[],
  rows: number,
  leaves: number,
  threads: number,
): Histograms {
  const memory = histogramMemory(columns, rows, leaves);
  const others = rows * columns.length >= worthStarting ? threads - 1 : 0;
  const url = new URL('./histogram-worker.js', import.meta.url);
  const workers = Array.from({ length: others }, () => startWorker(url, memory));
  const { control } = memory;
  return {
    memory,
    build(tried, start, end, slot) {
      const histogram = histogramAt(memory, slot, tried);
      if (workers.length === 0 || (end - start) * tried < worthSharing) {
        for (let place = 0; place < tried; place++)
          addToHistogram(
            histogram.subarray(place * columnSize, (place + 1) * columnSize),
            memory.bins[memory.tried[place]!]!,
            memory.rows,
            memory.gathered,
            start,
            end,
          );
        return histogram;
      }
      // What is asked stands before the first column can be taken.
      Atomics.store(control, ask.done, 0);
      Atomics.store(control, ask.start, start);
      Atomics.store(control, ask.end, end);
      Atomics.store(control, ask.slot, slot);
      Atomics.store(control, ask.tried, tried);
      Atomics.store(control, ask.next, 0);
      Atomics.add(control, ask.generation, 1);
      Atomics.notify(control, ask.generation);
      takeColumns(memory);
      for (let done = 0; (done = Atomics.load(control, ask.done)) < tried;)
        if (Atomics.wait(control, ask.done, done, longestWaitMs) === 'timed-out')
          throw new Error('A thread of the boosting has ended amid its work.');
      return histogram;
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** One that cannot be started costs its help alone: whoever is there takes its columns. */
function startWorker(url: URL, memory: HistogramMemory): ReturnType<typeof spawnWorker> {
  const worker = spawnWorker(url, memory);
  worker.on('error', () => undefined);
  worker.unref();
  return worker;
}
