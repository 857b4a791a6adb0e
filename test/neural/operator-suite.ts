import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';
import type { KernelBinary } from '../../src/neural/kernels/kernel-binary.js';
import { attention } from '../../src/neural/operators/attention.js';
import { dense, type Activation } from '../../src/neural/operators/dense.js';
import { lstmSequence } from '../../src/neural/operators/lstm-sequence.js';
import {
  evaluate,
  plainAttention,
  plainDense,
  plainLstm,
  randomValues,
  mismatches,
  relativeError,
  scoped,
  type Compute,
  type Values,
} from './reference.js';

const TOLERANCE = 2e-5;

/** Holds every operator of one kernel binary to plain autodiff on the cpu backend. */
export function describeOperators(binary: KernelBinary): void {
  beforeAll(async () => {
    expect(await initialiseBackend(binary)).toBe(binary);
  });

  describe(`kernels (${binary})`, () => {
    test.each([
      [1, 1, 1, 16, 'forward'],
      [3, 7, 5, 16, 'reversed'],
      [17, 9, 29, 32, 'forward'],
      [16, 9, 8, 48, 'reversed'],
      [33, 3, 2, 16, 'forward'],
    ] as const)(
      'an LSTM over %i rows, %i steps, %i features, %i units (%s) is that of plain operators',
      async (rows, steps, features, units, order) => {
        const inputs = lstmInputs(rows, steps, features, units);
        const differing = await mismatches(
          inputs,
          (x, weights, bias, h0, c0) => {
            const { outputs, h, c } = lstmSequence(x, weights, bias, h0, c0, order);
            return [outputs, h, c];
          },
          (x, weights, bias, h0, c0) => plainLstm(x, weights, bias, h0, c0, order === 'reversed'),
        );
        expect(differing).toEqual([]);
      },
    );

    test("an LSTM's gradients are the slopes of its outputs", async () => {
      const inputs = lstmInputs(3, 5, 5, 16);
      const { gradients } = await evaluate('wasm', inputs, lstmOutputs);
      for (const [i, input] of inputs.entries()) {
        for (const at of [0, Math.floor(input.values.length / 2), input.values.length - 1]) {
          const slope = (await shifted(inputs, i, at, 0.01, lstmOutputs)) / 0.02;
          expect(Math.abs(slope - (gradients[i]?.[at] ?? NaN))).toBeLessThan(0.01);
        }
      }
    });

    test.each([
      [1, 1, 1, 4],
      [3, 5, 7, 16],
      [2, 24, 166, 32],
      [4, 9, 6, 20],
    ])(
      'attention of %i rows, %i queries over %i keys of %i units is that of plain operators',
      async (rows, queries, keys, units) => {
        const differing = await mismatches(
          [
            randomValues('queries', [rows, queries, units]),
            randomValues('encoded', [rows, keys, units]),
          ],
          (q, e) => [attention(q, e)],
          (q, e) => [plainAttention(q, e)],
        );
        expect(differing).toEqual([]);
      },
    );

    test.each([
      [[1], 1, 'linear'],
      [[5, 3], 11, 'tanh'],
      [[32, 29], 64, 'relu'],
      [[7, 1, 9], 6, 'tanh'],
    ] as [number[], number, Activation][])(
      'a dense layer of inputs %j, %i outputs (%s) is that of plain operators',
      async (widths, n, activation) => {
        const total = widths.reduce((sum, width) => sum + width, 0);
        const plainActivation = { linear: (z: tf.Tensor) => z, tanh: tf.tanh, relu: tf.relu };
        const differing = await mismatches(
          [
            randomValues('weights', [total, n], 0.3),
            randomValues('bias', [n]),
            ...widths.map((width) => randomValues('input', [5, 61, width])),
          ],
          (weights, bias, ...inputs) => [dense(inputs, weights, bias, activation)],
          (weights, bias, ...inputs) => [
            plainActivation[activation](plainDense(tf.concat(inputs, 2), weights, bias)),
          ],
        );
        expect(differing).toEqual([]);
      },
    );

    test.each([
      [[3, 4], [4, 5], false, false],
      [[1, 1], [1, 1], false, false],
      [[7, 300], [300, 13], false, false],
      [[300, 7], [13, 300], true, true],
      [[5, 9, 6], [5, 6, 11], false, false],
      [[5, 6, 9], [6, 11], true, false],
      [[6, 4, 6], [1, 11, 6], false, true],
      [[33, 17], [2, 17, 1], false, false],
    ] as [number[], number[], boolean, boolean][])(
      'matMul %j by %j (transposed %s, %s) is that of the cpu backend',
      async (aShape, bShape, transposeA, transposeB) => {
        const multiply: Compute = (a, b) => [tf.matMul(a, b, transposeA, transposeB)];
        const inputs = [randomValues('a', aShape), randomValues('b', bShape)];
        await tf.setBackend('cpu');
        const expected = scoped(() => outputsOf(inputs, multiply));
        await tf.setBackend('wasm');
        const actual = scoped(() => outputsOf(inputs, multiply));
        expect(actual.shape).toEqual(expected.shape);
        expect(relativeError(actual.values, expected.values)).toBeLessThan(TOLERANCE);
      },
    );

    test('matMul broadcasts both batches (by hand; the cpu backend cannot)', async () => {
      await tf.setBackend('wasm');
      const inputs = [
        { shape: [2, 1, 1, 1], values: Float32Array.of(1, 2) },
        { shape: [3, 1, 1], values: Float32Array.of(10, 20, 30) },
      ];
      const product = scoped(() => outputsOf(inputs, (a, b) => [tf.matMul(a, b)]));
      expect(product.shape).toEqual([2, 3, 1, 1]);
      expect([...product.values]).toEqual([10, 20, 30, 20, 40, 60]);
    });

    test('a NaN in the inputs shows in the outputs', async () => {
      const inputs = lstmInputs(2, 3, 2, 16);
      inputs[0]?.values.fill(NaN, 0, 1);
      await tf.setBackend('wasm');
      const { values } = scoped(() => outputsOf(inputs, lstmOutputs));
      expect(values.slice(0, 48).every(Number.isNaN)).toBe(true);
      expect(values.slice(48).every(Number.isFinite)).toBe(true);
    });

    test('units that are no multiple of 16 are refused by name', () => {
      const tensors = [[1, 1, 1], [9, 32], [32], [1, 8], [1, 8]].map((shape) => tf.zeros(shape));
      expect(() => lstmOutputs(...tensors)).toThrow(
        'LSTM units must be a positive multiple of 16, are 8.',
      );
      tf.dispose(tensors);
    });
  });
}

