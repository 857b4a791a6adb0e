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

/** @returns a scaled copy of one column: (value − mean) / deviation */
export function applyScaler(
  scaler: Scaler,
  column: number,
  values: ArrayLike<number>,
): Float64Array {
  const [mean, deviation] = parametersOf(scaler, column);
  const scaled = new Float64Array(values.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = (values[i]! - mean) / deviation;
  return scaled;
}

/** @returns the values that `applyScaler` made the scaled ones of */
export function invertScaler(
  scaler: Scaler,
  column: number,
  scaled: ArrayLike<number>,
): Float64Array {
  const [mean, deviation] = parametersOf(scaler, column);
  const values = new Float64Array(scaled.length);
  for (let i = 0; i < values.length; i++) values[i] = scaled[i]! * deviation + mean;
  return values;
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

function parametersOf(scaler: Scaler, column: number): readonly [number, number] {
  const mean = scaler.means[column];
  const deviation = scaler.deviations[column];
  if (mean === undefined || deviation === undefined)
    throw new RangeError(`Column ${column} of a scaler of ${scaler.means.length}`);
  return [mean, deviation];
}
