import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';
import { initialParameters } from '../../src/neural/initial-parameters.js';
import { parameterLayout, type ParameterName } from '../../src/neural/parameter-layout.js';
import { createSeq2SeqPredictor } from '../../src/neural/predictor.js';
import { namedParameters, seq2seq, type Seq2SeqOptions } from '../../src/neural/seq2seq.js';
import { mismatches, plainSeq2Seq, randomValues, relativeError } from './reference.js';

const NETWORK: Seq2SeqOptions = {
  encoderSteps: 7,
  decoderSteps: 5,
  encoderFeatures: 3,
  decoderFeatures: 4,
  units: 16,
  headUnits: 6,
  outputs: 3,
  dropout: 0.1,
  attention: true,
  bidirectionalDecoder: true,
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
  'the network (attention %s, bidirectional %s) and its gradients are those of plain operators',
  async (attention, bidirectionalDecoder) => {
    const options = { ...NETWORK, attention, bidirectionalDecoder };
    const layout = parameterLayout(options);
    const inputs = [
      randomValues('encoder', [3, 7, 3]),
      randomValues('decoder', [3, 5, 4]),
      ...layout.slots.map(({ name, shape }) => randomValues(name, shape, 0.3)),
    ];
    const differing = await mismatches(
      inputs,
      (encoder, decoder, ...parameters) => [
        seq2seq(options, namedParameters(layout, parameters), {
          encoder,
          decoder,
          dropoutMasks: null,
        }),
      ],
      (encoder, decoder, ...parameters) => [
        plainSeq2Seq(options, namedParameters(layout, parameters), encoder, decoder),
      ],
    );
    expect(differing).toEqual([]);
  },
);

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
  const part = (name: ParameterName): Float32Array => {
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
  expect(() => parameterLayout({ ...NETWORK, units: 24 })).toThrow('multiple of 16, are 24');
  expect(() => parameterLayout({ ...NETWORK, dropout: 1 })).toThrow('dropout');
  expect(() => parameterLayout({ ...NETWORK, headUnits: 0 })).toThrow('headUnits');
});
