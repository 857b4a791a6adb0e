import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimiseOnSimplex } from '../../src/ensemble/simplex.js';

function minimise(q: number[], b: number[]): number[] {
  return [...minimiseOnSimplex(Float64Array.from(q), Float64Array.from(b))];
}

function objective(q: readonly number[], b: readonly number[], w: readonly number[]): number {
  const k = b.length;
  let value = 0;
  for (const [i, wi] of w.entries()) {
    value -= 2 * (b[i] ?? Number.NaN) * wi;
    for (const [j, wj] of w.entries()) value += wi * (q[i * k + j] ?? Number.NaN) * wj;
  }
  return value;
}

/** Gram matrix of k random error columns, plus a ridge: symmetric positive definite. */
const problem = fc
  .integer({ min: 1, max: 4 })
  .chain((k) =>
    fc.record({
      k: fc.constant(k),
      columns: fc.array(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 5, maxLength: 5 }),
        { minLength: k, maxLength: k },
      ),
      b: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: k, maxLength: k }),
    }),
  )
  .map(({ k, columns, b }) => ({
    k,
    b,
    q: columns.flatMap((one, i) =>
      columns.map((other, j) => {
        const product = one.reduce((sum, x, n) => sum + x * (other[n] ?? Number.NaN), 0);
        return product / 5 + (i === j ? 0.01 : 0);
      }),
    ),
  }));

/** All points of the simplex on a grid of `steps` parts. */
function* grid(k: number, steps: number, head: readonly number[] = []): Generator<number[]> {
  const left = steps - head.reduce((sum, part) => sum + part, 0);
  if (head.length === k - 1) {
    yield [...head, left].map((part) => part / steps);
    return;
  }
  for (let part = 0; part <= left; part++) yield* grid(k, steps, [...head, part]);
}

describe('minimiseOnSimplex', () => {
  it('gives two independent errors weights by inverse variance', () => {
    const [a, b] = minimise([1, 0, 0, 3], [0, 0]);
    expect(a).toBeCloseTo(0.75, 12);
    expect(b).toBeCloseTo(0.25, 12);
  });

  it('gives a weight of exactly zero to a member that would need a negative one', () => {
    // Covariance above the smaller variance: the unbounded optimum is (1.5, −0.5).
    expect(minimise([1, 1.5, 1.5, 3], [0, 0])).toEqual([1, 0]);
  });

  it('pulls towards b', () => {
    // ‖w − b‖² with b on the simplex.
    const weights = minimise([1, 0, 0, 0, 1, 0, 0, 0, 1], [0.2, 0.3, 0.5]);
    for (const [i, expected] of [0.2, 0.3, 0.5].entries())
      expect(weights[i]).toBeCloseTo(expected, 12);
  });

  it('gives a single member everything', () => {
    expect(minimise([4], [0.3])).toEqual([1]);
  });

  it('stays on the simplex for a matrix of zeros', () => {
    const weights = minimise([0, 0, 0, 0], [0, 0]);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('finds nothing worse than a brute-force grid, and stays on the simplex', () => {
    fc.assert(
      fc.property(problem, ({ k, q, b }) => {
        const weights = minimise(q, b);
        expect(weights.every((weight) => weight >= 0)).toBe(true);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        const found = objective(q, b, weights);
        for (const point of grid(k, k === 4 ? 12 : 40))
          if (objective(q, b, point) < found - 1e-9)
            throw new Error(`${point.join()} is better than ${weights.join()}`);
      }),
      { numRuns: 150 },
    );
  });
});
