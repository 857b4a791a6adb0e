import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';
import { countTargets, lossSum, validateLoss, type LossOptions } from '../../src/neural/losses.js';
import { scoped } from './reference.js';

beforeAll(async () => {
  await initialiseBackend();
});

/** Sum of the loss and its gradient by the outputs. */
function lossOf(
  loss: LossOptions,
  outputs: readonly number[],
  target: readonly number[],
): { sum: number; gradient: number[] } {
  return scoped(() => {
    const x = tf.tensor([...outputs], [1, target.length, outputs.length / target.length]);
    const { value, grads } = tf
      .engine()
      .gradients(() => lossSum(loss, x, Float32Array.from(target)), [x]);
    return { sum: value.dataSync()[0] ?? NaN, gradient: [...(grads[0]?.dataSync() ?? [])] };
  });
}

const pinball: LossOptions = { kind: 'pinball', levels: [0.1, 0.5] };

describe('losses by hand', () => {
  // errors 2 (too low) and −0.5 (too high)
  test.each<[LossOptions, number, number[]]>([
    [{ kind: 'mse' }, 4 + 0.25, [-4, 1]],
    [{ kind: 'mae' }, 2 + 0.5, [-1, 1]],
    // beyond the kink: 1 · (2 − 0.5); within: 0.5 · 0.25
    [{ kind: 'huber', delta: 1 }, 1.5 + 0.125, [-1, 0.5]],
    [{ kind: 'pinball', levels: [0.5] }, 2.5, [-1, 1]],
    // 2 · 0.1 · 2 and 2 · 0.9 · 0.5
    [{ kind: 'pinball', levels: [0.1] }, 0.4 + 0.9, [-0.2, 1.8]],
  ])('%j', (loss, sum, gradient) => {
    const result = lossOf(loss, [1, 1.5], [3, 1]);
    expect(result.sum).toBeCloseTo(sum, 6);
    for (const [i, value] of gradient.entries()) expect(result.gradient[i]).toBeCloseTo(value, 6);
  });

  test('an exact hit costs nothing and pulls nowhere', () => {
    for (const kind of ['mse', 'mae'] as const)
      expect(lossOf({ kind }, [2], [2])).toMatchObject({ sum: 0, gradient: [0] });
    expect(lossOf({ kind: 'huber', delta: 1 }, [2], [2])).toMatchObject({ sum: 0, gradient: [0] });
    expect(lossOf(pinball, [2, 2], [2])).toMatchObject({ sum: 0, gradient: [0, 0] });
  });

  test("Huber's two branches meet at the kink, in value and slope", () => {
    const huber: LossOptions = { kind: 'huber', delta: 0.5 };
    expect(lossOf(huber, [0], [0.5])).toMatchObject({ sum: 0.125, gradient: [-0.5] });
    const inside = lossOf(huber, [0], [0.5 - 2 ** -12]);
    const outside = lossOf(huber, [0], [0.5 + 2 ** -12]);
    expect(outside.sum - inside.sum).toBeCloseTo(2 * 2 ** -12 * 0.5, 6);
    expect(outside.gradient).toEqual([-0.5]);
    expect(inside.gradient[0]).toBeCloseTo(-0.5 + 2 ** -12, 7);
  });
});

describe('gradients', () => {
  const outputs = [0.3, -1.2, 0.8, 2.5, -0.4, 1.1];
  test.each<[LossOptions, number[]]>([
    [{ kind: 'mse' }, [1, -1, 0.1, 2, 0.7, 3]],
    [{ kind: 'mae' }, [1, -1, 0.1, 2, 0.7, 3]],
    // the second and third error lie on the kink, from both sides
    [{ kind: 'huber', delta: 0.7 }, [1, -1.9, 1.5, 2, 0.7, 3]],
    [pinball, [1, -1, 0.1]],
  ])('of %j are those of central differences', (loss, target) => {
    const { gradient } = lossOf(loss, outputs, target);
    const step = 2 ** -6;
    for (const [i, value] of gradient.entries()) {
      const at = (shift: number): number =>
        lossOf(
          loss,
          outputs.map((output, j) => (i === j ? output + shift : output)),
          target,
        ).sum;
      const slope = (at(step) - at(-step)) / (2 * step);
      // the difference straddles Huber's kink, where the slope bends by step / 2 at most
      expect(Math.abs(slope - value)).toBeLessThan(loss.kind === 'huber' ? step / 2 : 1e-4);
    }
  });

  test.each<LossOptions>([
    { kind: 'mse' },
    { kind: 'mae' },
    { kind: 'huber', delta: 1 },
    { kind: 'pinball', levels: [0.9] },
  ])('%j: a target that is NaN leaves no trace', (loss) => {
    const masked = lossOf(loss, [1, 7, 2], [3, NaN, 1]);
    const without = lossOf(loss, [1, 2], [3, 1]);
    expect(masked.sum).toBe(without.sum);
    expect(masked.gradient).toEqual([without.gradient[0], 0, without.gradient[1]]);
    expect(countTargets(loss, Float32Array.of(3, NaN, 1))).toBe(2);
  });

  test('each level counts', () => {
    expect(countTargets(pinball, Float32Array.of(3, NaN, 1))).toBe(4);
    expect(lossOf(pinball, [0, 0, 1, 2], [NaN, 1]).gradient.slice(0, 2)).toEqual([0, 0]);
  });
});

test('a loss that does not fit the network is refused by name', () => {
  const refused: [LossOptions, number, string][] = [
    [{ kind: 'pinball', levels: [0.1, 0.9] }, 1, '2 pinball levels do not fit 1 network outputs.'],
    [{ kind: 'pinball', levels: [1] }, 1, 'A pinball level must lie in (0, 1), one is 1.'],
    [{ kind: 'mse' }, 7, 'The loss mse takes one network output, not 7.'],
    [{ kind: 'huber', delta: 0 }, 1, "Huber's delta must be positive, is 0."],
  ];
  for (const [loss, outputs, message] of refused)
    expect(() => {
      validateLoss(loss, outputs);
    }).toThrow(message);
});
