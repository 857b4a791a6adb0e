/** Gaps up to this long are interpolated; longer ones follow the daily course of the nearest known days. */
const shortGapHours = 6;

/**
 * Fills the missing rows of a temperature column in place.
 * @param temperatureC shape (rows,), °C, NaN = missing; changed
 * @returns rows filled
 * @throws {RangeError} if no row is known
 */
export function fillTemperature(temperatureC: Float64Array): number {
  const known = temperatureC.slice();
  if (known.every((value) => Number.isNaN(value))) throw new RangeError('No temperature is known');
  let filled = 0;
  for (let from = 0; from < known.length; from++) {
    if (!Number.isNaN(known[from]!)) continue;
    let to = from + 1;
    while (to < known.length && Number.isNaN(known[to]!)) to++;
    const inside = from > 0 && to < known.length;
    for (let row = from; row < to; row++) {
      const share = (row - from + 1) / (to - from + 1);
      temperatureC[row] =
        inside && to - from <= shortGapHours
          ? known[from - 1]! * (1 - share) + known[to]! * share
          : sameHourOfNearestDay(known, row);
    }
    filled += to - from;
    from = to;
  }
  return filled;
}

/** Mean over the last `hours` rows up to and including each; over fewer at the start. No NaN may stand in the column. */
export function trailingMean(values: Float64Array, hours: number): Float64Array {
  const means = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    // Summed afresh each time, so that a window cut elsewhere gives the same bytes.
    const from = Math.max(0, row - hours + 1);
    let sum = 0;
    for (let i = from; i <= row; i++) sum += values[i]!;
    means[row] = sum / (row - from + 1);
  }
  return means;
}

/** The day before and the day after equally; nearest known hour of any kind if that hour is never known. */
function sameHourOfNearestDay(known: Float64Array, row: number): number {
  for (let shift = 24; shift < known.length; shift += 24) {
    const before = known[row - shift] ?? Number.NaN;
    const after = known[row + shift] ?? Number.NaN;
    if (!Number.isNaN(before) && !Number.isNaN(after)) return (before + after) / 2;
    if (!Number.isNaN(before)) return before;
    if (!Number.isNaN(after)) return after;
  }
  for (let shift = 1; ; shift++) {
    const value = known[row - shift] ?? Number.NaN;
    if (!Number.isNaN(value)) return value;
    const later = known[row + shift] ?? Number.NaN;
    if (!Number.isNaN(later)) return later;
  }
}
