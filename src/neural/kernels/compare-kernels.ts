import { createRandom } from '../../core/random.js';
import type { KernelExports, WasmMemory } from './kernel-binary.js';

/**
 * Sizes with whole register tiles and every kind of edge: beyond panels of 16 columns, 4 · 23 leaves a tile of 8 and an
 * edge of 4. The product's sums are longer than one pass.
 */
const ROWS = 22;
const STEPS = 3;
const FEATURES = 9;
const UNITS = 23;
const SUMMANDS = 300;
/** Rounds after which V8 has compiled the kernels with all its optimisations, which are what is put to the test. */
const ROUNDS = 100;

/** Whether two sets of kernels compute the same bytes: an LSTM forward and back, attention, a matrix product. */
export function sameBytes(
  memory: WasmMemory,
  one: KernelExports,
  other: KernelExports,
  malloc: (floats: number) => number,
  free: (address: number) => void,
): boolean {
  const probe = createProbe(memory, malloc, free);
  try {
    const expected = probe.run(other);
    for (let round = 0; round < ROUNDS; round++) {
      const actual = probe.run(one);
      if (!actual.every((word, i) => word === expected[i])) return false;
    }
    return true;
  } finally {
    probe.dispose();
  }
}

function createProbe(
  memory: WasmMemory,
  malloc: (floats: number) => number,
  free: (address: number) => void,
): { run: (kernels: KernelExports) => Uint32Array; dispose: () => void } {
  const width = FEATURES + UNITS;
  const inputs = {
    x: ROWS * STEPS * FEATURES,
    weights: width * 4 * UNITS,
    bias: 4 * UNITS,
    h0: ROWS * UNITS,
    c0: ROWS * UNITS,
    dOutputs: ROWS * STEPS * UNITS,
    left: ROWS * SUMMANDS,
    right: SUMMANDS * UNITS,
  };
  const outputs = {
    outputs: ROWS * STEPS * UNITS,
    h: ROWS * UNITS,
    c: ROWS * UNITS,
    dWeights: width * 4 * UNITS,
    dBias: 4 * UNITS,
    dh0: ROWS * UNITS,
    dc0: ROWS * UNITS,
    dx: ROWS * STEPS * FEATURES,
    shares: ROWS * 24,
    context: ROWS * UNITS,
    dQueries: ROWS * UNITS,
    dKeys: ROWS * UNITS,
    product: ROWS * UNITS,
  };
  const inputFloats = total(inputs);
  const outputFloats = total(outputs);
  const workFloats = 1 << 16;
  const block = malloc(inputFloats + outputFloats + workFloats);
  const places = {
    ...placesOf(inputs, block),
    ...placesOf(outputs, block + inputFloats * 4),
  };
  const tape = block + (inputFloats + outputFloats) * 4;
  const scratch = tape + (workFloats / 2) * 4;
  return {
    run: (kernels) => {
      fillRandom(new Float32Array(memory.buffer, block, inputFloats));
      new Float32Array(memory.buffer, block + inputFloats * 4).fill(
        0,
        0,
        outputFloats + workFloats,
      );
      runKernels(kernels, places, tape, scratch);
      return new Uint32Array(memory.buffer, block + inputFloats * 4, outputFloats).slice();
    },
    dispose: () => {
      free(block);
    },
  };
}

function runKernels(
  kernels: KernelExports,
  at: Readonly<Record<string, number>>,
  tape: number,
  scratch: number,
): void {
  const place = (name: string): number => at[name] ?? NaN;
  const xWalk = [STEPS * FEATURES * 4, FEATURES * 4];
  const outputWalk = [STEPS * UNITS * 4, UNITS * 4];
  const initial = [place('h0'), place('c0')];
  kernels.lstmForward(
    ROWS,
    STEPS,
    UNITS,
    FEATURES,
    place('x'),
    ...xWalk,
    0,
    0,
    0,
    0,
    place('weights'),
    place('bias'),
    ...initial,
    place('outputs'),
    ...outputWalk,
    place('h'),
    place('c'),
    tape,
    scratch,
  );
  kernels.lstmBackward(
    ROWS,
    STEPS,
    FEATURES,
    UNITS,
    place('weights'),
    place('c0'),
    place('dOutputs'),
    ...outputWalk,
    ...initial,
    place('dWeights'),
    place('dBias'),
    place('dh0'),
    place('dc0'),
    tape,
    scratch,
  );
  kernels.lstmInputGradient(
    ROWS,
    STEPS,
    FEATURES + UNITS,
    UNITS,
    place('weights'),
    FEATURES,
    place('dx'),
    ...xWalk,
    tape,
    scratch,
  );
  const attentionSizes = [ROWS, ROWS, UNITS, place('h0'), place('c0'), place('shares')];
  kernels.attentionForward(...attentionSizes, place('context'), scratch);
  kernels.attentionBackward(
    ...attentionSizes,
    place('outputs'),
    place('dQueries'),
    place('dKeys'),
    scratch,
  );
  kernels.matmul(
    place('left'),
    SUMMANDS * 4,
    4,
    place('right'),
    UNITS * 4,
    4,
    place('product'),
    UNITS * 4,
    ROWS,
    UNITS,
    SUMMANDS,
    0,
    scratch,
  );
}

function fillRandom(values: Float32Array): void {
  const random = createRandom('compare kernels');
  for (let i = 0; i < values.length; i++) values[i] = random.uniform() - 0.5;
}

function total(sizes: Readonly<Record<string, number>>): number {
  return Object.values(sizes).reduce((sum, size) => sum + size, 0);
}

/** Byte addresses, one after the other. */
function placesOf(
  sizes: Readonly<Record<string, number>>,
  address: number,
): Record<string, number> {
  const places: Record<string, number> = {};
  let next = address;
  for (const [name, size] of Object.entries(sizes)) {
    places[name] = next;
    next += size * 4;
  }
  return places;
}