function lstmInputs(rows: number, steps: number, features: number, units: number): Values[] {
  return [
    randomValues('x', [rows, steps, features]),
    randomValues('weights', [features + units, 4 * units], 0.3),
    randomValues('bias', [4 * units], 0.3),
    randomValues('h0', [rows, units], 0.5),
    randomValues('c0', [rows, units]),
  ];
}

const lstmOutputs: Compute = (x, weights, bias, h0, c0) => [
  lstmSequence(x, weights, bias, h0, c0).outputs,
];

function outputsOf(inputs: readonly Values[], compute: Compute): Values {
  const [output] = compute(
    ...inputs.map(({ values, shape }) => tf.tensor(values.slice(), [...shape], 'float32')),
  );
  return {
    shape: output?.shape ?? [],
    values: output?.dataSync<'float32'>() ?? new Float32Array(),
  };
}

/** Difference of the weighted output sum when one input value moves up and down by a step. */
async function shifted(
  inputs: readonly Values[],
  which: number,
  at: number,
  step: number,
  compute: Compute,
): Promise<number> {
  const sums: number[] = [];
  for (const sign of [1, -1]) {
    const moved = inputs.map(({ shape, values }) => ({ shape, values: values.slice() }));
    const target = moved[which]?.values;
    if (target) target[at] = (target[at] ?? 0) + sign * step;
    await tf.setBackend('wasm');
    const output = scoped(() => outputsOf(moved, compute));
    const weights = randomValues('sum 0', output.shape).values;
    sums.push(output.values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0));
  }
  return (sums[0] ?? NaN) - (sums[1] ?? NaN);
}
