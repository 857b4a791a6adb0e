// Matrix product C = A·B or C += A·B in float32, any sizes and strides. B is packed into panels, zero-padded at the right
// edge, so that one register tile of 4 rows × the panel's columns serves every shape: at the bottom edge it reads the last
// row again, at both edges it stores only what exists. The loop over k is not unrolled on purpose: V8 would hoist the
// loads and spill the accumulators (1.4–1.6 times slower); the loop down the rows is inside, as a call per tile cost a
// fifth.
// Panels have 8 columns: 8 accumulators of 4 floats hide the latency of two multiply-adds a cycle and fit the registers.
// The wide binary (see scripts/build-kernels.mjs) has panels of 16: V8 joins neighbouring pairs of its vectors to vectors
// of 8 floats, and then there are 8 accumulators again. It joins only what it finds in one straight line, so that tile
// starts from what C holds, which is cleared before unless C is added to. Both sum in the same order: the same bits.
// All strides are in bytes.

import { loadFirst, multiplyAdd, storeFirst } from './simd';

/** Columns of a panel. */
const PANEL: i32 = WIDE ? 16 : 8;
/** Rows of A that share one pass over the panels: 16 rows of A stay in the first-level cache. */
const BLOCK_ROWS: i32 = 16;
/** Longest sum in one pass: bounds the packed panels, and keeps them in the second-level cache. */
const BLOCK_STEPS: i32 = 256;

/** Floats that `packPanels` writes for a matrix of k rows and n columns. */
export function panelFloats(k: i32, n: i32): i32 {
  return ((n + PANEL - 1) & ~(PANEL - 1)) * k;
}

/** Floats of scratch that `matmul` needs. */
export function matmulScratchFloats(k: i32, n: i32): i32 {
  return panelFloats(min(k, BLOCK_STEPS), n);
}

/** Packs B, element (i, j) at b + i · rowStride + j · columnStride, into panels [n / PANEL][k][PANEL]. */
export function packPanels(b: usize, rowStride: i32, columnStride: i32, k: i32, n: i32, panels: usize): void {
  let out = panels;
  for (let j = 0; j < n; j += PANEL) {
    const columns = min(PANEL, n - j);
    let row = b + j * columnStride;
    if (columns == PANEL && columnStride == 4) {
      for (let i = 0; i < k; i++, row += rowStride, out += PANEL << 2) copyPanelRow(out, row);
      continue;
    }
    for (let i = 0; i < k; i++, row += rowStride, out += PANEL << 2) {
      clearPanelRow(out);
      for (let c = 0; c < columns; c++) store<f32>(out + (c << 2), load<f32>(row + c * columnStride));
    }
  }
}

// @ts-ignore: decorator
@inline
function copyPanelRow(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  if (!WIDE) return;
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}

// @ts-ignore: decorator
@inline
function clearPanelRow(to: usize): void {
  const zero = f32x4.splat(0);
  v128.store(to, zero);
  v128.store(to, zero, 16);
  if (!WIDE) return;
  v128.store(to, zero, 32);
  v128.store(to, zero, 48);
}

