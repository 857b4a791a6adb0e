import { choleskyInPlace, solveCholesky } from './cholesky.js';

/**
 * What the last residuals say of the next ones: for each lead a ridge on a few of them, learned over the training rows.
 * The last hours count at short leads and fade.
 */

export const correctionLeads = 72;
export const correctionFeatures = 14;
/** Rows before the origin that the features reach. */
export const correctionContextHours = 170;

/** Share of the mean feature variance that the ridge adds. */
const ridgeShare = 0.1;
/** Training origins; 7 is prime to 24, so that every hour of the day is one. */
const everySeventh = (row: number): boolean => (row - correctionContextHours) % 7 === 0;

/** What a correction is shrunk towards: the mean residual of that hour over seven days, or nothing. */
export type CorrectionPrior = 'week' | 'none';

/**
 * Learns the weights.
 * @param residuals shape (rows,); imputed rows hold what `carryResiduals` put there
 * @param imputed 1 where a row is no target
 * @param targets residuals that are to be foretold at a lead, shape (rows,); absent: `residuals`
 * @returns row-major, shape (72, 14)
 */
export function fitCorrection(
  residuals: Float64Array,
  imputed: Uint8Array,
  prior: CorrectionPrior = 'week',
  targets: (lead: number) => Float64Array = () => residuals,
  isOrigin: (row: number) => boolean = everySeventh,
): Float64Array {
  const n = correctionFeatures;
  const sums = cumulate(residuals);
  const weights = new Float64Array(correctionLeads * n);
  const features = new Float64Array(n);
  for (let lead = 0; lead < correctionLeads; lead++) {
    const gram = new Float64Array(n * n);
    const right = new Float64Array(n);
    const last = residuals.length - lead;
    const target = targets(lead);
    for (let origin = correctionContextHours; origin < last; origin++) {
      if (!isOrigin(origin) || imputed[origin + lead] === 1) continue;
      writeFeatures(residuals, sums, origin, lead, features);
      const expected = target[origin + lead]! - (prior === 'week' ? features[3]! : 0);
      for (let a = 0; a < n; a++) {
        right[a]! += features[a]! * expected;
        for (let b = 0; b <= a; b++) gram[a * n + b]! += features[a]! * features[b]!;
      }
    }
    let trace = 0;
    for (let a = 0; a < n; a++) trace += gram[a * n + a]!;
    if (trace === 0) continue;
    for (let a = 0; a < n; a++) gram[a * n + a]! += (ridgeShare * trace) / n;
    choleskyInPlace(gram, n);
    weights.set(solveCholesky(gram, n, right), lead * n);
  }
  return weights;
}

/**
 * Expected residuals of the horizon.
 * @param residuals shape (context,), the last one of the hour before the origin; at least `correctionContextHours`
 * @param weights as `fitCorrection` returns them; leads beyond 72 h take those of the last one
 * @returns shape (horizon,)
 */
export function expectedResiduals(
  residuals: Float64Array,
  weights: Float64Array,
  horizon: number,
  prior: CorrectionPrior = 'week',
): Float64Array {
  const sums = cumulate(residuals);
  const features = new Float64Array(correctionFeatures);
  return Float64Array.from({ length: horizon }, (_, lead) => {
    writeFeatures(residuals, sums, residuals.length, lead, features);
    const row = Math.min(lead, correctionLeads - 1) * correctionFeatures;
    let expected = prior === 'week' ? features[3]! : 0;
    for (let f = 0; f < correctionFeatures; f++) expected += weights[row + f]! * features[f]!;
    return expected;
  });
}

/** Bounds residuals at ± `bound` and lets the last known one fade by a tenth an hour over imputed rows, in place. */
export function carryResiduals(residuals: Float64Array, imputed: Uint8Array, bound: number): void {
  for (let i = 0; i < residuals.length; i++)
    residuals[i] =
      imputed[i] === 1
        ? 0.9 * (residuals[i - 1] ?? 0)
        : Math.max(-bound, Math.min(bound, residuals[i]!));
}

/** Running sums: entry i is the sum of the first i values. */
function cumulate(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
  return sums;
}

function writeFeatures(
  residuals: Float64Array,
  sums: Float64Array,
  origin: number,
  lead: number,
  features: Float64Array,
): void {
  const mean = (from: number, to: number): number =>
    (sums[origin + to]! - sums[origin + from]!) / (to - from);
  const daysBack = Math.floor(lead / 24) + 1;
  const sameHour = origin + lead - 24 * daysBack; // of the last day known
  let week = 0;
  for (let day = 0; day < 7; day++) week += residuals[sameHour - 24 * day]! / 7;
  features[0] = residuals[sameHour]!;
  features[1] = residuals[sameHour - 24]!;
  features[2] = residuals[sameHour - 48]!;
  features[3] = week;
  features[4] = residuals[sameHour - 24 * ((7 - (daysBack % 7)) % 7)]!; // same weekday
  features[5] = residuals[origin - 1]!;
  features[6] = residuals[origin - 2]!;
  features[7] = mean(-3, 0);
  features[8] = mean(-6, 0);
  features[9] = mean(-24, 0);
  features[10] = mean(-48, -24);
  features[11] = mean(-168, 0);
  features[12] = residuals[Math.min(sameHour + 1, origin - 1)]!;
  features[13] = residuals[sameHour - 1]!;
}
