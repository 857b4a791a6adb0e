import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';
import type { KernelBinary } from '../../src/neural/kernels/kernel-binary.js';
import { fusedOperators } from '../../src/neural/operators/fused/fused-operators.js';
import type { Activation, Operators, StepOrder } from '../../src/neural/operators/operators.js';
import { plainOperators } from '../../src/neural/operators/plain-operators.js';
import {
  evaluate,
  mismatches,
  randomValues,
  relativeError,
  scoped,
  type Compute,
  type Values,
} from './reference.js';

const TOLERANCE = 1e-5;

/** Holds every operator of one kernel binary to plain autodiff on the cpu backend. */
export function describeOperators(binary: KernelBinary): void {
  beforeAll(async () => {
    expect(await initialiseBackend(binary)).toBe(binary);
  });

  describe(`kernels (${binary})`, () => {
    test.each<[number, number, number[], number, StepOrder]>([
      [1, 1, [1], 1, 'forward'],
      [1, 5, [3], 16, 'forward'],
      [3, 7, [5], 16, 'reversed'],
      [17, 9, [29], 32, 'forward'],
      [16, 9, [8], 48, 'reversed'],
      [33, 3, [2], 17, 'forward'],
      [2, 3, [7], 3, 'reversed'],
      [5, 4, [6], 257, 'forward'],
      [3, 6, [5, 4], 6, 'forward'],
      [18, 5, [16, 16], 16, 'reversed'],
    ])(
      'an LSTM over %i rows, %i steps, %j features, %i units (%s) is that of plain operators',
      async (rows, steps, features, units, order) => {
        const inputs = lstmInputs(rows, steps, features, units);
        expect(await differing(inputs, (operators) => lstmOf(operators, order))).toEqual([]);
      },
    );

    test("an LSTM's gradients are the slopes of its outputs", async () => {
      const inputs = lstmInputs(3, 5, [5, 2], 7);
      const compute = lstmOf(fusedOperators, 'forward');
      const { gradients } = await evaluate('wasm', inputs, compute);
      for (const [i, input] of inputs.entries()) {
        for (const at of [0, Math.floor(input.values.length / 2), input.values.length - 1]) {
          const slope = (await shifted(inputs, i, at, 0.01, compute)) / 0.02;
          expect(Math.abs(slope - (gradients[i]?.[at] ?? NaN))).toBeLessThan(0.01);
        }
      }
    });

    test.each([
      [1, 1, 1, 1],
      [1, 1, 1, 4],
      [3, 5, 7, 16],
      [2, 24, 166, 32],
      [4, 9, 6, 21],
    ])(
      'attention of %i rows, %i queries over %i keys of %i units is that of plain operators',
      async (rows, queries, keys, units) => {
        const inputs = [
          randomValues('queries', [rows, queries, units]),
          randomValues('encoded', [rows, keys, units]),
        ];
        expect(await differing(inputs, attend)).toEqual([]);
      },
    );

    test.each<[number[], number, Activation]>([
      [[1], 1, 'linear'],
      [[5, 3], 11, 'tanh'],
      [[32, 29], 64, 'relu'],
      [[7, 1, 9], 6, 'tanh'],
    ])(
      'a dense layer of inputs %j, %i outputs (%s) is that of plain operators',
      async (widths, n, activation) => {
        const total = widths.reduce((sum, width) => sum + width, 0);
        const inputs = [
          randomValues('weights', [total, n], 0.3),
          randomValues('bias', [n]),
          ...widths.map((width) => randomValues('input', [5, 61, width])),
        ];
        const layer =
          ({ dense }: Operators): Compute =>
          (weights, bias, ...parts) => [dense(parts, weights, bias, activation)];
        expect(await differing(inputs, layer)).toEqual([]);
      },
    );

    test.each([
      [1, 5, 4],
      [3, 5, 16],
      [2, 7, 17],
      [1, 3, 257],
    ])(
      'normalisation of %i rows, %i steps, %i columns is that of plain operators, by layer and by batch',
      async (rows, steps, columns) => {
        const inputs = normalisationInputs(rows, steps, columns);
        expect(await differing(inputs, byLayer)).toEqual([]);
        expect(await differing(inputs, byBatch)).toEqual([]);
      },
    );

    test('normalisation has mean 0 and variance 1, by hand; batches tell their moments', async () => {
      await tf.setBackend('wasm');
      scoped(() => {
        const x = tf.tensor([1, 10, 3, 30, 5, 50], [3, 1, 2]);
        const [gain, offset] = [tf.tensor([1, 2]), tf.tensor([0, 1])];
        const layer = fusedOperators.layerNormalisation(x, gain, offset).dataSync<'float32'>();
        for (const [i, value] of layer.entries()) expect(value).toBeCloseTo([-1, 3][i % 2]!, 4);
        const batch = fusedOperators.batchNormalisation(x, gain, offset, null);
        const root = Math.sqrt(1.5);
        const expected = [-root, 1 - 2 * root, 0, 1, root, 1 + 2 * root];
        for (const [i, value] of batch.outputs.dataSync<'float32'>().entries())
          expect(value).toBeCloseTo(expected[i]!, 4);
        expect([...batch.mean.dataSync<'float32'>()]).toEqual([3, 30]);
        expect(batch.variance.dataSync<'float32'>()[0]).toBeCloseTo(8 / 3, 5);
        const moving = { mean: tf.tensor([1, 10]), variance: tf.tensor([4, 400]) };
        const served = fusedOperators.batchNormalisation(x, gain, offset, moving);
        expect(served.outputs.dataSync<'float32'>()[5]).toBeCloseTo(1 + 2 * 2, 4);
      });
    });

    test('dropout multiplies by its mask, in both directions', async () => {
      const mask = randomValues('mask', [2, 3, 5]);
      const compute =
        ({ dropOut }: Operators): Compute =>
        (x) => {
          const kept = tf.engine().keep(tf.tensor(mask.values.slice(), [2, 3, 5]));
          return [dropOut(x, kept)];
        };
      expect(await differing([randomValues('x', [2, 3, 5])], compute)).toEqual([]);
    });

    test.each([
      [[3, 4], [4, 5], false, false],
      [[1, 1], [1, 1], false, false],
      [[7, 300], [300, 13], false, false],
      [[300, 7], [13, 300], true, true],
      [[5, 9, 6], [5, 6, 11], false, false],
      [[5, 6, 9], [6, 11], true, false],
      [[6, 4, 6], [1, 11, 6], false, true],
      [[33, 17], [2, 17, 1], false, false],
      [[20, 30], [30, 50], false, false],
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

    test('gates saturate at both ends without a NaN', async () => {
      const inputs = lstmInputs(1, 2, [1], 4);
      for (const input of inputs) for (const i of input.values.keys()) input.values[i]! *= 1e4;
      await tf.setBackend('wasm');
      const { values } = scoped(() => outputsOf(inputs, lstmOf(fusedOperators, 'forward')));
      expect(values.every((value) => Math.abs(value) <= 1)).toBe(true);
    });

    test('a NaN in the inputs shows in the outputs', async () => {
      const inputs = lstmInputs(2, 3, [2], 16);
      inputs[4]?.values.fill(NaN, 0, 1);
      await tf.setBackend('wasm');
      const { values } = scoped(() => outputsOf(inputs, lstmOf(fusedOperators, 'forward')));
      expect(values.slice(0, 48).every(Number.isNaN)).toBe(true);
      expect(values.slice(48).every(Number.isFinite)).toBe(true);
    });

    test('inputs that do not fit are refused by name', () => {
      const tensors = [[9, 32], [32], [1, 8], [1, 8], [1, 1, 2]].map((shape) => tf.zeros(shape));
      expect(() => lstmOf(fusedOperators, 'forward')(...tensors)).toThrow(
        'LSTM weights must have the shape [10, 32], has [9, 32].',
      );
      tf.dispose(tensors);
    });
  });
}

/** Where the operators of ours and the plain ones differ by more than the tolerance. */
function differing(
  inputs: readonly Values[],
  compute: (operators: Operators) => Compute,
): Promise<string[]> {
  return mismatches(inputs, compute(fusedOperators), compute(plainOperators), TOLERANCE);
}

function lstmInputs(
  rows: number,
  steps: number,
  features: readonly number[],
  units: number,
): Values[] {
  const width = features.reduce((sum, part) => sum + part, 0);
  return [
    randomValues('weights', [width + units, 4 * units], 0.3),
    randomValues('bias', [4 * units], 0.3),
    randomValues('h0', [rows, units], 0.5),
    randomValues('c0', [rows, units]),
    ...features.map((part, i) => randomValues(`x ${i}`, [rows, steps, part])),
  ];
}

function lstmOf({ lstmSequence }: Operators, order: StepOrder): Compute {
  return (weights, bias, h0, c0, ...inputs) => {
    const { outputs, h, c } = lstmSequence(inputs, weights, bias, h0, c0, order);
    return [outputs, h, c];
  };
}

const attend =
  ({ attention }: Operators): Compute =>
  (queries, encoded) => [attention(queries, encoded)];

const byLayer =
  ({ layerNormalisation }: Operators): Compute =>
  (x, gain, offset) => [layerNormalisation(x, gain, offset)];

const byBatch =
  ({ batchNormalisation }: Operators): Compute =>
  (x, gain, offset) => [batchNormalisation(x, gain, offset, null).outputs];

function normalisationInputs(rows: number, steps: number, columns: number): Values[] {
  return [
    randomValues('x', [rows, steps, columns], 2),
    randomValues('gain', [columns]),
    randomValues('offset', [columns]),
  ];
}

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
    const total = scoped(() => {
      const tensors = moved.map(({ values, shape }) => tf.tensor(values, [...shape], 'float32'));
      return compute(...tensors).reduce((sum, output, i) => {
        const weights = randomValues(`sum ${i}`, output.shape).values;
        const values = output.dataSync<'float32'>();
        return values.reduce((part, value, at2) => part + value * (weights[at2] ?? 0), sum);
      }, 0);
    });
    sums.push(total);
  }
  return (sums[0] ?? NaN) - (sums[1] ?? NaN);
}
