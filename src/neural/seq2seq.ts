import * as tf from '@tensorflow/tfjs-core';
import type { LstmSequence, Moments, Operators } from './operators/operators.js';
import {
  isNormalised,
  lstmName,
  queryName,
  type ParameterLayout,
  type Stack,
} from './parameter-layout.js';
import { directionsOf, type Direction, type Seq2SeqOptions } from './seq2seq-options.js';

export type { Seq2SeqOptions } from './seq2seq-options.js';

/** Gives the tensor of a parameter. */
export type Parameters = (name: string) => tf.Tensor;

export interface Seq2SeqInputs {
  /** [B, encoderSteps, encoderFeatures] */
  readonly encoder: tf.Tensor;
  /** [B, decoderSteps, decoderFeatures] */
  readonly decoder: tf.Tensor;
  /** what training adds; null when serving */
  readonly training: Seq2SeqTraining | null;
}

export interface Seq2SeqTraining {
  /**
   * Dropout: factors 0 or 1 / (1 − rate), one tensor for each of `dropoutShapes`, which must outlive the taking of
   * gradients; null for none.
   */
  readonly masks: readonly tf.Tensor[] | null;
  /** is told the moments of the batch at each batch normalisation */
  readonly onMoments: (name: string, moments: Moments) => void;
}

/** Shapes of the dropout masks for a batch, in the order in which the forward pass meets them. */
export function dropoutShapes(
  options: Seq2SeqOptions,
  rows: number,
): [rows: number, steps: number, units: number][] {
  const { encoderSteps, decoderSteps, units, layers } = options;
  const encoder = directionsOf(options.bidirectionalEncoder).length;
  const decoder = directionsOf(options.bidirectionalDecoder).length;
  const shapes = (count: number, steps: number): [number, number, number][] =>
    Array.from({ length: count }, () => [rows, steps, units]);
  return [
    ...shapes((layers - 1) * encoder, encoderSteps),
    ...shapes((layers - 1) * decoder, decoderSteps),
    // attention leaves one part of the state, two directions are two
    ...shapes(options.attention ? 1 : decoder, decoderSteps),
  ];
}

/**
 * The forward pass: stacked encoder LSTMs over the past; stacked decoder LSTMs over the inputs known for the horizon,
 * each from the last state of the encoder's LSTM in its place; attention over the encoder's outputs (Luong et al.
 * 2015), a head for each direction; a hidden layer that sees the decoder's inputs again; linear outputs with a linear
 * skip from those inputs.
 * @returns [B, decoderSteps, outputs]
 */
export function seq2seq(
  operators: Operators,
  options: Seq2SeqOptions,
  parameters: Parameters,
  inputs: Seq2SeqInputs,
): tf.Tensor {
  const { dense } = operators;
  const weights = (layer: string): tf.Tensor => parameters(`${layer}.weights`);
  const bias = (layer: string): tf.Tensor => parameters(`${layer}.bias`);
  let nextMask = 0;
  const dropOut = (x: tf.Tensor): tf.Tensor => {
    const mask = inputs.training?.masks?.[nextMask++];
    return mask ? operators.dropOut(x, mask) : x;
  };
  const normalise = (x: tf.Tensor, name: string): tf.Tensor => {
    const [gain, offset] = [parameters(`${name}.gain`), parameters(`${name}.offset`)];
    if (options.normalisation === 'layer') return operators.layerNormalisation(x, gain, offset);
    const moving = inputs.training
      ? null
      : {
          mean: parameters(`${name}.movingMean`),
          variance: parameters(`${name}.movingVariance`),
        };
    const { outputs, ...moments } = operators.batchNormalisation(x, gain, offset, moving);
    inputs.training?.onMoments(name, moments);
    return outputs;
  };

  /** Layers of LSTMs; each reads all directions of the one below. */
  const stacked = (
    stack: Stack,
    input: tf.Tensor,
    directions: readonly Direction[],
    start: (layer: number, direction: Direction) => Pick<LstmSequence, 'h' | 'c'>,
  ): { states: LstmSequence[][]; outputs: tf.Tensor[] } => {
    const states: LstmSequence[][] = [];
    let outputs = [input];
    for (let layer = 0; layer < options.layers; layer++) {
      const runs = directions.map((direction) => {
        const name = lstmName(stack, layer, direction);
        const { h, c } = start(layer, direction);
        return operators.lstmSequence(outputs, weights(name), bias(name), h, c, direction);
      });
      states.push(runs);
      outputs = runs.map((run, i) =>
        isNormalised(options, stack, layer)
          ? normalise(run.outputs, lstmName(stack, layer, directions[i] ?? 'forward'))
          : run.outputs,
      );
      if (layer + 1 < options.layers) outputs = outputs.map(dropOut);
    }
    return { states, outputs };
  };

  const zeros = tf.zeros([inputs.encoder.shape[0] ?? 0, options.units]);
  const encoderDirections = directionsOf(options.bidirectionalEncoder);
  const encoder = stacked('encoder', inputs.encoder, encoderDirections, () => ({
    h: zeros,
    c: zeros,
  }));
  const decoder = stacked(
    'decoder',
    inputs.decoder,
    directionsOf(options.bidirectionalDecoder),
    (layer, direction) => {
      const [forward, reversed] = encoder.states[layer] ?? [];
      const state = direction === 'reversed' ? (reversed ?? forward) : forward;
      if (!state) throw new RangeError(`The encoder has no layer ${layer}.`);
      return state;
    },
  );

  let state = decoder.outputs;
  if (options.attention) {
    const contexts = encoder.outputs.map((encoded, i) => {
      const query = dense(state, weights(queryName(encoderDirections[i] ?? 'forward')), null);
      return operators.attention(query, encoded);
    });
    state = [dense([...state, ...contexts], weights('combine'), bias('combine'), 'tanh')];
  }
  const seen = [...state.map(dropOut), inputs.decoder];
  const hidden = dense(seen, weights('hidden'), bias('hidden'), 'relu');
  return dense([hidden, inputs.decoder], weights('output'), bias('output'));
}

/**
 * Tensors of a packed array, in the order of the layout; the caller disposes of them and leaves the array alone as long,
 * since not every backend copies it.
 */
export function unpackParameters(layout: ParameterLayout, packed: Float32Array): tf.Tensor[] {
  return layout.slots.map(({ offset, size, shape }) =>
    tf.tensor(packed.subarray(offset, offset + size), [...shape], 'float32'),
  );
}

/** Looks parameters up by name among tensors in the order of the layout. */
export function namedParameters(
  layout: ParameterLayout,
  tensors: readonly tf.Tensor[],
): Parameters {
  const byName = new Map(layout.slots.map((slot, i) => [slot.name, tensors[i]]));
  return (name) => {
    const tensor = byName.get(name);
    if (!tensor) throw new RangeError(`The network has no parameter ${name}.`);
    return tensor;
  };
}
