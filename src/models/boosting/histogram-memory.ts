import { mostBins } from './bins.js';

/** numbers of one column's histogram: sums of gradients and counts in turn */
export const columnSize = 2 * mostBins;

/** What is asked of all threads, in the places of `control`. */
export const ask = {
  generation: 0,
  next: 1,
  done: 2,
  tried: 3,
  start: 4,
  end: 5,
  slot: 6,
} as const;

/** Shared by the threads that build histograms. */
export interface HistogramMemory {
  readonly control: Int32Array;
  /** bins of each column, shape (columns, rows) */
  readonly bins: readonly Uint8Array[];
  /** the columns that the present tree may split at */
  readonly tried: Int32Array;
  /** rows of the present tree, leaf by leaf */
  readonly rows: Int32Array;
  /** gradients in their order */
  readonly gathered: Float64Array;
  /** one histogram of all tried columns a leaf, shape (leaves, columns, 2 × bins) */
  readonly histograms: Float64Array;
}

function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}

/** @param columns of equally many rows */
export function histogramMemory(
  columns: readonly Uint8Array[],
  rows: number,
  leaves: number,
): HistogramMemory {
  return {
    control: new Int32Array(shared(4 * Object.keys(ask).length)),
    bins: columns.map((column) => {
      const bins = new Uint8Array(shared(column.length));
      bins.set(column);
      return bins;
    }),
    tried: new Int32Array(shared(4 * columns.length)),
    rows: new Int32Array(shared(4 * rows)),
    gathered: new Float64Array(shared(8 * rows)),
    histograms: new Float64Array(shared(8 * (leaves + 1) * columns.length * columnSize)),
  };
}

/** The histogram of one leaf, of the tried columns alone. */
export function histogramAt(memory: HistogramMemory, slot: number, tried: number): Float64Array {
  const from = slot * memory.bins.length * columnSize;
  return memory.histograms.subarray(from, from + tried * columnSize);
}

/**
 * Takes the next free column of what is asked, again and again. Each histogram is summed by one thread in the order of the
 * rows, so that it is the same whoever does it.
 */
export function takeColumns(memory: HistogramMemory): void {
  const { control, bins, tried, rows, gathered } = memory;
  for (;;) {
    const place = Atomics.add(control, ask.next, 1);
    if (place >= Atomics.load(control, ask.tried)) return;
    const [start, end, slot] = [ask.start, ask.end, ask.slot].map((at) =>
      Atomics.load(control, at),
    );
    const histogram = histogramAt(memory, slot!, place + 1).subarray(place * columnSize);
    addToHistogram(histogram, bins[tried[place]!]!, rows, gathered, start!, end!);
    Atomics.add(control, ask.done, 1);
    Atomics.notify(control, ask.done);
  }
}

/** @param histogram of one column; what it held is forgotten */
export function addToHistogram(
  histogram: Float64Array,
  bins: Uint8Array,
  rows: Int32Array,
  gradients: Float64Array,
  start: number,
  end: number,
): void {
  histogram.fill(0);
  for (let i = start; i < end; i++) {
    const at = 2 * bins[rows[i]!]!;
    histogram[at]! += gradients[i]!;
    histogram[at + 1]! += 1;
  }
}
