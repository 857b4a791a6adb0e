// Matrix product C = A·B or C += A·B in float32, any sizes and strides. B is packed into panels of 8 columns,
// zero-padded at the right edge, so that one register tile of 4 rows × 8 columns (8 accumulators) serves every
// shape: at the bottom edge it reads the last row again, at both edges it stores only what exists. The loop over
// k is not unrolled on purpose: V8 would hoist the loads and spill the accumulators (1.4–1.6 times slower); the
// loop down the rows is inside, as a call per tile cost a fifth.
// All strides are in bytes.

import { loadFirst, multiplyAdd, storeFirst } from './simd';

/** Rows of A that share one pass over the panels: 16 rows of A stay in the first-level cache. */
const BLOCK_ROWS: i32 = 16;
/** Longest sum in one pass: bounds the packed panels, and keeps them in the second-level cache. */
const BLOCK_STEPS: i32 = 256;

/** Floats that `packPanels` writes for a matrix of k rows and n columns. */
export function panelFloats(k: i32, n: i32): i32 {
  return ((n + 7) & ~7) * k;
}

/** Floats of scratch that `matmul` needs. */
export function matmulScratchFloats(k: i32, n: i32): i32 {
  return panelFloats(min(k, BLOCK_STEPS), n);
}

/** Packs B, element (i, j) at b + i · rowStride + j · columnStride, into panels [n / 8][k][8]. */
export function packPanels(b: usize, rowStride: i32, columnStride: i32, k: i32, n: i32, panels: usize): void {
  let out = panels;
  for (let j = 0; j < n; j += 8) {
    const columns = min(8, n - j);
    let row = b + j * columnStride;
    if (columns == 8 && columnStride == 4) {
      for (let i = 0; i < k; i++, row += rowStride, out += 32) {
        v128.store(out, v128.load(row));
        v128.store(out, v128.load(row, 16), 16);
      }
      continue;
    }
    for (let i = 0; i < k; i++, row += rowStride, out += 32) {
      v128.store(out, f32x4.splat(0));
      v128.store(out, f32x4.splat(0), 16);
      for (let c = 0; c < columns; c++) store<f32>(out + (c << 2), load<f32>(row + c * columnStride));
    }
  }
}

/** C[m][n] = A·B, or C += A·B, with B packed; element (i, l) of A at a + i · aRow + l · aColumn. */
export function multiplyPanels(
  a: usize, aRow: i32, aColumn: i32, panels: usize, c: usize, cRow: i32, m: i32, n: i32, k: i32, accumulate: bool,
): void {
  for (let block = 0; block < m; block += BLOCK_ROWS) {
    const rows = min(BLOCK_ROWS, m - block);
    const wholeRows = rows & ~3;
    for (let j = 0; j < n; j += 8) {
      const panel = panels + ((<usize>j * k) << 2);
      const target = c + (j << 2);
      const columns = n - j;
      let edge = 0;
      if (columns >= 8) {
        multiplyTiles(a, aRow, aColumn, panel, target, cRow, wholeRows, k, accumulate);
        edge = wholeRows;
      }
      for (let i = edge; i < rows; i += 4) {
        multiplyEdge(a + <usize>i * aRow, aRow, aColumn, panel, target + <usize>i * cRow, cRow, rows - i, columns, k, accumulate);
      }
    }
    a += BLOCK_ROWS * aRow;
    c += BLOCK_ROWS * cRow;
  }
}

/** C = A·B, or C += A·B, packing B into `scratch` (see `matmulScratchFloats`) a block of sums at a time. */
export function matmul(
  a: usize, aRow: i32, aColumn: i32, b: usize, bRow: i32, bColumn: i32, c: usize, cRow: i32, m: i32, n: i32, k: i32,
  accumulate: bool, scratch: usize,
): void {
  for (let start = 0; start < k; start += BLOCK_STEPS) {
    const steps = min(BLOCK_STEPS, k - start);
    packPanels(b + <usize>start * bRow, bRow, bColumn, steps, n, scratch);
    multiplyPanels(
      a + <usize>start * aColumn, aRow, aColumn, scratch, c, cRow, m, n, steps, accumulate || start > 0,
    );
  }
}

