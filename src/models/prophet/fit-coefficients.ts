import type { ProphetOptimizer } from '@bsull/augurs/prophet';
import { LoadcastError } from '../../core/errors.js';
import { fitProphet, type ProphetInput } from './augurs.js';
import { solveMapInBlocks, type MapProblem } from './map-solver.js';
import { parseStanData } from './stan-data.js';
import type { Term } from './terms.js';

/** Prophet's parameters in the order of our terms, on its own scales of time and value. */
export interface Coefficients {
  /** y = yScale × Prophet's y */
  readonly yScale: number;
  /** local wall clock where Prophet's time is 0 and 1, ms */
  readonly startLocalMs: number;
  readonly endLocalMs: number;
  readonly k: number;
  readonly m: number;
  readonly tChange: readonly number[];
  readonly delta: Float64Array;
  /** one for each term */
  readonly beta: Float64Array;
  /** standard deviation of the noise, on Prophet's scale */
  readonly sigmaObs: number;
}

export interface CoefficientFit {
  readonly coefficients: Coefficients;
  /** y − ŷ of a fit without the row's block, shape (T,) */
  readonly outOfBlockResiduals: Float64Array;
}

/** Each about a season of three years; a month of the shortest history. */
const blocks = 8;

/**
 * Fits Prophet and brings its parameters into the order of our terms: augurs orders the columns of its matrix by a hash
 * that differs from one instance to the next, so each column is recognised by its content.
 * @throws {LoadcastError} DIVERGED if a column is not one of ours or the solver fails
 */
export function fitCoefficients(input: ProphetInput): CoefficientFit {
  let fit: CoefficientFit | null = null;
  let failure: unknown = null;
  const optimizer: ProphetOptimizer = {
    optimize: (_init, stanJson) => {
      try {
        const problem = parseStanData(stanJson);
        const order = orderOfTerms(input.terms, problem);
        const sorted = {
          ...problem,
          columns: order.map((j) => problem.columns[j]!),
          sigmas: order.map((j) => problem.sigmas[j]!),
        };
        const { solution, outOfBlockResiduals } = solveMapInBlocks(sorted, blocks);
        const yScale = input.y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const { k, m, delta, beta, sigmaObs } = solution;
        const coefficients = {
          yScale,
          startLocalMs: input.localMs[0]!,
          endLocalMs: input.localMs.at(-1)!,
          k,
          m,
          tChange: problem.tChange,
          delta,
          beta,
          sigmaObs,
        };
        fit = {
          coefficients,
          outOfBlockResiduals: outOfBlockResiduals.map((residual) => residual * yScale),
        };
        const theirs = new Float64Array(beta.length);
        for (const [i, j] of order.entries()) theirs[j] = beta[i]!;
        const trend = problem.t.map((time) => trendAt(coefficients, time));
        const logs = { debug: '', info: '', warn: '', error: '', fatal: '' };
        return { logs, params: { k, m, sigmaObs, delta, beta: theirs, trend } };
      } catch (thrown) {
        failure = thrown; // augurs would only pass its text on
        throw thrown;
      }
    },
  };
  try {
    fitProphet(input, optimizer).free();
  } catch (thrown) {
    throw failure ?? thrown;
  }
  if (fit === null) throw new LoadcastError('DIVERGED', 'augurs did not call the solver.');
  return fit;
}

/**
 * ŷ of every row: trend and terms summed in their fixed order.
 * @param localMs shape (rows,)
 * @param terms standardised, in the order of the fit
 * @returns shape (rows,)
 */
export function evaluate(
  coefficients: Coefficients,
  localMs: Float64Array,
  terms: readonly Term[],
): Float64Array {
  const { startLocalMs, endLocalMs, beta, yScale } = coefficients;
  const values = localMs.map((local) =>
    trendAt(coefficients, (local - startLocalMs) / (endLocalMs - startLocalMs)),
  );
  for (const [j, term] of terms.entries()) {
    const effect = beta[j]!;
    for (let i = 0; i < values.length; i++) values[i]! += effect * term.values[i]!;
  }
  return values.map((value) => value * yScale);
}

/** Piecewise linear trend (Taylor & Letham 2018, eq. 3). */
function trendAt({ k, m, tChange, delta }: Coefficients, time: number): number {
  let trend = k * time + m;
  for (const [s, change] of tChange.entries())
    if (time > change) trend += delta[s]! * (time - change);
  return trend;
}

/** For each of our terms its column in augurs' matrix. */
function orderOfTerms(terms: readonly Term[], problem: MapProblem): number[] {
  const free = new Set(problem.columns.keys());
  const order = terms.map((term) => {
    for (const j of free)
      if (isSameColumn(term, problem.columns[j]!, problem.sigmas[j]!)) {
        free.delete(j);
        return j;
      }
    throw new LoadcastError('DIVERGED', `augurs built no column like "${term.name}".`);
  });
  if (free.size > 0)
    throw new LoadcastError('DIVERGED', `augurs built ${free.size} columns that are none of ours.`);
  return order;
}

function isSameColumn(term: Term, column: Float64Array, sigma: number): boolean {
  if (Math.abs(sigma - term.priorScale) > 1e-9 * sigma) return false;
  for (let i = 0; i < column.length; i++)
    if (!(Math.abs(column[i]! - term.values[i]!) <= 1e-6)) return false;
  return true;
}
