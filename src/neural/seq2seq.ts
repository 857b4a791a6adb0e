import * as tf from '@tensorflow/tfjs-core';
import { attention } from './operators/attention.js';
import { dense } from './operators/dense.js';
import { lstmSequence } from './operators/lstm-sequence.js';
import type { ParameterLayout, ParameterName } from './parameter-layout.js';
import type { Seq2SeqOptions } from './seq2seq-options.js';

export type { Seq2SeqOptions } from './seq2seq-options.js';

/** Gives the tensor of a parameter. */
export type Parameters = (name: ParameterName) => tf.Tensor;

export interface Seq2SeqInputs {
  /** [B, encoderSteps, encoderFeatures] */
  readonly encoder: tf.Tensor;
  /** [B, decoderSteps, decoderFeatures] */
  readonly decoder: tf.Tensor;
  /**
   * Dropout: factors 0 or 1 / (1 − rate), one tensor [B, decoderSteps, units] for each part of the state
   * (`stateParts`), which must outlive the taking of gradients; null when serving.
   */
  readonly dropoutMasks: readonly tf.Tensor[] | null;
}

/** Parts that the decoder's state has when it meets the head: attention leaves one, two directions are two. */
export function stateParts(options: Seq2SeqOptions): number {
  return options.bidirectionalDecoder && !options.attention ? 2 : 1;
}

/**
 * The forward pass: an encoder LSTM over the past; a decoder LSTM over the inputs known for the horizon, in one
 * or both directions, from the encoder's last state; attention over the encoder's outputs (Luong et al. 2015);
 * a hidden layer that sees the decoder's inputs again; linear outputs with a linear skip from those inputs.
 * @returns [B, decoderSteps, outputs]
 */
export function seq2seq(
  options: Seq2SeqOptions,
  parameters: Parameters,
  inputs: Seq2SeqInputs,
): tf.Tensor {
  const weights = (layer: Layer): tf.Tensor => parameters(`${layer}.weights`);
  const bias = (layer: Exclude<Layer, 'query'>): tf.Tensor => parameters(`${layer}.bias`);
  const zeros = tf.zeros([inputs.encoder.shape[0] ?? 0, options.units]);

  const encoded = lstmSequence(inputs.encoder, weights('encoder'), bias('encoder'), zeros, zeros);
  const decode = (layer: 'decoder' | 'decoderReversed'): tf.Tensor =>
    lstmSequence(
      inputs.decoder,
      weights(layer),
      bias(layer),
      encoded.h,
      encoded.c,
      layer === 'decoder' ? 'forward' : 'reversed',
    ).outputs;

  let state = [decode('decoder')];
  if (options.bidirectionalDecoder) state.push(decode('decoderReversed'));
  if (options.attention) {
    const context = attention(dense(state, weights('query'), null), encoded.outputs);
    state = [dense([...state, context], weights('combine'), bias('combine'), 'tanh')];
  }
  const kept = state.map((part, i) => dropOut(part, inputs.dropoutMasks?.[i]));
  const hidden = dense([...kept, inputs.decoder], weights('hidden'), bias('hidden'), 'relu');
  return dense([hidden, inputs.decoder], weights('output'), bias('output'));
}

type Layer = 'encoder' | 'decoder' | 'decoderReversed' | 'query' | 'combine' | 'hidden' | 'output';

function dropOut(state: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  if (!mask) return state;
  // its own gradient: tfjs-core registers none, and all of tfjs-layers would be loaded for this one
  const scale = tf.customGrad(() => ({
    value: tf.mul(state, mask),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, mask),
  }));
  return scale(state);
}

/** Tensors of a packed array, in the order of the layout; the caller disposes of them. */
export function unpackParameters(layout: ParameterLayout, packed: Float32Array): tf.Tensor[] {
  return layout.slots.map(({ offset, size, shape }) =>
    tf.tensor(packed.slice(offset, offset + size), [...shape], 'float32'),
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
