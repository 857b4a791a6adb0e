import { rowWeights, type HourProblem } from './hour-problem.js';
import {
  evaluateRidge,
  momentsOfParts,
  solveRidge,
  standardise,
  standardOf,
  sumOfMoments,
} from './ridge.js';

/** How strongly a ridge is held back and how fast it forgets. JSON-safe. */
export interface Penalty {
  /** in rows, as `solveRidge` takes it */
  readonly penalty: number;
  /** null: rows of all ages count the same */
  readonly halfLifeDays: number | null;
}

const penalties = [3, 10, 30, 100, 300];
const halfLives = [null, 730];
/** Below this no quarter is foretold from its own season: small penalties look better than they are. */
const leastYears = 1.9;
const leastPenaltyOfFewYears = 30;
/** hours that stand for all */
const triedHours = [2, 7, 12, 18];
const triedDays = [1, 2];
const quarters = 4;
/** quarters that are foretold from those before them */
const judged = [2, 3];

/**
 * The penalty and the memory with the least mean absolute error where the third and the fourth quarter of the training
 * rows are foretold from what lies before them.
 * @param problems of a lead day and hour of the day
 */
export function choosePenalty(
  problems: (leadDay: number, hour: number) => HourProblem,
  years: number,
): Penalty {
  const few = years < leastYears;
  const candidates = (few ? [null] : halfLives).flatMap((halfLifeDays) =>
    penalties
      .filter((penalty) => !few || penalty >= leastPenaltyOfFewYears)
      .map((penalty) => ({ penalty, halfLifeDays })),
  );
  const errors = candidates.map(() => 0);
  for (const leadDay of triedDays)
    for (const hour of triedHours)
      for (const [index, error] of errorsOf(problems(leadDay, hour), candidates).entries())
        errors[index]! += error;
  return candidates[errors.indexOf(Math.min(...errors))]!;
}

function errorsOf(problem: HourProblem, candidates: readonly Penalty[]): number[] {
  const { target, usable } = problem;
  const errors = candidates.map(() => 0);
  const quarter = Uint8Array.from(target, (_, i) => Math.floor((quarters * i) / target.length));
  const ones = Float64Array.from(usable);
  if (!usable.includes(1)) return errors;
  const columns = standardise(problem.columns, standardOf(problem.columns, ones));
  for (const halfLifeDays of new Set(candidates.map((candidate) => candidate.halfLifeDays))) {
    const weights = rowWeights(problem, halfLifeDays);
    const parts = momentsOfParts(columns, target, weights, quarter, quarters);
    for (const next of judged) {
      const before = sumOfMoments(parts.slice(0, next));
      for (const [index, candidate] of candidates.entries()) {
        if (candidate.halfLifeDays !== halfLifeDays) continue;
        const coefficients = solveRidge(before, candidate.penalty);
        for (let i = 0; i < target.length; i++)
          if (quarter[i] === next && usable[i] === 1)
            errors[index]! += Math.abs(evaluateRidge(coefficients, columns, i) - target[i]!);
      }
    }
  }
  return errors;
}
