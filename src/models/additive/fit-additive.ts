import { longestHorizonHours } from '../../core/horizon.js';
import type { FeatureTable } from '../../features/feature-table.js';
import type { RowRange } from '../../features/folds.js';
import { carryResiduals, fitCorrection } from '../linear/residual-correction.js';
import { splineBasis, type SplineBasis } from './b-spline.js';
import { choosePenalty, type Penalty } from './choose-penalty.js';
import { cutRows } from '../rows/cuts.js';
import { knotCounts, prepareRows, type DesignRecipe } from './design.js';
import { folds, hourProblem, rowWeights, type HourProblem } from './hour-problem.js';
import {
  evaluateRidge,
  momentsOfParts,
  solveRidge,
  standardise,
  standardOf,
  sumOfMoments,
  type Standard,
} from './ridge.js';
import {
  bentTemperatures,
  firstTarget,
  rowScale,
  rowSeries,
  usableRows,
  type RowScale,
  type BentTemperature,
} from '../rows/row-series.js';

/** Days after a cut that forecasts cover: those of the horizon, and the one more that those between two cuts reach. */
function leadDayCount({ horizonHours }: Pick<FeatureTable, 'horizonHours'>): number {
  return horizonHours / 24 + 1;
}
export const mostLeadDays = leadDayCount({ horizonHours: longestHorizonHours });

export const hoursOfDay = 24;
const hoursPerYear = 8766;
/** older loads than this tell little of today's */
const memoryHours = 5 * hoursPerYear;
/** under two years a season cannot be told from that year's weather */
const seasonalFromHours = 1.9 * hoursPerYear;
export const residualBound = 0.3;

/** One ridge: of a lead day and an hour of the day. */
export interface HourRidge {
  readonly standard: Standard;
  /** constant first */
  readonly coefficients: Float64Array;
}

export interface AdditiveParameters {
  readonly scale: RowScale;
  readonly recipe: DesignRecipe;
  readonly penalty: Penalty;
  /** at least one */
  readonly cuts: readonly CutModel[];
  readonly hours: number;
}

/** What forecasts are made with whose loads are known up to an hour of the day. */
export interface CutModel {
  readonly hour: number;
  /** by lead day, then hour of the day: index (day − 1) × 24 + hour; null where that hour was never seen */
  readonly ridges: readonly (HourRidge | null)[];
  /** for forecasts at the cut, as `fitCorrection` returns it */
  readonly correction: Float64Array;
  /** for forecasts at other hours, which know more than the ridges do */
  readonly correctionAnyHour: Float64Array;
}

export interface AdditiveFit {
  readonly parameters: AdditiveParameters;
  /**
   * For each cut and lead day the forecast of every row by ridges that have not seen its fortnight, on the model's scale;
   * NaN before the first target. Shape (cuts, lead days, end)
   */
  readonly outOfFold: readonly (readonly Float64Array[])[];
}

/**
 * An additive model of the load: for each lead day and hour of the day one ridge on splines of temperatures, loads up to
 * the last known day, and the calendar; what the last hours say beyond that is added for each lead.
 * @param end rows `[0, end)` of the table are training rows
 * @param cutHours hours of the day at which the known loads end, the commonest first
 */
export function fitAdditive(
  table: FeatureTable,
  end: number,
  excluded: RowRange | null = null,
  cutHours: readonly number[] = [0],
): AdditiveFit {
  const start = Math.max(0, end - memoryHours);
  const from = start === 0 ? firstTarget : start;
  const usable = usableRows(table, from, end, excluded);
  const scale = rowScale(table, start, end);
  const series = rowSeries(table, scale);
  const recipe = chooseRecipe(table, series.temperatures, usable, end - start);
  const prepared = prepareRows(series, recipe);
  const problemsOf =
    (cutOf: Int32Array) =>
    (leadDay: number, hour: number): HourProblem =>
      hourProblem(prepared, usable, { from, end, leadDay, hour, cutOf });
  const penalty = choosePenalty(
    problemsOf(cutRows(table.calendar, cutHours[0]!)),
    (end - from) / hoursPerYear,
  );
  const fits = cutHours.map((hour) => {
    const cutOf = cutRows(table.calendar, hour);
    const { ridges, outOfFold } = fitRidges(problemsOf(cutOf), leadDayCount(table), penalty, end);
    const corrections = learnCorrections(series.load, usable, outOfFold, from, cutOf);
    return { cut: { hour, ridges, ...corrections }, outOfFold };
  });
  return {
    parameters: {
      scale,
      recipe,
      penalty,
      cuts: fits.map((fit) => fit.cut),
      hours: usable.reduce((sum, one) => sum + one, 0),
    },
    outOfFold: fits.map((fit) => fit.outOfFold),
  };
}

