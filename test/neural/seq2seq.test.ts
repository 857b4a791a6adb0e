import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';
import { initialParameters } from '../../src/neural/initial-parameters.js';
import { fusedOperators } from '../../src/neural/operators/fused/fused-operators.js';
import { plainOperators } from '../../src/neural/operators/plain-operators.js';
import { parameterLayout } from '../../src/neural/parameter-layout.js';
import { createSeq2SeqPredictor } from '../../src/neural/predictor.js';
import {
  namedParameters,
  seq2seq,
  unpackParameters,
  type Seq2SeqOptions,
} from '../../src/neural/seq2seq.js';
import {
  evaluate,
  mismatches,
  plainSeq2Seq,
  randomValues,
  relativeError,
  scoped,
  type Compute,
  type Values,
} from './reference.js';
import { networkInputs, trainingRun } from './training-run.js';

const NETWORK: Seq2SeqOptions = {
  encoderSteps: 7,
  decoderSteps: 5,
  encoderFeatures: 3,
  decoderFeatures: 4,
  units: 16,
  layers: 1,
  headUnits: 6,
  outputs: 3,
  dropout: 0.1,
  attention: true,
  bidirectionalEncoder: false,
  bidirectionalDecoder: true,
  normalisation: 'none' as const,
};

beforeAll(async () => {
  await initialiseBackend();
});

test.each([
  [true, true],
  [true, false],
  [false, true],
  [false, false],
])(
  'the network (attention %s, bidirectional %s) is the one described, in plain operators',
  async (attention, bidirectionalDecoder) => {
    const options = { ...NETWORK, attention, bidirectionalDecoder };
    const layout = parameterLayout(options);
    const differing = await mismatches(
      networkInputs(options),
      (encoder, decoder, ...parameters) => [
        seq2seq(fusedOperators, options, namedParameters(layout, parameters), {
          encoder: encoder,
          decoder: decoder,
          training: null,
        }),
      ],
      (encoder, decoder, ...parameters) => [
        plainSeq2Seq(options, namedParameters(layout, parameters), encoder, decoder),
      ],
    );
    expect(differing).toEqual([]);
  },
);

const VARIANTS: Partial<Seq2SeqOptions>[] = [
  { layers: 2 },
  { layers: 3, bidirectionalDecoder: false },
  { bidirectionalEncoder: true },
  { bidirectionalEncoder: true, layers: 2, attention: false },
  { bidirectionalEncoder: true, layers: 3, bidirectionalDecoder: false },
  { normalisation: 'layer' },
  { normalisation: 'layer', layers: 2, bidirectionalEncoder: true },
  { normalisation: 'batch' },
  { normalisation: 'batch', layers: 3, bidirectionalEncoder: true },
  { units: 1, attention: false },
  { units: 5, layers: 2, normalisation: 'batch', headUnits: 1, outputs: 1 },
  { dropout: 0.3, layers: 2, bidirectionalEncoder: true },
  { dropout: 0.3, attention: false },
];

describe.each(VARIANTS)('the network with %j', (variant) => {
  const options = { ...NETWORK, dropout: 0, ...variant };

  test('has the outputs and gradients of plain operators', async () => {
    const { masks, compute } = trainingRun(options);
    const differing = await mismatches(
      networkInputs(options),
      compute(fusedOperators),
      compute(plainOperators),
    );
    expect(differing).toEqual([]);
    expect(masks.length > 0).toBe(options.dropout > 0);
  });

  test("has gradients that are its outputs' slopes along random directions", async () => {
    const inputs = networkInputs(options);
    // far from the bend of the rectifier, where a slope is no gradient
    for (const i of inputs.at(-3)!.values.keys()) inputs.at(-3)!.values[i]! += 6;
    const compute = trainingRun(options).compute(fusedOperators);
    const { gradients } = await evaluate('wasm', inputs, compute);
    for (const direction of ['one', 'two']) {
      const along = inputs.map(({ shape }, i) => randomValues(`${direction} ${i}`, shape).values);
      const expected = gradients.reduce(
        (sum, gradient, i) => sum + gradient.reduce((part, g, at) => part + g * along[i]![at]!, 0),
        0,
      );
      const step = 2e-3;
      const [ahead, behind] = await Promise.all(
        [step, -step].map((length) => weightedSum(inputs, along, length, compute)),
      );
      const slope = (ahead! - behind!) / (2 * step);
      const size = Math.max(1, ...gradients.map((gradient) => Math.hypot(...gradient)));
      expect(Math.abs(slope - expected)).toBeLessThan(0.02 * size);
    }
  });
});

test('batch normalisation serves with the moving moments', async () => {
  await tf.setBackend('wasm');
  const options: Seq2SeqOptions = { ...NETWORK, dropout: 0, normalisation: 'batch' };
  const layout = parameterLayout(options);
  const served = (mean: number): Float32Array =>
    scoped(() => {
      const parameters = unpackParameters(layout, initialParameters(options, 1)).map((tensor, i) =>
        layout.slots[i]?.kind === 'movingMean' ? tf.fill(tensor.shape, mean) : tensor,
      );
      const [encoder, decoder] = networkInputs(options).map(({ values, shape }) =>
        tf.tensor(values.slice(), [...shape]),
      );
      return seq2seq(fusedOperators, options, namedParameters(layout, parameters), {
        encoder: encoder!,
        decoder: decoder!,
        training: null,
      }).dataSync<'float32'>();
    });
  expect(relativeError(served(0.5), served(0))).toBeGreaterThan(0.01);
});

