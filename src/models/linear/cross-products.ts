/** Rows at a time: a block of a few hundred columns stays in the cache. */
const blockRows = 128;

/**
 * Products of every pair of columns, the lower triangle of ZᵀZ.
 *
 * Columns lie interleaved by four, and four by two of them are multiplied at a time: eight running sums for six loads.
 * The order of summation is fixed, so the same columns give the same bytes.
 * @param columns each of shape (rows,)
 * @returns gram row-major, shape (size, size), only the lower triangle is meant
 */
export function crossProducts(columns: readonly Float64Array[]): {
  gram: Float64Array;
  size: number;
} {
  const rows = columns[0]?.length ?? 0;
  const size = Math.ceil(columns.length / 4) * 4;
  const gram = new Float64Array(size * size);
  const block = new Float64Array(size * blockRows);
  for (let from = 0; from < rows; from += blockRows) {
    const count = Math.min(blockRows, rows - from);
    if (count < blockRows) block.fill(0);
    for (const [c, column] of columns.entries()) {
      let at = (c >> 2) * 4 * blockRows + (c & 3);
      for (let i = 0; i < count; i++, at += 4) block[at] = column[from + i]!;
    }
    addBlock(block, gram, size);
  }
  return { gram, size };
}

function addBlock(block: Float64Array, gram: Float64Array, size: number): void {
  for (let a = 0; a < size; a += 4)
    for (let b = 0; b <= a + 2; b += 2) {
      let p = a * blockRows;
      let q = (b >> 2) * 4 * blockRows + (b & 3);
      const end = p + 4 * blockRows;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      let s30 = 0;
      let s31 = 0;
      for (; p < end; p += 4, q += 4) {
        const b0 = block[q]!;
        const b1 = block[q + 1]!;
        const a0 = block[p]!;
        const a1 = block[p + 1]!;
        const a2 = block[p + 2]!;
        const a3 = block[p + 3]!;
        s00 += a0 * b0;
        s01 += a0 * b1;
        s10 += a1 * b0;
        s11 += a1 * b1;
        s20 += a2 * b0;
        s21 += a2 * b1;
        s30 += a3 * b0;
        s31 += a3 * b1;
      }
      const at = a * size + b;
      gram[at]! += s00;
      gram[at + 1]! += s01;
      gram[at + size]! += s10;
      gram[at + size + 1]! += s11;
      gram[at + 2 * size]! += s20;
      gram[at + 2 * size + 1]! += s21;
      gram[at + 3 * size]! += s30;
      gram[at + 3 * size + 1]! += s31;
    }
}
