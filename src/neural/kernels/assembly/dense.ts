// What a dense layer needs beside its matrix products: bias and activation in one pass, their gradients.

import { loadFirst, storeFirst, tanh4 } from './simd';

// the numbers are those of ACTIVATIONS in operators/dense.ts
const TANH: i32 = 1;
const RELU: i32 = 2;

/** z[rows][n] = activation(z + bias[n]), in place. */
export function addBiasAndActivate(z: usize, bias: usize, rows: i32, n: i32, activation: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < n; j += 4) {
      const at = z + (j << 2);
      let v = f32x4.add(loadFirst(at, n - j), loadFirst(bias + (j << 2), n - j));
      if (activation == TANH) v = tanh4(v);
      else if (activation == RELU) v = f32x4.pmax(v, f32x4.splat(0));
      storeFirst(at, v, n - j);
    }
    z += n << 2;
  }
}

/** dz[size] = dy · activation′, from the activation's value y. */
export function activationGradient(dy: usize, y: usize, dz: usize, size: i32, activation: i32): void {
  const zero = f32x4.splat(0);
  for (let j = 0; j < size; j += 4) {
    const at = j << 2;
    const value = loadFirst(y + at, size - j);
    const gradient = loadFirst(dy + at, size - j);
    const result =
      activation == TANH
        ? f32x4.mul(gradient, f32x4.sub(f32x4.splat(1), f32x4.mul(value, value)))
        : v128.and(gradient, f32x4.gt(value, zero));
    storeFirst(dz + at, result, size - j);
  }
}

/** out[n] = Σ over rows of z[rows][n]. */
export function sumRows(z: usize, rows: i32, n: i32, out: usize): void {
  for (let j = 0; j < n; j += 4) {
    let sum = f32x4.splat(0);
    let at = z + (j << 2);
    for (let r = 0; r < rows; r++, at += n << 2) sum = f32x4.add(sum, loadFirst(at, n - j));
    storeFirst(out + (j << 2), sum, n - j);
  }
}
