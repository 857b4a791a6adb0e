/** Median of the first `n` values of a small buffer, which is sorted in place; NaN of none. */
export function medianOf(buffer: Float64Array, n: number): number {
  if (n === 0) return Number.NaN;
  for (let i = 1; i < n; i++) {
    const value = buffer[i]!;
    let at = i;
    while (at > 0 && buffer[at - 1]! > value) {
      buffer[at] = buffer[at - 1]!;
      at--;
    }
    buffer[at] = value;
  }
  const middle = n >> 1;
  return n % 2 === 1 ? buffer[middle]! : (buffer[middle - 1]! + buffer[middle]!) / 2;
}

/** Median of the finite values of any number of them; NaN of none. */
export function median(values: Iterable<number>): number {
  const finite = Float64Array.from(values)
    .filter((value) => Number.isFinite(value))
    .sort();
  const middle = finite.length >> 1;
  if (finite.length === 0) return Number.NaN;
  return finite.length % 2 === 1 ? finite[middle]! : (finite[middle - 1]! + finite[middle]!) / 2;
}
