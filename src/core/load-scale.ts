/**
 * How loads are compared: by their ratios, or by their differences where the load comes near zero or below it, as behind
 * solar panels; there ratios say nothing.
 */
export type LoadScale = 'log' | 'linear';

const nearZeroShare = 0.05;
const fewNearZero = 0.005;
/** faults of a short series are no reason yet */
const fewHours = 12;
const manyZero = 0.1;

/**
 * The scale of a series: linear if more than 0.5 % of its loads, and 12, lie below 5 % of their mean size. Exact zeros are
 * mostly a meter that was silent, and count only where they are more than 10 %.
 * @param loadMw any shape, MW; NaN = missing
 */
export function loadScaleOf(loadMw: Float64Array): LoadScale {
  let known = 0;
  let size = 0;
  for (const load of loadMw) {
    if (!Number.isFinite(load)) continue;
    known++;
    size += Math.abs(load);
  }
  const limit = (nearZeroShare * size) / known;
  let near = 0;
  let zeros = 0;
  for (const load of loadMw) {
    if (load === 0) zeros++;
    else if (load <= limit) near++;
  }
  const few = Math.max(fewHours, fewNearZero * known);
  return near > few || near + zeros > Math.max(fewHours, manyZero * known) ? 'linear' : 'log';
}

/** How far a forecast lies above the load, on a scale; not finite where that cannot be said. */
export function errorOn(scale: LoadScale, forecastMw: number, actualMw: number): number {
  return scale === 'log' ? Math.log(forecastMw / actualMw) : forecastMw - actualMw;
}
