import { choleskyInPlace, solveCholesky } from '../linear/cholesky.js';
import { crossProducts } from '../linear/cross-products.js';

/** Centre and scale of each column. */
export interface Standard {
  /** shape (columns,) */
  readonly means: Float64Array;
  /** 1 / standard deviation; 0 for a column without spread, which has no effect */
  readonly factors: Float64Array;
}

/** standard deviations beyond which a column is cut off: a straight line knows nothing of what it never saw */
const greatestZ = 8;

/** Weighted moments; rows of weight 0 leave no trace. */
export function standardOf(columns: readonly Float64Array[], weights: Float64Array): Standard {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const means = new Float64Array(columns.length);
  const factors = new Float64Array(columns.length);
  for (const [j, column] of columns.entries()) {
    let mean = 0;
    for (let i = 0; i < column.length; i++) if (weights[i]! > 0) mean += weights[i]! * column[i]!;
    mean /= total;
    let variance = 0;
    for (let i = 0; i < column.length; i++)
      if (weights[i]! > 0) variance += weights[i]! * (column[i]! - mean) ** 2;
    const deviation = Math.sqrt(variance / total);
    means[j] = mean;
    factors[j] = deviation > 1e-6 ? 1 / deviation : 0;
  }
  return { means, factors };
}

/** Standardised columns in place of the raw ones; what is not a number counts as the mean. */
export function standardise(
  columns: readonly Float64Array[],
  { means, factors }: Standard,
): readonly Float64Array[] {
  for (const [j, column] of columns.entries()) {
    const [mean, factor] = [means[j]!, factors[j]!];
    for (let i = 0; i < column.length; i++) {
      const z = (column[i]! - mean) * factor;
      column[i] = z > greatestZ ? greatestZ : z < -greatestZ ? -greatestZ : z || 0;
    }
  }
  return columns;
}

/** Weighted sums of products of a constant, the columns and the target. */
export interface Moments {
  readonly gram: Float64Array;
  /** row length of `gram` */
  readonly size: number;
  readonly columns: number;
}

/**
 * Moments of each part of the rows.
 * @param parts part of each row, from 0; rows of weight 0 belong to none
 */
export function momentsOfParts(
  columns: readonly Float64Array[],
  target: Float64Array,
  weights: Float64Array,
  parts: Uint8Array,
  count: number,
): Moments[] {
  return Array.from({ length: count }, (_, part) => {
    const rows: number[] = [];
    for (let i = 0; i < target.length; i++) if (parts[i] === part && weights[i]! > 0) rows.push(i);
    const roots = Float64Array.from(rows, (row) => Math.sqrt(weights[row]!));
    const weighted = (column: Float64Array): Float64Array =>
      roots.map((root, i) => root * column[rows[i]!]!);
    return {
      ...crossProducts([roots, ...columns.map(weighted), weighted(target)]),
      columns: columns.length,
    };
  });
}

export function sumOfMoments(parts: readonly Moments[], without = -1): Moments {
  const [first] = parts;
  if (!first) throw new RangeError('No parts to sum');
  const gram = new Float64Array(first.gram.length);
  for (const [part, moments] of parts.entries()) {
    if (part === without) continue;
    for (let i = 0; i < gram.length; i++) gram[i]! += moments.gram[i]!;
  }
  return { ...first, gram };
}

/**
 * Ridge regression with a free constant.
 * @param penalty in rows: with so many rows a coefficient counts half
 * @returns the constant, then one coefficient for each column
 */
export function solveRidge({ gram, size, columns }: Moments, penalty: number): Float64Array {
  const n = columns + 1;
  const factor = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (let a = 0; a < n; a++) {
    right[a] = gram[n * size + a]!;
    for (let b = 0; b <= a; b++) factor[a * n + b] = gram[a * size + b]!;
    factor[a * n + a]! += a === 0 ? 0 : penalty;
  }
  choleskyInPlace(factor, n);
  return solveCholesky(factor, n, right);
}

/** Value of row i: constant + Σ coefficient × column. */
export function evaluateRidge(
  coefficients: Float64Array,
  columns: readonly Float64Array[],
  i: number,
): number {
  let value = coefficients[0]!;
  for (let j = 0; j < columns.length; j++) value += coefficients[j + 1]! * columns[j]![i]!;
  return value;
}