const fits = new WeakMap<FeatureTable, Map<string, AdditiveFit>>();

/** `fitAdditive`, once for each table and arguments: what stacks on it comes to the same fit. */
export function fitAdditiveOnce(...args: Parameters<typeof fitAdditive>): AdditiveFit {
  const [table, ...rest] = args;
  const known = fits.get(table) ?? new Map<string, AdditiveFit>();
  fits.set(table, known);
  const key = JSON.stringify(rest);
  const fit = known.get(key) ?? fitAdditive(...args);
  known.set(key, fit);
  return fit;
}

function fitRidges(
  problems: (leadDay: number, hour: number) => HourProblem,
  leadDays: number,
  penalty: Penalty,
  end: number,
): { readonly ridges: (HourRidge | null)[]; readonly outOfFold: Float64Array[] } {
  const ridges: (HourRidge | null)[] = [];
  const outOfFold: Float64Array[] = [];
  for (let leadDay = 1; leadDay <= leadDays; leadDay++) {
    const fitted = new Float64Array(end).fill(Number.NaN);
    for (let hour = 0; hour < hoursOfDay; hour++)
      ridges.push(fitHour(problems(leadDay, hour), penalty, fitted));
    outOfFold.push(fitted);
  }
  return { ridges, outOfFold };
}

function fitHour(
  problem: HourProblem,
  { penalty, halfLifeDays }: Penalty,
  outOfFold: Float64Array,
): HourRidge | null {
  if (!problem.usable.includes(1)) return null;
  const weights = rowWeights(problem, halfLifeDays);
  const standard = standardOf(problem.columns, weights);
  const columns = standardise(problem.columns, standard);
  const parts = momentsOfParts(columns, problem.target, weights, problem.fold, folds);
  for (let fold = 0; fold < folds; fold++) {
    const coefficients = solveRidge(sumOfMoments(parts, fold), penalty);
    for (const [i, row] of problem.rows.entries())
      if (problem.fold[i] === fold)
        outOfFold[row] = problem.level[i]! + evaluateRidge(coefficients, columns, i);
  }
  return { standard, coefficients: solveRidge(sumOfMoments(parts), penalty) };
}

/** What the last hours' misses say of the next ones, from misses of ridges that had not seen them. */
function learnCorrections(
  load: Float64Array,
  usable: Uint8Array,
  outOfFold: readonly Float64Array[],
  from: number,
  cutOf: Int32Array,
): Pick<CutModel, 'correction' | 'correctionAnyHour'> {
  const misses = outOfFold.map((fitted) =>
    fitted.subarray(from).map((value, i) => load[from + i]! - value),
  );
  const unusable = usable.subarray(from).map((one) => 1 - one);
  for (const each of misses) carryResiduals(each, unusable, residualBound);
  const learn = (isOrigin?: (row: number) => boolean): Float64Array =>
    fitCorrection(
      misses[0]!,
      unusable,
      'none',
      (lead) => misses[Math.floor(lead / hoursOfDay)]!,
      isOrigin,
    );
  return {
    correction: learn((row) => cutOf[from + row] === from + row),
    correctionAnyHour: learn(),
  };
}

function chooseRecipe(
  table: FeatureTable,
  temperatures: Readonly<Record<BentTemperature, Float64Array>> | null,
  usable: Uint8Array,
  hours: number,
): DesignRecipe {
  const splines: Partial<Record<BentTemperature, SplineBasis>> = {};
  for (const name of temperatures ? bentTemperatures : []) {
    const seen = temperatures![name].subarray(0, usable.length).filter((_, row) => usable[row]);
    const ascending = seen.slice().sort();
    if (ascending.length > 0 && ascending.at(-1)! - ascending[0]! > 1e-3)
      splines[name] = splineBasis(seen, knotCounts[name]);
  }
  return {
    seasonal: hours >= seasonalFromHours,
    splines,
    extras: table.extras.map(({ name }) => name),
  };
}
