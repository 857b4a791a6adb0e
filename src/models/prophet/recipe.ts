/** What the columns are built from; found once on the training rows, then fixed. JSON-safe. */
export interface Recipe {
  /** 0 = no yearly season: under two years it cannot be told from the weather */
  readonly yearlyOrder: number;
  /** quantiles of the training temperature, (°C − 15) / 10, ascending; empty = no temperature */
  readonly knots: readonly number[];
  /** the same of its 24 h mean */
  readonly smoothedKnots: readonly number[];
  /** holidays with an effect of their own */
  readonly holidayNames: readonly string[];
  /** true where a part of the load area may have a holiday; absent = all of it or none */
  readonly sharedHolidays?: boolean | undefined;
}

/** Adds a variable, and the same through the hour harmonics up to `order`. */
export type AddByHour = (name: string, values: Float64Array, order: number) => void;
