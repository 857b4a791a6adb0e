// Layer and batch normalisation, y = gain ∘ (x − μ) / √(σ² + ε) + offset, forward and gradients. x, y [rows][n].

import { loadFirst, multiplyAdd, storeFirst, sumLanes } from './simd';

// that of VARIANCE_FLOOR in operators/operators.ts
const EPSILON: f32 = 1e-5;

/**
 * Each row to mean 0 and variance 1 (Ba et al. 2016). `normalised` [rows][n] and `inverse` [rows], 1 / √(σ² + ε), are
 * kept for the gradient.
 */
export function normaliseRows(
  x: usize, gain: usize, offset: usize, rows: i32, n: i32, y: usize, normalised: usize, inverse: usize,
): void {
  const row = n << 2;
  for (let r = 0; r < rows; r++, x += row, y += row, normalised += row, inverse += 4) {
    let sums = f32x4.splat(0);
    for (let j = 0; j < n; j += 4) sums = f32x4.add(sums, loadFirst(x + (j << 2), n - j));
    const mean = sumLanes(sums) / <f32>n;
    let squares: f32 = 0;
    for (let j = 0; j < n; j++) {
      const deviation = load<f32>(x + (j << 2)) - mean;
      squares += deviation * deviation;
    }
    const scale = <f32>1 / sqrt<f32>(squares / <f32>n + EPSILON);
    store<f32>(inverse, scale);
    scaleRow(x, f32x4.splat(mean), f32x4.splat(scale), gain, offset, n, y, normalised);
  }
}

// @ts-ignore: decorator
@inline
function scaleRow(x: usize, mean: v128, scale: v128, gain: usize, offset: usize, n: i32, y: usize, normalised: usize): void {
  for (let j = 0; j < n; j += 4) {
    const at = j << 2;
    const value = f32x4.mul(f32x4.sub(loadFirst(x + at, n - j), mean), scale);
    storeFirst(normalised + at, value, n - j);
    storeFirst(y + at, multiplyAdd(value, loadFirst(gain + at, n - j), loadFirst(offset + at, n - j)), n - j);
  }
}

/** dX, and dGain and dOffset [n], which are overwritten. */
export function normaliseRowsGradient(
  dy: usize, gain: usize, normalised: usize, inverse: usize, rows: i32, n: i32, dx: usize, dGain: usize, dOffset: usize,
): void {
  const row = n << 2;
  memory.fill(dGain, 0, row);
  memory.fill(dOffset, 0, row);
  for (let r = 0; r < rows; r++, dy += row, dx += row, normalised += row, inverse += 4) {
    let sums = f32x4.splat(0);
    let products = f32x4.splat(0);
    for (let j = 0; j < n; j += 4) {
      const at = j << 2;
      const gradient = loadFirst(dy + at, n - j);
      const value = loadFirst(normalised + at, n - j);
      storeFirst(dOffset + at, f32x4.add(loadFirst(dOffset + at, n - j), gradient), n - j);
      storeFirst(dGain + at, multiplyAdd(gradient, value, loadFirst(dGain + at, n - j)), n - j);
      const scaled = f32x4.mul(gradient, loadFirst(gain + at, n - j));
      sums = f32x4.add(sums, scaled);
      products = multiplyAdd(scaled, value, products);
    }
    // dx = (g − mean(g) − x̂ · mean(g ∘ x̂)) / √(σ² + ε), with g = gain ∘ dy
    const mean = f32x4.splat(sumLanes(sums) / <f32>n);
    const slope = f32x4.splat(sumLanes(products) / <f32>n);
    const scale = f32x4.splat(load<f32>(inverse));
    for (let j = 0; j < n; j += 4) {
      const at = j << 2;
      const scaled = f32x4.mul(loadFirst(dy + at, n - j), loadFirst(gain + at, n - j));
      const centred = f32x4.sub(f32x4.sub(scaled, mean), f32x4.mul(loadFirst(normalised + at, n - j), slope));
      storeFirst(dx + at, f32x4.mul(centred, scale), n - j);
    }
  }
}

/** Mean and variance of each column, in two passes, [n] each. */
export function columnMoments(x: usize, rows: i32, n: i32, mean: usize, variance: usize): void {
  const row = n << 2;
  const count = f32x4.splat(<f32>rows);
  for (let j = 0; j < n; j += 4) {
    const at = j << 2;
    let sum = f32x4.splat(0);
    for (let r = 0, from = x + at; r < rows; r++, from += row) sum = f32x4.add(sum, loadFirst(from, n - j));
    const centre = f32x4.div(sum, count);
    let squares = f32x4.splat(0);
    for (let r = 0, from = x + at; r < rows; r++, from += row) {
      const deviation = f32x4.sub(loadFirst(from, n - j), centre);
      squares = multiplyAdd(deviation, deviation, squares);
    }
    storeFirst(mean + at, centre, n - j);
    storeFirst(variance + at, f32x4.div(squares, count), n - j);
  }
}

/** Each column by the given mean and variance [n] (Ioffe & Szegedy 2015). `normalised` is kept for the gradient. */
export function normaliseColumns(
  x: usize, mean: usize, variance: usize, gain: usize, offset: usize, rows: i32, n: i32, y: usize, normalised: usize,
): void {
  const row = n << 2;
  for (let j = 0; j < n; j += 4) {
    const at = j << 2;
    const centre = loadFirst(mean + at, n - j);
    const scale = inverseDeviation(loadFirst(variance + at, n - j));
    const g = loadFirst(gain + at, n - j);
    const b = loadFirst(offset + at, n - j);
    for (let r = 0, step = at; r < rows; r++, step += row) {
      const value = f32x4.mul(f32x4.sub(loadFirst(x + step, n - j), centre), scale);
      storeFirst(normalised + step, value, n - j);
      storeFirst(y + step, multiplyAdd(value, g, b), n - j);
    }
  }
}

/** dX where the moments are those of x itself, and dGain and dOffset [n], which are overwritten. */
export function normaliseColumnsGradient(
  dy: usize, variance: usize, gain: usize, normalised: usize, rows: i32, n: i32, dx: usize, dGain: usize, dOffset: usize,
): void {
  const row = n << 2;
  const count = f32x4.splat(<f32>rows);
  for (let j = 0; j < n; j += 4) {
    const at = j << 2;
    let sums = f32x4.splat(0);
    let products = f32x4.splat(0);
    for (let r = 0, step = at; r < rows; r++, step += row) {
      const gradient = loadFirst(dy + step, n - j);
      sums = f32x4.add(sums, gradient);
      products = multiplyAdd(gradient, loadFirst(normalised + step, n - j), products);
    }
    storeFirst(dOffset + at, sums, n - j);
    storeFirst(dGain + at, products, n - j);
    const mean = f32x4.div(sums, count);
    const slope = f32x4.div(products, count);
    const scale = f32x4.mul(loadFirst(gain + at, n - j), inverseDeviation(loadFirst(variance + at, n - j)));
    for (let r = 0, step = at; r < rows; r++, step += row) {
      const centred = f32x4.sub(f32x4.sub(loadFirst(dy + step, n - j), mean), f32x4.mul(loadFirst(normalised + step, n - j), slope));
      storeFirst(dx + step, f32x4.mul(centred, scale), n - j);
    }
  }
}

// @ts-ignore: decorator
@inline
function inverseDeviation(variance: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(EPSILON))));
}
