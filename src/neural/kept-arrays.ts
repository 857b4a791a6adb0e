/**
 * Arrays by name that are used again in every step: new ones, of megabytes a second, would keep the garbage collector
 * busy on the cores that compute.
 */
export class KeptArrays {
  readonly #arrays = new Map<string, Float32Array>();

  /** An array with what it held before; it is handed out again at the next call with this name. */
  take(name: string, length: number): Float32Array {
    let array = this.#arrays.get(name);
    if (!array || array.length < length) {
      array = new Float32Array(length);
      this.#arrays.set(name, array);
    }
    return array.subarray(0, length);
  }

  /** The same, with the values of another. */
  copy(name: string, values: Float32Array): Float32Array {
    const array = this.take(name, values.length);
    array.set(values);
    return array;
  }
}