async function weightedSum(
  inputs: readonly Values[],
  along: readonly Float32Array[],
  length: number,
  compute: Compute,
): Promise<number> {
  await tf.setBackend('wasm');
  return scoped(() => {
    const [output] = compute(
      ...inputs.map(({ values, shape }, i) =>
        tf.tensor(
          values.map((value, at) => value + length * along[i]![at]!),
          [...shape],
        ),
      ),
    );
    const weights = randomValues('sum 0', output!.shape).values;
    return output!.dataSync<'float32'>().reduce((sum, value, i) => sum + value * weights[i]!, 0);
  });
}

test('the layout packs the parameters without gaps', () => {
  const { slots, size } = parameterLayout(NETWORK);
  let offset = 0;
  for (const slot of slots) {
    expect(slot.offset).toBe(offset);
    expect(slot.size).toBe(slot.shape.reduce((product: number, length) => product * length, 1));
    offset += slot.size;
  }
  expect(offset).toBe(size);
  // encoder (3+16)·64+64, decoders 2·((4+16)·64+64), query 32·16, combine 48·16+16, hidden 20·6+6, output 10·3+3
  expect(size).toBe(1280 + 2 * 1344 + 512 + 784 + 126 + 33);
});

test('a start has orthogonal recurrent gates, forget bias 1 and a silent skip', () => {
  const { slots } = parameterLayout(NETWORK);
  const parameters = initialParameters(NETWORK, 7);
  const part = (name: string): Float32Array => {
    const slot = slots.find((candidate) => candidate.name === name);
    return parameters.subarray(slot?.offset, (slot?.offset ?? 0) + (slot?.size ?? 0));
  };
  const weights = part('encoder.weights');
  for (let gate = 0; gate < 4; gate++) {
    for (let i = 0; i < 16; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let k = 0; k < 16; k++) {
          const column = gate * 16 + k;
          dot += (weights[(3 + i) * 64 + column] ?? NaN) * (weights[(3 + j) * 64 + column] ?? NaN);
        }
        expect(dot).toBeCloseTo(i === j ? 1 : 0, 5);
      }
    }
  }
  expect([...part('decoder.bias')]).toEqual(
    Array.from({ length: 64 }, (_, i) => (i >= 16 && i < 32 ? 1 : 0)),
  );
  const output = part('output.weights');
  expect(output.subarray(18).every((value) => value === 0)).toBe(true);
  expect(output.subarray(0, 18).every((value) => value !== 0 && Math.abs(value) <= 0.05)).toBe(
    true,
  );
});

test('the same seed gives the same start, another seed another', () => {
  expect(initialParameters(NETWORK, 7)).toEqual(initialParameters(NETWORK, 7));
  expect(initialParameters(NETWORK, 7)).not.toEqual(initialParameters(NETWORK, 8));
});

test('a predictor serves one row as it serves many, and leaves nothing behind', async () => {
  await tf.setBackend('wasm');
  const before = tf.memory().numTensors;
  const predictor = createSeq2SeqPredictor(NETWORK, initialParameters(NETWORK, 1));
  const encoder = randomValues('encoder', [19, 7, 3]).values;
  const decoder = randomValues('decoder', [19, 5, 4]).values;
  const all = predictor.predict({ encoder, decoder }, 19);
  expect(all.length).toBe(19 * 5 * 3);
  for (const row of [0, 15, 18]) {
    const alone = predictor.predict(
      {
        encoder: encoder.subarray(row * 21, (row + 1) * 21),
        decoder: decoder.subarray(row * 20, (row + 1) * 20),
      },
      1,
    );
    expect(relativeError(alone, all.slice(row * 15, (row + 1) * 15))).toBeLessThan(1e-6);
  }
  expect(() => predictor.predict({ encoder, decoder }, 20)).toThrow(
    'encoder: 20 rows of 7 × 3 need 420 values, have 399.',
  );
  predictor.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('parameters of another network are refused with both numbers', () => {
  const { size } = parameterLayout(NETWORK);
  expect(() => createSeq2SeqPredictor(NETWORK, new Float32Array(3))).toThrow(
    `This network has ${size} parameters, got 3.`,
  );
});

test('an option out of range is named', () => {
  expect(() => parameterLayout({ ...NETWORK, units: 0 })).toThrow(
    'units must be a whole number from 1 to 1024, is 0',
  );
  expect(() => parameterLayout({ ...NETWORK, layers: 4 })).toThrow('from 1 to 3, is 4');
  expect(() => parameterLayout({ ...NETWORK, dropout: 1 })).toThrow('dropout');
  expect(() => parameterLayout({ ...NETWORK, headUnits: 0 })).toThrow('headUnits');
});
