import { sortedQuantile } from '../../core/metrics.js';

const degree = 3;

/** Cubic B-splines over a range, with straight lines beyond it. JSON-safe. */
export interface SplineBasis {
  /** distinct, ascending, at least two: the ends of the range and the inner knots */
  readonly knots: readonly number[];
}

/**
 * Knots at quantiles of the values, evenly spaced where quantiles coincide.
 * @param values finite, in any order, not all the same
 * @param count at least 2
 */
export function splineBasis(values: Float64Array, count: number): SplineBasis {
  const ascending = values.slice().sort();
  const levels = Array.from({ length: count }, (_, i) => i / (count - 1));
  const quantiles = levels.map((level) => sortedQuantile(ascending, level));
  const [low, high] = [ascending[0]!, ascending.at(-1)!];
  const distinct = quantiles.every((knot, i) => i === 0 || knot - quantiles[i - 1]! > 1e-6);
  return { knots: distinct ? quantiles : levels.map((level) => low + level * (high - low)) };
}

/** Functions of a basis: one less than B-splines, whose sum is 1 and would double the constant. */
export function splineFunctions({ knots }: SplineBasis): number {
  return knots.length + degree - 2;
}

/**
 * Writes the values of the functions at a point into `out` from `at` on.
 * @see de Boor (1978), A Practical Guide to Splines, chapter X
 */
export function writeSpline(
  { knots }: SplineBasis,
  value: number,
  out: Float64Array,
  at: number,
): void {
  const [low, high] = [knots[0]!, knots.at(-1)!];
  const inside = Math.min(high, Math.max(low, value));
  const functions = splineFunctions({ knots });
  out.fill(0, at, at + functions);
  const span = spanOf(knots, inside);
  const basis = basisAt(knots, span, inside);
  // The first function is left out.
  for (let j = 0; j <= degree; j++) if (span + j > 0) out[at + span + j - 1] = basis[j]!;
  if (inside === value) return;
  // Beyond the range the tangent at its end goes on.
  const step = (high - low) * 1e-4;
  const beside = inside === high ? high - step : low + step;
  const before = new Float64Array(functions);
  writeSpline({ knots }, beside, before, 0);
  const factor = (value - inside) / (inside - beside);
  for (let j = 0; j < functions; j++) out[at + j]! += (out[at + j]! - before[j]!) * factor;
}

/** Index of the knot interval that holds the value. */
function spanOf(knots: readonly number[], value: number): number {
  let span = 0;
  while (span < knots.length - 2 && value >= knots[span + 1]!) span++;
  return span;
}

/** The four cubic B-splines that are not zero in the interval, by Cox and de Boor's recursion. */
function basisAt(knots: readonly number[], span: number, value: number): Float64Array {
  const last = knots.length - 1;
  // Knots go on beyond the ends, evenly: repeated ones would make the outer functions steep.
  const knot = (i: number): number => {
    if (i < 0) return knots[0]! + i * (knots[1]! - knots[0]!);
    return i > last ? knots[last]! + (i - last) * (knots[last]! - knots[last - 1]!) : knots[i]!;
  };
  const basis = new Float64Array(degree + 1);
  basis[0] = 1;
  for (let d = 1; d <= degree; d++) {
    let saved = 0;
    for (let r = 0; r < d; r++) {
      const right = knot(span + r + 1);
      const left = knot(span + 1 - d + r);
      const term = right > left ? basis[r]! / (right - left) : 0;
      basis[r] = saved + (right - value) * term;
      saved = (value - left) * term;
    }
    basis[d] = saved;
  }
  return basis;
}

/** Values of the splines of one temperature, one row of `functions` values for each row of the table. */
export interface SplineValues {
  readonly functions: number;
  readonly values: Float64Array;
}

export function splineValues(basis: SplineBasis, celsius: Float64Array): SplineValues {
  const functions = splineFunctions(basis);
  const values = new Float64Array(celsius.length * functions);
  for (const [row, value] of celsius.entries()) writeSpline(basis, value, values, row * functions);
  return { functions, values };
}
