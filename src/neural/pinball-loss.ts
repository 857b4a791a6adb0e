import * as tf from '@tensorflow/tfjs-core';

/**
 * Sum of twice the pinball loss over targets and levels (Koenker & Bassett 1978); twice, so that the level 0.5
 * alone gives the absolute error. One pass over plain arrays gives the value and its gradient.
 * @param outputs [B, T, levels], the quantiles
 * @param target  B · T values; NaN is left out
 * @param levels  in (0, 1)
 * @returns scalar
 */
export function pinballLossSum(
  outputs: tf.Tensor,
  target: Float32Array,
  levels: readonly number[],
): tf.Scalar {
  const loss = tf.customGrad(() => {
    const { sum, gradient } = pinball(outputs.dataSync<'float32'>(), target, levels);
    return {
      value: tf.scalar(sum),
      // the loss is where the gradient starts, so dy is 1
      gradFunc: () => tf.tensor(gradient, outputs.shape, 'float32'),
    };
  });
  return loss(outputs);
}

/** Values that count in the loss: all levels of each target that is not NaN. */
export function countTargets(target: Float32Array, levels: number): number {
  let count = 0;
  for (const value of target) if (!Number.isNaN(value)) count++;
  return count * levels;
}

function pinball(
  outputs: Float32Array,
  target: Float32Array,
  levels: readonly number[],
): { sum: number; gradient: Float32Array } {
  const gradient = new Float32Array(outputs.length);
  let sum = 0;
  let at = 0;
  for (const value of target) {
    if (Number.isNaN(value)) {
      at += levels.length;
      continue;
    }
    for (const level of levels) {
      const error = value - (outputs[at] ?? 0);
      const slope = error > 0 ? level : level - 1;
      sum += 2 * slope * error;
      // an exact hit has the gradient 0; a NaN stays one
      gradient[at] = error === 0 ? 0 : -2 * slope;
      at++;
    }
  }
  return { sum, gradient };
}
