/** heating below, cooling above, °C of a day's mean */
const [heatingC, coolingC] = [15, 20];
const leastHoursOfDay = 20;

/** Degrees that a day's mean lies below the heating limit; 0 above. */
export function heating(celsius: number): number {
  return Math.max(0, heatingC - celsius);
}

/** Degrees that a day's mean lies above the cooling limit; 0 below. */
export function cooling(celsius: number): number {
  return Math.max(0, celsius - coolingC);
}

/** Mean over the known hours of a day; NaN for a day of too few. */
export function meanOfDay(values: Float64Array): number {
  const known = values.filter(Number.isFinite);
  return known.length < leastHoursOfDay ? Number.NaN : known.reduce((a, b) => a + b) / known.length;
}
