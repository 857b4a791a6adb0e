// Dot-product attention of one row (Luong et al. 2015, scaled as Vaswani et al. 2017):
//   P = softmax(Q Eᵀ / √H) over the encoder's steps;  context = P E
// Q [queries][units], E [keys][units], P [queries][stride] with stride = keys rounded up to 4, context as Q.

import { exp4, maxLane, multiplyAdd, sumLanes } from './simd';
import { matmul, matmulScratchFloats } from './matmul';

export function attentionStride(keys: i32): i32 {
  return (keys + 3) & ~3;
}

/** Floats of scratch that both directions need. */
export function attentionScratchFloats(queries: i32, keys: i32, units: i32): i32 {
  const panels = max(matmulScratchFloats(units, keys), matmulScratchFloats(max(keys, queries), units));
  return panels + queries * attentionStride(keys);
}

/** P is written to `shares`. */
export function attentionForward(
  queries: i32, keys: i32, units: i32, q: usize, e: usize, shares: usize, context: usize, scratch: usize,
): void {
  const stride = attentionStride(keys);
  const unitRow = units << 2;
  const shareRow = stride << 2;
  matmul(q, unitRow, 4, e, 4, unitRow, shares, shareRow, queries, keys, units, false, scratch);
  const scale = <f32>1 / sqrt<f32>(<f32>units);
  for (let r = 0; r < queries; r++) softmaxRow(shares + r * shareRow, keys, stride, scale);
  matmul(shares, shareRow, 4, e, unitRow, 4, context, unitRow, queries, units, keys, false, scratch);
}

function softmaxRow(row: usize, keys: i32, stride: i32, scale: f32): void {
  for (let j = keys; j < stride; j++) store<f32>(row + (j << 2), -Infinity);
  const end = row + (stride << 2);
  let top = v128.load(row);
  for (let at = row + 16; at < end; at += 16) top = f32x4.pmax(top, v128.load(at)); // a NaN shows in the sum
  const highest = f32x4.splat(maxLane(top) * scale);
  const scales = f32x4.splat(scale);
  let sums = f32x4.splat(0);
  for (let at = row; at < end; at += 16) {
    const share = exp4(f32x4.sub(f32x4.mul(v128.load(at), scales), highest));
    sums = f32x4.add(sums, share);
    v128.store(at, share);
  }
  const inverse = f32x4.splat(<f32>1 / sumLanes(sums));
  for (let at = row; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), inverse));
}

/** dq and de are overwritten. */
export function attentionBackward(
  queries: i32, keys: i32, units: i32, q: usize, e: usize, shares: usize, dContext: usize, dq: usize, de: usize, scratch: usize,
): void {
  const stride = attentionStride(keys);
  const unitRow = units << 2;
  const shareRow = stride << 2;
  const dScores = scratch;
  const panels = scratch + queries * shareRow;
  matmul(dContext, unitRow, 4, e, 4, unitRow, dScores, shareRow, queries, keys, units, false, panels);
  const scale = <f32>1 / sqrt<f32>(<f32>units);
  for (let r = 0; r < queries; r++) softmaxGradientRow(dScores + r * shareRow, shares + r * shareRow, keys, stride, scale);
  matmul(dScores, shareRow, 4, e, unitRow, 4, dq, unitRow, queries, units, keys, false, panels);
  matmul(shares, 4, shareRow, dContext, unitRow, 4, de, unitRow, keys, units, queries, false, panels);
  matmul(dScores, 4, shareRow, q, unitRow, 4, de, unitRow, keys, units, queries, true, panels);
}

/** dScores = scale · P ∘ (dP − Σ P ∘ dP), in place of dP */
function softmaxGradientRow(dShares: usize, shares: usize, keys: i32, stride: i32, scale: f32): void {
  const bytes = stride << 2;
  for (let j = keys; j < stride; j++) store<f32>(dShares + (j << 2), 0);
  let sums = f32x4.splat(0);
  for (let j = 0; j < bytes; j += 16) sums = multiplyAdd(v128.load(shares + j), v128.load(dShares + j), sums);
  const mean = f32x4.splat(sumLanes(sums));
  const scales = f32x4.splat(scale);
  for (let j = 0; j < bytes; j += 16) {
    const gradient = f32x4.sub(v128.load(dShares + j), mean);
    v128.store(dShares + j, f32x4.mul(f32x4.mul(gradient, v128.load(shares + j)), scales));
  }
}
