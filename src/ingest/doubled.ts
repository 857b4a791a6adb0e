/** A copy of twice the length, its second half 0: for columns that grow row by row. */
export function doubled<A extends Float64Array | Uint32Array | Uint8Array>(values: A): A;
export function doubled(
  values: Float64Array | Uint32Array | Uint8Array,
): Float64Array | Uint32Array | Uint8Array {
  const length = 2 * values.length;
  const larger =
    values instanceof Float64Array
      ? new Float64Array(length)
      : values instanceof Uint32Array
        ? new Uint32Array(length)
        : new Uint8Array(length);
  larger.set(values);
  return larger;
}