/** C[m][n] = A·B, or C += A·B, with B packed; element (i, l) of A at a + i · aRow + l · aColumn. */
export function multiplyPanels(
  a: usize, aRow: i32, aColumn: i32, panels: usize, c: usize, cRow: i32, m: i32, n: i32, k: i32, accumulate: bool,
): void {
  for (let block = 0; block < m; block += BLOCK_ROWS) {
    const rows = min(BLOCK_ROWS, m - block);
    const wholeRows = rows & ~3;
    for (let j = 0; j < n; j += PANEL) {
      const panel = panels + ((<usize>j * k) << 2);
      const target = c + (j << 2);
      const columns = min(PANEL, n - j);
      let edge = 0;
      if (columns == PANEL) {
        if (WIDE) {
          if (!accumulate) for (let i = 0; i < wholeRows; i++) clearPanelRow(target + <usize>i * cRow);
          addWideTiles(a, aRow, aColumn, panel, target, cRow, wholeRows, k);
        } else {
          multiplyTiles(a, aRow, aColumn, panel, target, cRow, wholeRows, k, accumulate);
        }
        edge = wholeRows;
      }
      for (let i = edge; i < rows; i += 4) {
        for (let part = 0; part < columns; part += 8) {
          multiplyEdge(
            a + <usize>i * aRow, aRow, aColumn, panel + (part << 2), target + <usize>i * cRow + (part << 2), cRow,
            rows - i, columns - part, k, accumulate,
          );
        }
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

/** C += A·B in register tiles of 4 rows × 16 columns, one below the other: `rows` is a multiple of 4. */
function addWideTiles(
  a: usize, aRow: i32, aColumn: i32, panel: usize, c: usize, cRow: i32, rows: i32, k: i32,
): void {
  for (let i = 0; i < rows; i += 4) {
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    const c0 = c;
    const c1 = c0 + cRow;
    const c2 = c1 + cRow;
    const c3 = c2 + cRow;
    let s00 = v128.load(c0);
    let s01 = v128.load(c0, 16);
    let s02 = v128.load(c0, 32);
    let s03 = v128.load(c0, 48);
    let s10 = v128.load(c1);
    let s11 = v128.load(c1, 16);
    let s12 = v128.load(c1, 32);
    let s13 = v128.load(c1, 48);
    let s20 = v128.load(c2);
    let s21 = v128.load(c2, 16);
    let s22 = v128.load(c2, 32);
    let s23 = v128.load(c2, 48);
    let s30 = v128.load(c3);
    let s31 = v128.load(c3, 16);
    let s32 = v128.load(c3, 32);
    let s33 = v128.load(c3, 48);
    let p = panel;
    for (let step = k; step > 0; step--) {
      const b0 = v128.load(p);
      const b1 = v128.load(p, 16);
      const b2 = v128.load(p, 32);
      const b3 = v128.load(p, 48);
      let x = v128.load32_splat(a0);
      s00 = multiplyAdd(x, b0, s00);
      s01 = multiplyAdd(x, b1, s01);
      s02 = multiplyAdd(x, b2, s02);
      s03 = multiplyAdd(x, b3, s03);
      x = v128.load32_splat(a1);
      s10 = multiplyAdd(x, b0, s10);
      s11 = multiplyAdd(x, b1, s11);
      s12 = multiplyAdd(x, b2, s12);
      s13 = multiplyAdd(x, b3, s13);
      x = v128.load32_splat(a2);
      s20 = multiplyAdd(x, b0, s20);
      s21 = multiplyAdd(x, b1, s21);
      s22 = multiplyAdd(x, b2, s22);
      s23 = multiplyAdd(x, b3, s23);
      x = v128.load32_splat(a3);
      s30 = multiplyAdd(x, b0, s30);
      s31 = multiplyAdd(x, b1, s31);
      s32 = multiplyAdd(x, b2, s32);
      s33 = multiplyAdd(x, b3, s33);
      a0 += aColumn;
      a1 += aColumn;
      a2 += aColumn;
      a3 += aColumn;
      p += 64;
    }
    v128.store(c0, s00);
    v128.store(c0, s01, 16);
    v128.store(c0, s02, 32);
    v128.store(c0, s03, 48);
    v128.store(c1, s10);
    v128.store(c1, s11, 16);
    v128.store(c1, s12, 32);
    v128.store(c1, s13, 48);
    v128.store(c2, s20);
    v128.store(c2, s21, 16);
    v128.store(c2, s22, 32);
    v128.store(c2, s23, 48);
    v128.store(c3, s30);
    v128.store(c3, s31, 16);
    v128.store(c3, s32, 32);
    v128.store(c3, s33, 48);
    a += aRow << 2;
    c += cRow << 2;
  }
}

/**
 * The same at the right and bottom edges: at most 4 rows × 8 columns of a panel, of which it stores what exists. In the
 * wide binary also the whole tiles that narrower panels would have had there: these, too, start from what C holds.
 */
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
  if (WIDE && accumulate && rows >= 4 && columns >= 8) {
    accumulate = false;
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c + cRow);
    s11 = v128.load(c + cRow, 16);
    s20 = v128.load(c + 2 * cRow);
    s21 = v128.load(c + 2 * cRow, 16);
    s30 = v128.load(c + 3 * cRow);
    s31 = v128.load(c + 3 * cRow, 16);
  }
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
    panel += PANEL << 2;
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
