export function medianOf(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

export function p99Of(values: readonly number[]): number {
  return quantileOf(values, 0.99);
}

/** The value at a level of the sorted list; NaN of an empty one. */
function quantileOf(values: readonly number[], level: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(level * sorted.length))] ?? Number.NaN;
}
