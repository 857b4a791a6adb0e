import type { KernelHeap } from './kernel-heap.js';

/** A matrix somewhere in the heap, as rows × columns with the bytes from one to the next. */
export interface Matrix {
  readonly address: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowBytes: number;
  readonly columnBytes: number;
}

/** Values that lie row by row. */
export function matrixAt(address: number, rows: number, columns: number): Matrix {
  return { address, rows, columns, rowBytes: columns * 4, columnBytes: 4 };
}

/** The same values, read the other way; nothing is moved. */
export function transposed({ address, rows, columns, rowBytes, columnBytes }: Matrix): Matrix {
  return {
    address,
    rows: columns,
    columns: rows,
    rowBytes: columnBytes,
    columnBytes: rowBytes,
  };
}

/**
 * target = a · b, or target += a · b.
 * @throws RangeError if the sizes do not fit
 */
export function multiply(
  { kernels, scratch }: KernelHeap,
  a: Matrix,
  b: Matrix,
  target: Matrix,
  accumulate = false,
): void {
  if (a.columns !== b.rows || target.rows !== a.rows || target.columns !== b.columns) {
    throw new RangeError(
      `${a.rows} × ${a.columns} by ${b.rows} × ${b.columns} is no ${target.rows} × ${target.columns} matrix.`,
    );
  }
  kernels.matmul(
    a.address,
    a.rowBytes,
    a.columnBytes,
    b.address,
    b.rowBytes,
    b.columnBytes,
    target.address,
    target.rowBytes,
    a.rows,
    b.columns,
    a.columns,
    accumulate ? 1 : 0,
    scratch(kernels.matmulScratchFloats(a.columns, b.columns)),
  );
}
