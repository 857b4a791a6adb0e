import type * as tf from '@tensorflow/tfjs-core';

/**
 * What the network is written in. Each engine brings its own set: ours on WebAssembly (`fusedOperators`), plain
 * TensorFlow.js as the reference (`plainOperators`), TensorFlow's own LSTM where it is installed. All have gradients.
 */
export interface Operators {
  /**
   * An LSTM over a whole sequence.
   * @param inputs  one or two, each [B, T, Fᵢ], side by side
   * @param weights [Σ Fᵢ + H, 4H], input rows over recurrent rows; gate order i, f, g, o
   * @param bias    [4H]
   * @param h0      [B, H]
   * @param c0      [B, H]
   * @param order   `reversed` goes from the last step to the first; outputs stay at their steps
   * @throws LoadcastError INVALID_INPUT if the shapes do not fit
   */
  readonly lstmSequence: (
    inputs: readonly tf.Tensor[],
    weights: tf.Tensor,
    bias: tf.Tensor,
    h0: tf.Tensor,
    c0: tf.Tensor,
    order?: StepOrder,
  ) => LstmSequence;

  /**
   * Scaled dot-product attention: softmax(Q Eᵀ / √H) E.
   * @param queries [B, Tq, H]
   * @param encoded [B, Tk, H], keys and values alike
   * @returns context [B, Tq, H]
   */
  readonly attention: (queries: tf.Tensor, encoded: tf.Tensor) => tf.Tensor;

  /**
   * activation([x₁ x₂ …] W + b); the inputs stand side by side as if concatenated.
   * @param inputs  each [B, T, Nᵢ]
   * @param weights [Σ Nᵢ, N]
   * @param bias    [N], or null for none
   * @returns [B, T, N]
   */
  readonly dense: (
    inputs: readonly tf.Tensor[],
    weights: tf.Tensor,
    bias: tf.Tensor | null,
    activation?: Activation,
  ) => tf.Tensor;

  /**
   * Layer normalisation (Ba et al. 2016): each row of the last axis to mean 0 and variance 1, then gain and offset.
   * @param x [B, T, N]; gain and offset [N]
   */
  readonly layerNormalisation: (x: tf.Tensor, gain: tf.Tensor, offset: tf.Tensor) => tf.Tensor;

  /**
   * Batch normalisation (Ioffe & Szegedy 2015): each of the N columns over rows and steps.
   * @param x      [B, T, N]; gain and offset [N]
   * @param moving mean and variance [N] to use in place of the batch's own: when serving
   */
  readonly batchNormalisation: (
    x: tf.Tensor,
    gain: tf.Tensor,
    offset: tf.Tensor,
    moving: Moments | null,
  ) => Normalised;

  /** x ∘ mask; the mask has no gradient and must outlive the taking of gradients. */
  readonly dropOut: (x: tf.Tensor, mask: tf.Tensor) => tf.Tensor;
}

export type StepOrder = 'forward' | 'reversed';

export type Activation = 'linear' | 'tanh' | 'relu';

export interface LstmSequence {
  /** [B, T, H] */
  readonly outputs: tf.Tensor;
  /** state after the last step, [B, H] */
  readonly h: tf.Tensor;
  readonly c: tf.Tensor;
}

/** Of each column, [N]. */
export interface Moments {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

export interface Normalised extends Moments {
  readonly outputs: tf.Tensor;
}

/** Added to a variance before its root is taken. */
export const VARIANCE_FLOOR = 1e-5;