/** Register tiles of 4 rows × 8 columns, one below the other: `rows` is a multiple of 4. */
function multiplyTiles(
  a: usize, aRow: i32, aColumn: i32, panel: usize, c: usize, cRow: i32, rows: i32, k: i32, accumulate: bool,
): void {
  for (let i = 0; i < rows; i += 4) {
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    const c1 = c + cRow;
    const c2 = c1 + cRow;
    const c3 = c2 + cRow;
    let s00 = f32x4.splat(0);
    let s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
    if (accumulate) {
      s00 = v128.load(c);
      s01 = v128.load(c, 16);
      s10 = v128.load(c1);
      s11 = v128.load(c1, 16);
      s20 = v128.load(c2);
      s21 = v128.load(c2, 16);
      s30 = v128.load(c3);
      s31 = v128.load(c3, 16);
    }
    let p = panel;
    for (let step = k; step > 0; step--) {
      const b0 = v128.load(p);
      const b1 = v128.load(p, 16);
      let x = v128.load32_splat(a0);
      s00 = multiplyAdd(x, b0, s00);
      s01 = multiplyAdd(x, b1, s01);
      x = v128.load32_splat(a1);
      s10 = multiplyAdd(x, b0, s10);
      s11 = multiplyAdd(x, b1, s11);
      x = v128.load32_splat(a2);
      s20 = multiplyAdd(x, b0, s20);
      s21 = multiplyAdd(x, b1, s21);
      x = v128.load32_splat(a3);
      s30 = multiplyAdd(x, b0, s30);
      s31 = multiplyAdd(x, b1, s31);
      a0 += aColumn;
      a1 += aColumn;
      a2 += aColumn;
      a3 += aColumn;
      p += 32;
    }
    v128.store(c, s00);
    v128.store(c, s01, 16);
    v128.store(c1, s10);
    v128.store(c1, s11, 16);
    v128.store(c2, s20);
    v128.store(c2, s21, 16);
    v128.store(c3, s30);
    v128.store(c3, s31, 16);
    a += aRow << 2;
    c += cRow << 2;
  }
}

/** The same at the right and bottom edges: at most 4 rows × 8 columns, of which it stores what exists. */
function multiplyEdge(
  a: usize, aRow: i32, aColumn: i32, panel: usize, c: usize, cRow: i32, rows: i32, columns: i32, k: i32, accumulate: bool,
): void {
  // past the last row the tile computes that row again and does not store it
  let a0 = a;
  let a1 = rows > 1 ? a0 + aRow : a0;
  let a2 = rows > 2 ? a1 + aRow : a1;
  let a3 = rows > 3 ? a2 + aRow : a2;
  let s00 = f32x4.splat(0);
  let s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  for (let step = k; step > 0; step--) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a0);
    s00 = multiplyAdd(x, b0, s00);
    s01 = multiplyAdd(x, b1, s01);
    x = v128.load32_splat(a1);
    s10 = multiplyAdd(x, b0, s10);
    s11 = multiplyAdd(x, b1, s11);
    x = v128.load32_splat(a2);
    s20 = multiplyAdd(x, b0, s20);
    s21 = multiplyAdd(x, b1, s21);
    x = v128.load32_splat(a3);
    s30 = multiplyAdd(x, b0, s30);
    s31 = multiplyAdd(x, b1, s31);
    a0 += aColumn;
    a1 += aColumn;
    a2 += aColumn;
    a3 += aColumn;
    panel += 32;
  }
  storeEdgeRow(c, s00, s01, columns, accumulate);
  if (rows > 1) storeEdgeRow(c + cRow, s10, s11, columns, accumulate);
  if (rows > 2) storeEdgeRow(c + 2 * cRow, s20, s21, columns, accumulate);
  if (rows > 3) storeEdgeRow(c + 3 * cRow, s30, s31, columns, accumulate);
}

function storeEdgeRow(c: usize, left: v128, right: v128, columns: i32, accumulate: bool): void {
  storeFirst(c, accumulate ? f32x4.add(loadFirst(c, columns), left) : left, columns);
  if (columns <= 4) return;
  storeFirst(c + 16, accumulate ? f32x4.add(loadFirst(c + 16, columns - 4), right) : right, columns - 4);
}
