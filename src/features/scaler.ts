/** Z-score of each column. A column without spread is only centred. */
export interface Scaler {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/**
 * Means and population standard deviations of rows `[fromRow, toRow)` only: fit on training rows, apply everywhere.
 * @param columns each of shape (rows,); NaN is skipped
 * @throws {RangeError} if a column has no finite value in those rows
 */
export function fitScaler(
  columns: readonly ArrayLike<number>[],
  fromRow: number,
  toRow: number,
): Scaler {
  const fitted = columns.map((column, index) => moments(column, index, fromRow, toRow));
  return {
    means: fitted.map(({ mean }) => mean),
    deviations: fitted.map(({ deviation }) => deviation),
  };
}

function moments(values: ArrayLike<number>, column: number, fromRow: number, toRow: number) {
  let n = 0;
  let mean = 0;
  let squares = 0;
  for (let i = fromRow; i < toRow; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    n++;
    const step = value - mean; // Welford (1962)
    mean += step / n;
    squares += step * (value - mean);
  }
  if (n === 0) throw new RangeError(`Column ${column} has no value in rows ${fromRow}–${toRow}`);
  const deviation = Math.sqrt(squares / n);
  return { mean, deviation: deviation > 1e-9 * Math.max(1, Math.abs(mean)) ? deviation : 1 };
}
