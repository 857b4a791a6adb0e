import * as tf from '@tensorflow/tfjs-core';
import { LoadcastError } from '../core/errors.js';

/** What a training makes small, as a mean over all targets that are not NaN. */
export type LossOptions =
  /** twice the pinball loss of one output per level, so that the level 0.5 alone gives the absolute error */
  | { readonly kind: 'pinball'; readonly levels: readonly number[] }
  | { readonly kind: 'mse' }
  | { readonly kind: 'mae' }
  /** half the squared error up to `delta`, linear beyond */
  | { readonly kind: 'huber'; readonly delta: number };

/** Loss of one error (target minus output), and its derivative by that error. */
interface ErrorLoss {
  readonly value: (error: number) => number;
  readonly slope: (error: number) => number;
}

/** Outputs of the network for each target. */
export function outputsPerTarget(loss: LossOptions): number {
  return loss.kind === 'pinball' ? loss.levels.length : 1;
}

/** @throws LoadcastError INVALID_INPUT naming the value at fault */
export function validateLoss(loss: LossOptions, outputs: number): void {
  const wanted = outputsPerTarget(loss);
  if (wanted !== outputs) {
    throw new LoadcastError(
      'INVALID_INPUT',
      loss.kind === 'pinball'
        ? `${wanted} pinball levels do not fit ${outputs} network outputs.`
        : `The loss ${loss.kind} takes one network output, not ${outputs}.`,
    );
  }
  const badLevel =
    loss.kind === 'pinball' ? loss.levels.find((level) => !(level > 0 && level < 1)) : undefined;
  if (badLevel !== undefined) {
    throw new LoadcastError(
      'INVALID_INPUT',
      `A pinball level must lie in (0, 1), one is ${badLevel}.`,
    );
  }
  if (loss.kind === 'huber' && !(loss.delta > 0)) {
    throw new LoadcastError('INVALID_INPUT', `Huber's delta must be positive, is ${loss.delta}.`);
  }
}

/**
 * Sum of the loss over targets and outputs, differentiable. One pass over plain arrays gives the value and its
 * gradient.
 * @param outputs [B, T, outputs]
 * @param target  B · T values; NaN is left out
 * @returns scalar
 */
export function lossSum(loss: LossOptions, outputs: tf.Tensor, target: Float32Array): tf.Scalar {
  const losses = errorLosses(loss);
  const compute = tf.customGrad(() => {
    const { sum, gradient } = sumAndGradient(losses, outputs.dataSync<'float32'>(), target);
    return {
      value: tf.scalar(sum),
      // the loss is where the gradient starts, so dy is 1
      gradFunc: () => tf.tensor(gradient, outputs.shape, 'float32'),
    };
  });
  return compute(outputs);
}

/** Values that count in the loss: all outputs of each target that is not NaN. */
export function countTargets(loss: LossOptions, target: Float32Array): number {
  let count = 0;
  for (const value of target) if (!Number.isNaN(value)) count++;
  return count * outputsPerTarget(loss);
}

function errorLosses(loss: LossOptions): readonly ErrorLoss[] {
  if (loss.kind === 'pinball') return loss.levels.map(pinball);
  if (loss.kind === 'huber') return [huber(loss.delta)];
  if (loss.kind === 'mae') return [{ value: Math.abs, slope: Math.sign }];
  return [{ value: (error) => error * error, slope: (error) => 2 * error }];
}

/** Koenker & Bassett (1978), doubled. An exact hit has the slope 0. */
function pinball(level: number): ErrorLoss {
  const slope = (error: number): number => {
    if (error === 0) return 0;
    return 2 * (error > 0 ? level : level - 1);
  };
  return { value: (error) => slope(error) * error, slope };
}

/** Huber (1964). */
function huber(delta: number): ErrorLoss {
  return {
    value: (error) => {
      const size = Math.abs(error);
      return size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta);
    },
    slope: (error) => Math.max(-delta, Math.min(delta, error)),
  };
}

function sumAndGradient(
  losses: readonly ErrorLoss[],
  outputs: Float32Array,
  target: Float32Array,
): { sum: number; gradient: Float32Array } {
  const gradient = new Float32Array(outputs.length);
  let sum = 0;
  let at = 0;
  for (const value of target) {
    if (Number.isNaN(value)) {
      at += losses.length;
      continue;
    }
    for (const loss of losses) {
      const error = value - (outputs[at] ?? 0);
      sum += loss.value(error);
      gradient[at] = 0 - loss.slope(error);
      at++;
    }
  }
  return { sum, gradient };
}
