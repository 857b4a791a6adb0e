import { isMainThread } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';
import { describeTensorflow } from '../../src/neural/engines/describe-tensorflow.js';
import { loadTensorflow } from '../../src/neural/engines/tensorflow-library.js';
import { fusedOperators } from '../../src/neural/operators/fused/fused-operators.js';
import { plainOperators } from '../../src/neural/operators/plain-operators.js';
import type { Seq2SeqOptions } from '../../src/neural/seq2seq.js';
import { evaluate, randomValues, relativeError, type Values } from '../neural/reference.js';
import { networkInputs } from '../neural/training-run.js';
import { folder, isSkipped, useWorker } from './installation.js';
import { computeOf, type Task, type TaskResult } from './tasks.js';

interface Sizes {
  readonly rows: number;
  readonly steps: number;
  /** of each input */
  readonly features: readonly number[];
  readonly units: number;
}

const SIZES: readonly Sizes[] = [
  { rows: 16, steps: 24, features: [16], units: 64 },
  { rows: 1, steps: 5, features: [3], units: 17 },
  { rows: 3, steps: 1, features: [2], units: 16 },
  { rows: 2, steps: 4, features: [1], units: 1 },
  { rows: 2, steps: 3, features: [5], units: 257 },
  { rows: 5, steps: 7, features: [4, 3], units: 12 },
  { rows: 1, steps: 1, features: [1, 1, 1], units: 1 },
];

const NETWORK: Seq2SeqOptions = {
  encoderSteps: 7,
  decoderSteps: 5,
  encoderFeatures: 3,
  decoderFeatures: 4,
  units: 16,
  layers: 1,
  headUnits: 6,
  outputs: 3,
  dropout: 0,
  attention: true,
  bidirectionalEncoder: false,
  bidirectionalDecoder: true,
  normalisation: 'none',
};

const VARIANTS: Partial<Seq2SeqOptions>[] = [
  { dropout: 0.3 },
  { attention: false, bidirectionalDecoder: false },
  { layers: 3, bidirectionalEncoder: true, units: 5 },
  { normalisation: 'layer', layers: 2 },
  { normalisation: 'batch', layers: 2, bidirectionalEncoder: true },
];

describe('the installation', () => {
  test('a folder without TensorFlow is said to have none', async () => {
    expect(await describeTensorflow('test')).toEqual({ available: false, reason: 'not installed' });
  });

  // where vitest runs its tests in worker threads, none is there to refuse
  test.skipIf(!isMainThread)('TensorFlow is not loaded on a main thread', () => {
    expect(() => loadTensorflow(folder)).toThrow('in a worker thread only');
  });
});

describe.skipIf(isSkipped)('TensorFlow in a worker thread', () => {
  const worker = useWorker<Task, TaskResult>(new URL('./tensorflow-worker.js', import.meta.url));

  test('is version 2.15.1', async () => {
    expect(await describeTensorflow(folder)).toMatchObject({ available: true, version: '2.15.1' });
  });

  test.each(SIZES.flatMap((sizes) => [[sizes, 'forward'] as const, [sizes, 'reversed'] as const]))(
    'has an LSTM with the values and gradients of plain operators: %o, %s',
    async (sizes, what) => {
      const tensors = lstmTensors(sizes);
      const actual = await worker().ask({ tensors, what, repeat: 1 });
      const expected = await evaluate('cpu', tensors, computeOf({ what }, plainOperators));
      expect(errors(actual, expected)).toEqual([]);
    },
  );

  test.each(VARIANTS)('runs the network as our kernels do, gradients too: %o', async (variant) => {
    const what = { ...NETWORK, ...variant };
    const tensors = networkInputs(what);
    const actual = await worker().ask({ tensors, what, repeat: 1 });
    await initialiseBackend();
    const expected = await evaluate('wasm', tensors, computeOf({ what }, fusedOperators));
    expect(errors(actual, expected)).toEqual([]);
  });

  test('gives the same bytes again and leaves no tensor behind', async () => {
    const tensors = lstmTensors({ rows: 16, steps: 24, features: [5, 11], units: 32 });
    const once = await worker().ask({ tensors, what: 'reversed', repeat: 1 });
    const often = await worker().ask({ tensors, what: 'reversed', repeat: 100 });
    expect(often).toEqual(once);
    expect(often.leakedTensors).toBe(0);
    const network = { tensors: networkInputs(NETWORK), what: NETWORK, repeat: 100 };
    expect((await worker().ask(network)).leakedTensors).toBe(0);
  });
});

function lstmTensors({ rows, steps, features, units }: Sizes): Values[] {
  const width = features.reduce((sum, each) => sum + each, 0);
  return [
    ...features.map((each, i) => randomValues(`x ${i}`, [rows, steps, each])),
    randomValues('weights', [width + units, 4 * units], 1 / Math.sqrt(width + units)),
    randomValues('bias', [4 * units], 0.5),
    randomValues('h0', [rows, units], 0.5),
    randomValues('c0', [rows, units], 0.5),
  ];
}

type Evaluated = Awaited<ReturnType<typeof evaluate>>;

/** Outputs and gradients that differ by more than 1e-5 of the largest value. */
function errors(actual: Evaluated, expected: Evaluated): string[] {
  expect(expected.gradients.length).toBeGreaterThan(0);
  return (['outputs', 'gradients'] as const).flatMap((kind) =>
    expected[kind].flatMap((values, i) => {
      const error = relativeError(actual[kind][i] ?? new Float32Array(), values);
      return error < 1e-5 ? [] : [`${kind} ${i}: ${error}`];
    }),
  );
}
