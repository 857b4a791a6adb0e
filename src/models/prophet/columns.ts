import { dayMs } from '../../core/time.js';

/** Arithmetic on the columns of the design matrix; plain loops, since a forecast runs through some ten thousand values. */

/** (°C − 15) / 10, of `lag` hours before rows `[from, to)`; the first row stands in for rows before the table. */
export function scaledTemperature(
  celsius: Float64Array,
  from: number,
  to: number,
  lag: number,
): Float64Array {
  const values = new Float64Array(to - from);
  for (let i = 0; i < values.length; i++)
    values[i] = (celsius[Math.max(0, from + i - lag)]! - 15) / 10;
  return values;
}

/** How far each value lies above a knot, 0 below it. */
export function above(values: Float64Array, knot: number): Float64Array {
  const excess = new Float64Array(values.length);
  for (let i = 0; i < excess.length; i++) excess[i] = Math.max(0, values[i]! - knot);
  return excess;
}

export function product(a: Float64Array, b: Float64Array): Float64Array {
  const products = new Float64Array(a.length);
  for (let i = 0; i < products.length; i++) products[i] = a[i]! * b[i]!;
  return products;
}

/** 1 where the code of a row is `code`, else 0. */
export function indicator(codes: ArrayLike<number>, code: number): Float64Array {
  const holds = new Float64Array(codes.length);
  for (let i = 0; i < holds.length; i++) holds[i] = codes[i] === code ? 1 : 0;
  return holds;
}

/**
 * Prophet's Fourier terms of the local clock: sine and cosine of 2π n t / period for n = 1 … order in turn.
 * @param localMs local wall clock as if UTC, so that t counts local days since 1970
 */
export function fourier(localMs: Float64Array, periodDays: number, order: number): Float64Array[] {
  const waves: Float64Array[] = [];
  for (let n = 1; n <= order; n++) {
    const sine = new Float64Array(localMs.length);
    const cosine = new Float64Array(localMs.length);
    for (let i = 0; i < sine.length; i++) {
      const cycles = ((localMs[i]! / dayMs) * n) / periodDays;
      const angle = 2 * Math.PI * (cycles % 1);
      sine[i] = Math.sin(angle);
      cosine[i] = Math.cos(angle);
    }
    waves.push(sine, cosine);
  }
  return waves;
}
