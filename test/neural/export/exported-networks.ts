import * as tf from '@tensorflow/tfjs-core';
import { plainOperators } from '../../../src/neural/operators/plain-operators.js';
import { parameterLayout } from '../../../src/neural/parameter-layout.js';
import { createSeq2SeqPredictor } from '../../../src/neural/predictor.js';
import type { Seq2SeqOptions } from '../../../src/neural/seq2seq.js';
import { randomValues } from '../reference.js';

export const smallNetwork: Seq2SeqOptions = {
  encoderSteps: 7,
  decoderSteps: 5,
  encoderFeatures: 3,
  decoderFeatures: 4,
  units: 6,
  layers: 1,
  headUnits: 8,
  outputs: 3,
  dropout: 0.1,
  attention: true,
  bidirectionalEncoder: false,
  bidirectionalDecoder: true,
  normalisation: 'none',
};

/** Every combination of the network's parts, with one to three layers, and odd sizes. */
export const networks: readonly Seq2SeqOptions[] = [
  ...[true, false].flatMap((attention) =>
    [true, false].flatMap((bidirectionalEncoder) =>
      [true, false].flatMap((bidirectionalDecoder) =>
        (['none', 'layer', 'batch'] as const).map((normalisation, i) => ({
          ...smallNetwork,
          attention,
          bidirectionalEncoder,
          bidirectionalDecoder,
          normalisation,
          layers: 1 + ((i + Number(attention) + Number(bidirectionalEncoder)) % 3),
        })),
      ),
    ),
  ),
  { ...smallNetwork, units: 1, headUnits: 1, outputs: 1 },
  { ...smallNetwork, units: 5, layers: 3, normalisation: 'layer', bidirectionalEncoder: true },
  { ...smallNetwork, units: 33, encoderFeatures: 1, decoderFeatures: 1, encoderSteps: 1 },
  { ...smallNetwork, decoderSteps: 1, layers: 2, normalisation: 'batch' },
];

export function describeNetwork(network: Seq2SeqOptions): string {
  return [
    `${network.layers} × ${network.units} units`,
    network.attention ? 'attention' : 'no attention',
    `encoder ${network.bidirectionalEncoder ? 'both ways' : 'forward'} over ${network.encoderSteps}`,
    `decoder ${network.bidirectionalDecoder ? 'both ways' : 'forward'} over ${network.decoderSteps}`,
    `normalisation ${network.normalisation}`,
    `${network.outputs} outputs`,
  ].join(', ');
}

/** Parameters unlike those of a start: every one matters to the outputs. */
export function someParameters(network: Seq2SeqOptions, seed = 'parameters'): Float32Array {
  const { slots, size } = parameterLayout(network);
  const parameters = new Float32Array(size);
  for (const { name, kind, offset, shape } of slots) {
    const { values } = randomValues(`${seed} ${name}`, shape, 0.4);
    const variance = kind === 'movingVariance';
    parameters.set(variance ? values.map((value) => 0.2 + Math.abs(value)) : values, offset);
  }
  return parameters;
}

export interface NetworkInputs {
  readonly encoder: Float32Array;
  readonly decoder: Float32Array;
}

export function someInputs(network: Seq2SeqOptions, rows: number): NetworkInputs {
  const { encoderSteps, encoderFeatures, decoderSteps, decoderFeatures } = network;
  return {
    encoder: randomValues('encoder', [rows, encoderSteps, encoderFeatures]).values,
    decoder: randomValues('decoder', [rows, decoderSteps, decoderFeatures]).values,
  };
}

/** Outputs of the network in plain TensorFlow.js on its cpu backend. */
export async function plainOutputs(
  network: Seq2SeqOptions,
  parameters: Float32Array,
  inputs: NetworkInputs,
  rows: number,
): Promise<Float32Array> {
  await tf.setBackend('cpu');
  const predictor = createSeq2SeqPredictor(network, parameters, plainOperators);
  const outputs = predictor.predict(inputs, rows);
  predictor.dispose();
  return outputs;
}

/** Largest difference between two lists of outputs; Infinity if their lengths differ. */
export function largestDifference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length || expected.length === 0) return Infinity;
  return expected.reduce((most, value, i) => {
    const difference = Math.abs(value - actual[i]!);
    return Number.isNaN(difference) ? Infinity : Math.max(most, difference);
  }, 0);
}
