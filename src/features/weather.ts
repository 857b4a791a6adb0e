/** Days before and after whose same hours make the usual course, in every year. */
const nearDays = 10;
const dayHours = 24;
const yearHours = Math.round(365.25) * dayHours;
/** Hours in which a departure from the usual course fades to 1 / e; chosen by `npm run benchmark:temperature`. */
const fadingHours = 24;

/** 1 for each hour that is missing. */
export function missingHours(values: Float64Array): Uint8Array {
  return Uint8Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0));
}

/** How many of the first hours are not missing. */
export function knownHours(missing: Uint8Array, until: number): number {
  return missing.subarray(0, until).reduce((n, one) => n + 1 - one, 0);
}

/**
 * Fills missing hours of a temperature, or another quantity of the weather, in place: the usual course of those hours,
 * that is their mean on the days around in every year known, plus the departures from it at both edges of the hole,
 * which fade into it as those of an Ornstein-Uhlenbeck process between two known values do (of one edge exponentially).
 * @param values shape (hours,), such as °C, NaN = missing; changed
 * @param from first hour to fill; what is missing before stays so
 * @returns hours filled
 * @throws {RangeError} if no hour is known
 */
export function fillWeather(values: Float64Array, from = 0): number {
  const known = values.slice();
  if (known.every((value) => Number.isNaN(value))) throw new RangeError('No hour is known');
  const usual = usualCourse(known);
  let filled = 0;
  for (let start = from; start < known.length; start++) {
    if (!Number.isNaN(known[start]!)) continue;
    let end = start + 1;
    while (end < known.length && Number.isNaN(known[end]!)) end++;
    const before = start > 0 ? known[start - 1]! - usual(start - 1) : Number.NaN;
    const after = end < known.length ? known[end]! - usual(end) : Number.NaN;
    for (let row = start; row < end; row++)
      values[row] = usual(row) + bridge(before, after, row - start + 1, end - row);
    filled += end - start;
    start = end;
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

/** Mean of the hour of the day on the days around, in every year; where it is never known on those, of any day. */
export function usualCourse(known: Float64Array): (row: number) => number {
  const memo = new Map<number, number>();
  const years = Math.ceil(known.length / yearHours);
  return (row) => {
    const told = memo.get(row);
    if (told !== undefined) return told;
    let sum = 0;
    let n = 0;
    for (let year = -years; year <= years; year++)
      for (let day = -nearDays; day <= nearDays; day++) {
        const value = known[row + year * yearHours + day * dayHours] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        sum += value;
        n++;
      }
    const mean = n > 0 ? sum / n : meanOfHour(known, row % dayHours);
    memo.set(row, mean);
    return mean;
  };
}

/** Mean of an hour of the day over all days, or of all hours where that one is never known. */
function meanOfHour(known: Float64Array, hour: number): number {
  const every = (first: number, step: number): number => {
    let sum = 0;
    let n = 0;
    for (let row = first; row < known.length; row += step) {
      if (Number.isNaN(known[row]!)) continue;
      sum += known[row]!;
      n++;
    }
    return sum / n;
  };
  const mean = every(hour, dayHours);
  return Number.isNaN(mean) ? every(0, 1) : mean;
}

/** Expected departure between two known ones (NaN = not known): `sinceStart` hours after one and `untilEnd` hours before the next. */
function bridge(before: number, after: number, sinceStart: number, untilEnd: number): number {
  if (Number.isNaN(before)) return Number.isNaN(after) ? 0 : after * fade(untilEnd);
  if (Number.isNaN(after)) return before * fade(sinceStart);
  const whole = fade(2 * (sinceStart + untilEnd));
  const weight = (near: number, far: number): number =>
    (fade(near) * (1 - fade(2 * far))) / (1 - whole);
  return before * weight(sinceStart, untilEnd) + after * weight(untilEnd, sinceStart);
}

function fade(hours: number): number {
  return Math.exp(-hours / fadingHours);
}
