import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { describeTensorflow } from '../../src/neural/engines/describe-tensorflow.js';
import { loadTensorflow } from '../../src/neural/engines/tensorflow-library.js';
import {
  evaluate,
  plainLstm,
  randomValues,
  relativeError,
  type Compute,
  type Values,
} from '../neural/reference.js';
import { folder, isSkipped, useWorker } from './installation.js';
import type { Task, TaskResult } from './tasks.js';

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

describe('the installation', () => {
  test('a folder without TensorFlow is said to have none', async () => {
    expect(await describeTensorflow('test')).toEqual({ available: false, reason: 'not installed' });
  });

  test('TensorFlow is not loaded on a main thread', () => {
    expect(() => loadTensorflow(folder)).toThrow('in a worker thread only');
  });
});

describe.skipIf(isSkipped)("TensorFlow's LSTM, in a worker thread", () => {
  const worker = useWorker<Task, TaskResult>(new URL('./tensorflow-worker.js', import.meta.url));

  test('is TensorFlow 2.15.1', async () => {
    expect(await describeTensorflow(folder)).toMatchObject({ available: true, version: '2.15.1' });
  });

  test.each(SIZES.flatMap((sizes) => [[sizes, 'forward'] as const, [sizes, 'reversed'] as const]))(
    'has the values and gradients of plain operators: %o, %s',
    async (sizes, order) => {
      const tensors = randomTensors(sizes);
      const actual = await worker().ask({ tensors, order, repeat: 1 });
      const expected = await evaluate('cpu', tensors, plain(order));
      for (const kind of ['outputs', 'gradients'] as const) {
        const errors = expected[kind].map((values, i) =>
          relativeError(actual[kind][i] ?? new Float32Array(), values),
        );
        expect(errors.length).toBeGreaterThan(2);
        expect(Math.max(...errors), `${kind} ${errors.join(', ')}`).toBeLessThan(1e-5);
      }
    },
  );

  test('gives the same bytes again and leaves no tensor behind', async () => {
    const tensors = randomTensors({ rows: 16, steps: 24, features: [5, 11], units: 32 });
    const once = await worker().ask({ tensors, order: 'reversed', repeat: 1 });
    const often = await worker().ask({ tensors, order: 'reversed', repeat: 100 });
    expect(often.leakedTensors).toBe(0);
    expect(often.outputs).toEqual(once.outputs);
    expect(often.gradients).toEqual(once.gradients);
  });
});

function randomTensors({ rows, steps, features, units }: Sizes): Values[] {
  const width = features.reduce((sum, each) => sum + each, 0);
  return [
    ...features.map((each, i) => randomValues(`x ${i}`, [rows, steps, each])),
    randomValues('weights', [width + units, 4 * units], 1 / Math.sqrt(width + units)),
    randomValues('bias', [4 * units], 0.5),
    randomValues('h0', [rows, units], 0.5),
    randomValues('c0', [rows, units], 0.5),
  ];
}

function plain(order: 'forward' | 'reversed'): Compute {
  return (...tensors) => {
    const [weights, bias, h0, c0] = tensors.slice(-4);
    if (!weights || !bias || !h0 || !c0) throw new RangeError('An LSTM has four parameters.');
    const x = tf.concat(tensors.slice(0, -4), 2);
    return plainLstm(x, weights, bias, h0, c0, order === 'reversed');
  };
}
