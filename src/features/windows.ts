/**
 * Cuts windows out of feature columns: sample s, step t, feature f is `columns[f][origins[s] + fromOffset + t]`.
 * @param columns each of shape (rows,)
 * @param origins row of each sample's origin, shape (samples,)
 * @param fromOffset first step relative to the origin: −168 for the week before it, 0 for the horizon
 * @param steps steps of each window
 * @returns row-major, shape (samples, steps, columns)
 * @throws {RangeError} if a window reaches outside the columns
 */
export function slidingWindows(
  columns: readonly ArrayLike<number>[],
  origins: ArrayLike<number>,
  fromOffset: number,
  steps: number,
): Float32Array {
  const features = columns.length;
  const rows = Math.min(...columns.map((column) => column.length));
  const windows = new Float32Array(origins.length * steps * features);
  for (let s = 0; s < origins.length; s++) {
    const first = origins[s]! + fromOffset;
    if (first < 0 || first + steps > rows)
      throw new RangeError(`Rows ${first}–${first + steps} of columns of ${rows} rows`);
    for (let f = 0; f < features; f++) {
      const column = columns[f]!;
      let at = s * steps * features + f;
      for (let t = first; t < first + steps; t++, at += features) windows[at] = column[t]!;
    }
  }
  return windows;
}
