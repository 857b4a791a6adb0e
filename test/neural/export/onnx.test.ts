import { describe, expect, test } from 'vitest';
import { onnxModel } from '../../../src/neural/export/onnx.js';
import { parameterLayout } from '../../../src/neural/parameter-layout.js';
import { describeNetwork, networks, smallNetwork, someParameters } from './exported-networks.js';
import { readOnnx, type ReadModel } from './read-onnx.js';

describe.each(networks.map((network) => [describeNetwork(network), network] as const))(
  'the ONNX file of %s',
  (_, network) => {
    const model = readOnnx(onnxModel(network, someParameters(network)));

    test('names its inputs and outputs, and fixes every size but the batch', () => {
      const { encoderSteps, encoderFeatures, decoderSteps, decoderFeatures, outputs } = network;
      expect(model.inputs).toEqual({
        encoder: ['batch', encoderSteps, encoderFeatures],
        decoder: ['batch', decoderSteps, decoderFeatures],
      });
      expect(model.outputs).toEqual({ outputs: ['batch', decoderSteps, outputs] });
    });

    test('is a graph in order: each value is made once, before it is read, and read', () => {
      const known = new Set([...Object.keys(model.inputs), ...model.initializers.keys()]);
      const read = new Set<string>(['outputs']);
      for (const node of model.nodes) {
        for (const input of node.inputs.filter((name) => name !== '')) {
          expect(known, `${node.name} reads ${input}`).toContain(input);
          read.add(input);
        }
        for (const output of node.outputs.filter((name) => name !== '')) {
          expect(known, `${node.name} makes ${output} again`).not.toContain(output);
          known.add(output);
        }
      }
      expect([...known].filter((name) => !read.has(name))).toEqual([]);
    });

    test('holds an LSTM for each layer and direction that the outputs depend on', () => {
      const { attention, layers, bidirectionalDecoder, bidirectionalEncoder } = network;
      const decoders = layers * (bidirectionalDecoder ? 2 : 1);
      const encoders = layers * (bidirectionalEncoder ? 2 : 1);
      // Without attention nothing reads the last reversed encoder but a reversed decoder.
      const unread = !attention && bidirectionalEncoder && !bidirectionalDecoder ? 1 : 0;
      const lstms = model.nodes.filter((node) => node.opType === 'LSTM');
      expect(lstms.length).toBe(decoders + encoders - unread);
      for (const { attributes, inputs } of lstms) {
        expect(attributes['hidden_size']).toBe(network.units);
        expect(model.initializers.get(inputs[2] ?? '')?.dims).toEqual([
          1,
          4 * network.units,
          network.units,
        ]);
      }
    });
  },
);

test('gates change from our order i, f, c, o to i, o, f, c, and weights lie by output', () => {
  const network = { ...smallNetwork, units: 1, encoderFeatures: 2, attention: false };
  const lstm = readOnnx(onnxModel(network, counted(network))).initializers;
  // Rows of `encoder.weights`: two inputs and the recurrence, [i f c o] each, counted from 0; then the bias.
  expect(lstm.get('encoder.weights')).toEqual({
    dims: [1, 4, 2],
    values: [0, 4, 3, 7, 1, 5, 2, 6],
  });
  expect(lstm.get('encoder.recurrent')).toEqual({ dims: [1, 4, 1], values: [8, 11, 9, 10] });
  expect(lstm.get('encoder.bias')).toEqual({
    dims: [1, 8],
    values: [12, 15, 13, 14, 0, 0, 0, 0],
  });
});

test('the recipe of a served network is these operators, with the reversed decoder marked', () => {
  const model = readOnnx(onnxModel(smallNetwork, someParameters(smallNetwork)));
  expect(operators(model)).toBe(
    'Transpose LSTM Squeeze Transpose LSTM Squeeze LSTM Squeeze Transpose Transpose Concat MatMul ' +
      'Transpose MatMul Softmax Transpose MatMul Concat MatMul Add Tanh ' +
      'Concat MatMul Add Relu Concat MatMul Add',
  );
  const directions = model.nodes
    .filter((node) => node.opType === 'LSTM')
    .map((node) => [node.name, node.attributes['direction']]);
  expect(directions).toEqual([
    ['encoder.y', 'forward'],
    ['decoder.y', 'forward'],
    ['decoderReversed.y', 'reverse'],
  ]);
});

test('a decoder starts from the state of the encoder in its place', () => {
  const network = { ...smallNetwork, layers: 2, bidirectionalEncoder: true };
  const { nodes } = readOnnx(onnxModel(network, someParameters(network)));
  const starts = (name: string): readonly string[] | undefined =>
    nodes.find((node) => node.name === name)?.inputs.slice(4);
  expect(starts('encoder2Reversed.y')).toEqual([]);
  expect(starts('decoder.y')).toEqual(['', 'encoder.h', 'encoder.c']);
  expect(starts('decoder2Reversed.y')).toEqual(['', 'encoder2Reversed.h', 'encoder2Reversed.c']);
});

test('batch normalisation is a factor and a shift of the moving moments', () => {
  const network = { ...smallNetwork, units: 1, normalisation: 'batch' as const };
  const parameters = new Float32Array(parameterLayout(network).size);
  const set = (name: string, value: number): void => {
    const slot = parameterLayout(network).slots.find((each) => each.name === name);
    parameters[slot!.offset] = value;
  };
  set('decoder.gain', 3);
  set('decoder.offset', 0.5);
  set('decoder.movingMean', 2);
  set('decoder.movingVariance', 4 - 1e-5);
  const { initializers } = readOnnx(onnxModel(network, parameters));
  expect(initializers.get('decoder.factor')?.values[0]).toBeCloseTo(1.5, 6);
  expect(initializers.get('decoder.shift')?.values[0]).toBeCloseTo(0.5 - 3, 6);
});

test('layer normalisation is the operator of set 17, with our floor under the variance', () => {
  const network = { ...smallNetwork, normalisation: 'layer' as const };
  const model = readOnnx(onnxModel(network, someParameters(network)));
  expect(model.irVersion).toBe(8);
  expect(model.opset).toEqual([['', 17]]);
  const normalised = model.nodes.filter((node) => node.opType === 'LayerNormalization');
  expect(normalised.map((node) => node.inputs[1])).toEqual([
    'decoder.gain',
    'decoderReversed.gain',
  ]);
  for (const { attributes } of normalised)
    expect(attributes).toEqual({ axis: -1, epsilon: Math.fround(1e-5) });
});

test('what is known of the model is written into the file', () => {
  const model = readOnnx(
    onnxModel(smallNetwork, someParameters(smallNetwork), { seed: '7', place: 'Türnitz' }),
  );
  expect(model.metadata).toEqual({ seed: '7', place: 'Türnitz' });
});

test('parameters of another network are refused with both numbers', () => {
  const { size } = parameterLayout(smallNetwork);
  expect(() => onnxModel(smallNetwork, new Float32Array(3))).toThrow(
    `This network has ${size} parameters, got 3.`,
  );
});

function operators(model: ReadModel): string {
  return model.nodes.map((node) => node.opType).join(' ');
}

function counted(network: typeof smallNetwork): Float32Array {
  return Float32Array.from({ length: parameterLayout(network).size }, (_, i) => i);
}
