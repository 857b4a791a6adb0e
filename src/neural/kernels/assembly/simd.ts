// Four float32 lanes at a time: fused multiply-add where the binary has it, exp, sigmoid and tanh, and partial
// loads and stores for the ends of rows. One source serves both binaries: ASC_FEATURE_RELAXED_SIMD is a
// compile-time constant, so `multiplyAdd` is one instruction in the relaxed binary and two in the plain one.

/** a · b + c */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/**
 * 2^x, relative error about 1e-7: a polynomial of degree 5 on [−½, ½], fitted for the least largest error, times 2 to the
 * nearest whole number. Arguments are clamped to ±126; a NaN stays one.
 */
// @ts-ignore: decorator
@inline
export function power4(value: v128): v128 {
  const x = f32x4.pmin(f32x4.pmax(value, f32x4.splat(-126)), f32x4.splat(126));
  // adding 1.5 · 2^23 rounds to an integer, which then stands in the low bits
  const rounded = f32x4.add(x, f32x4.splat(12582912));
  const r = f32x4.sub(x, f32x4.sub(rounded, f32x4.splat(12582912)));
  let p = multiplyAdd(r, f32x4.splat(1.326472691e-3), f32x4.splat(9.67151266e-3));
  p = multiplyAdd(p, r, f32x4.splat(5.550733744e-2));
  p = multiplyAdd(p, r, f32x4.splat(2.402224208e-1));
  p = multiplyAdd(p, r, f32x4.splat(6.931469776e-1));
  p = multiplyAdd(p, r, f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(rounded, 23)); // · 2^k, by adding k to the exponent's bits
}

/** log₂ e */
export const LOG2_E: f32 = 1.44269504;

/** e^x, its relative error about 1e-7 · (1 + |x|) */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  return power4(f32x4.mul(x, f32x4.splat(LOG2_E)));
}

/** (1 − e^−2x) / (1 + e^−2x) */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const e = power4(f32x4.mul(x, f32x4.splat(<f32>-2 * LOG2_E)));
  return f32x4.div(f32x4.sub(f32x4.splat(1), e), f32x4.add(f32x4.splat(1), e));
}

// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

// @ts-ignore: decorator
@inline
export function maxLane(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** The first `count` (1–4) floats at an address; the other lanes are 0 and their memory is not touched. */
// @ts-ignore: decorator
@inline
export function loadFirst(address: usize, count: i32): v128 {
  if (count >= 4) return v128.load(address);
  let v = v128.load32_zero(address);
  if (count > 1) v = v128.load32_lane(address, v, 1, 4);
  if (count > 2) v = v128.load32_lane(address, v, 2, 8);
  return v;
}

/** Stores the first `count` (1–4) lanes; memory after them is not touched. */
// @ts-ignore: decorator
@inline
export function storeFirst(address: usize, v: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, v);
    return;
  }
  v128.store32_lane(address, v, 0);
  if (count > 1) v128.store32_lane(address, v, 1, 4);
  if (count > 2) v128.store32_lane(address, v, 2, 8);
}

/** Copies a short run of floats; memory.copy costs a call out of the module. */
// @ts-ignore: decorator
@inline
export function copyFloats(to: usize, from: usize, count: i32): void {
  let j = 0;
  for (; j + 4 <= count; j += 4) v128.store(to + (j << 2), v128.load(from + (j << 2)));
  for (; j < count; j++) store<f32>(to + (j << 2), load<f32>(from + (j << 2)));
}
