import { describe, expect, test } from 'vitest';
import {
  adamStep,
  clipGradients,
  decayedParameters,
  validateOptimiser,
  zeroMoments,
  type ClipOptions,
  type OptimiserOptions,
} from '../../src/neural/optimiser.js';
import { parameterLayout } from '../../src/neural/parameter-layout.js';
import { toyNetwork } from './toy-task.js';

const adam: OptimiserOptions = { kind: 'adam', l2: 0 };

/** Parameters after steps along the given gradients, one array a step. */
function after(
  optimiser: OptimiserOptions,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
  decayed = start.map(() => 1),
  learningRate = 0.1,
): number[] {
  const parameters = Float32Array.from(start);
  const moments = zeroMoments(start.length);
  for (const [i, gradient] of gradients.entries())
    adamStep(
      optimiser,
      moments,
      i + 1,
      parameters,
      Float32Array.from(gradient),
      Uint8Array.from(decayed),
      learningRate,
    );
  return [...parameters];
}

describe('Adam', () => {
  test("the first step is the learning rate against the gradient's sign", () => {
    const [a, b, c] = after(adam, [1, 1, 1], [[5, -0.01, 0]]);
    expect(a).toBeCloseTo(0.9, 5);
    expect(b).toBeCloseTo(1.1, 5);
    expect(c).toBe(1);
  });

  test('the second step follows the bias-corrected moments', () => {
    // m = 0.39 / 0.19, v = 0.009999 / 0.001999
    const second = (0.1 * (0.39 / 0.19)) / Math.sqrt(0.009999 / 0.001999);
    expect(after(adam, [0], [[1], [3]])[0]).toBeCloseTo(-0.1 - second, 5);
  });

  test('L2 is part of the gradient, which Adam then scales away: the first step is the rate again', () => {
    const l2: OptimiserOptions = { kind: 'adam', l2: 0.5 };
    // gradient 1 + 0.5 · 4 = 3, then −2 + 0.5 · 3.9 = −0.05
    const m = (0.9 * 0.1 * 3 - 0.1 * 0.05) / (1 - 0.9 ** 2);
    const v = (0.999 * 0.001 * 9 + 0.001 * 0.05 ** 2) / (1 - 0.999 ** 2);
    expect(after(l2, [4], [[1]])[0]).toBeCloseTo(3.9, 5);
    expect(after(l2, [4], [[1], [-2]])[0]).toBeCloseTo(3.9 - (0.1 * m) / Math.sqrt(v), 5);
  });

  test('decoupled decay takes its share of the parameter, whatever the gradient', () => {
    const adamw: OptimiserOptions = { kind: 'adamw', weightDecay: 0.5 };
    // 4 − 0.1 · 0.5 · 4 − 0.1 · sign
    expect(after(adamw, [4, 4], [[1, -1000]])[0]).toBeCloseTo(3.7, 5);
    expect(after(adamw, [4, 4], [[1, -1000]])[1]).toBeCloseTo(3.9, 5);
    // without a gradient it shrinks by 1 − 0.1 · 0.5 a step
    expect(after(adamw, [4], [[0], [0]])[0]).toBeCloseTo(4 * 0.95 ** 2, 5);
    expect(after({ kind: 'adamw', weightDecay: 0 }, [4], [[1], [3]])).toEqual(
      after(adam, [4], [[1], [3]]),
    );
  });

  test.each<OptimiserOptions>([
    { kind: 'adam', l2: 0.5 },
    { kind: 'adamw', weightDecay: 0.5 },
  ])('%j leaves vectors alone', (optimiser) => {
    const [matrix, vector] = after(optimiser, [4, 4], [[0, 0]], [1, 0]);
    expect(matrix).toBeLessThan(4);
    expect(vector).toBe(4);
    const layout = parameterLayout(toyNetwork);
    const wanted = layout.slots.flatMap(({ name, size }) =>
      Array.from({ length: size }, () => (name.endsWith('.bias') ? 0 : 1)),
    );
    expect([...decayedParameters(layout)]).toEqual(wanted);
  });
});

/** The gradient after clipping, rounded, and the length that was told. */
function clipped(
  gradient: readonly number[],
  clip: ClipOptions,
): { norm: number; gradient: number[] } {
  const gradients = Float32Array.from(gradient);
  const norm = clipGradients(gradients, clip);
  return { norm, gradient: [...gradients].map((value) => Number(value.toFixed(6))) };
}

describe('clipping', () => {
  test('by length: a longer gradient is shortened to it, a shorter one is left alone', () => {
    expect(clipped([3, -4], { norm: 1 })).toEqual({ norm: 5, gradient: [0.6, -0.8] });
    expect(clipped([0.3, 0.4], { norm: 1 }).gradient).toEqual([0.3, 0.4]);
  });

  test('by value: each value by itself, which may turn the gradient', () => {
    expect(clipped([3, -4, 0.5], { value: 1 }).gradient).toEqual([1, -1, 0.5]);
  });

  test('by both: the values first; the length that is told is that of before', () => {
    expect(clipped([3, -4], { value: 3, norm: 1 })).toEqual({
      norm: 5,
      gradient: [0.707107, -0.707107],
    });
    expect(clipped([3, -4], {})).toEqual({ norm: 5, gradient: [3, -4] });
  });
});

test('decay and limits out of range are refused by name', () => {
  const refused: [OptimiserOptions, ClipOptions, string][] = [
    [{ kind: 'adam', l2: -1 }, {}, 'l2 must be 0 or more, is -1'],
    [{ kind: 'adamw', weightDecay: NaN }, {}, 'weightDecay must be 0 or more, is NaN'],
    [adam, { norm: 0 }, 'clip.norm must be positive, is 0'],
    [adam, { value: -2 }, 'clip.value must be positive, is -2'],
  ];
  for (const [optimiser, clip, message] of refused)
    expect(() => {
      validateOptimiser(optimiser, clip);
    }).toThrow(message);
});
