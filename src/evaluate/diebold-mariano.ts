import { twoSidedStudentP } from '../core/student.js';

/** Whether one forecast is better than another one. */
export interface DieboldMariano {
  /** forecasts that both have */
  readonly n: number;
  /** mean of the first one's loss − the second one's: below 0 the first is better */
  readonly meanDifference: number;
  /** NaN where the differences do not vary or are fewer than the lags allow */
  readonly statistic: number;
  /** two-sided */
  readonly pValue: number;
}

const lags = 3;

/**
 * Test of equal accuracy of two forecasts, from one loss for each issue time.
 * @see Diebold & Mariano (1995), Journal of Business & Economic Statistics 13(3); long-run variance by Newey & West
 * (1987) with lag 3, for 72-hour forecasts of every day overlap; factor and Student's distribution by Harvey, Leybourne &
 * Newbold (1997)
 * @param first  losses, shape (n,); a pair with NaN is left out
 * @param second shape (n,)
 */
export function dieboldMariano(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): DieboldMariano {
  const differences = Array.from(first, (loss, i) => loss - (second[i] ?? Number.NaN)).filter(
    Number.isFinite,
  );
  const n = differences.length;
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  const centred = differences.map((value) => value - mean);
  const autocovariance = (lag: number): number =>
    centred.slice(lag).reduce((sum, value, i) => sum + value * centred[i]!, 0) / n;
  let variance = autocovariance(0);
  for (let lag = 1; lag <= lags; lag++)
    variance += 2 * (1 - lag / (lags + 1)) * autocovariance(lag);
  const horizon = lags + 1;
  const factor = Math.sqrt((n + 1 - 2 * horizon + (horizon * (horizon - 1)) / n) / n);
  const varies = n > 2 * horizon && variance > 1e-12 * mean ** 2;
  const statistic = varies ? (factor * mean) / Math.sqrt(variance / n) : Number.NaN;
  return {
    n,
    meanDifference: n > 0 ? mean : Number.NaN,
    statistic,
    pValue: twoSidedStudentP(statistic, n - 1),
  };
}
