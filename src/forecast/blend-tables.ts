import type { FeatureTable } from '../features/feature-table.js';
import type { ScoredForecast } from '../ensemble/past-forecast.js';
import type { BlendWeights } from '../ensemble/blend-weights.js';
import type { FittedMember } from '../models/member.js';
import { blendPoint, presentWeights } from './blend-members.js';
import { askMember, atFactor, type MemberRun } from './run-members.js';

/** The forecast whose members and weights are taken. */
export interface BlendedForecast {
  readonly runs: readonly MemberRun[];
  readonly weights: BlendWeights;
  readonly past: readonly ScoredForecast[];
  readonly pointMw: Float64Array;
  readonly factor: number;
}

/**
 * The blend of each table, with the weights of the forecast; of the members that answer for all of them.
 * @returns no blends where no member does
 */
export function blendsOf(
  fitted: readonly FittedMember[],
  { runs, weights, past, pointMw, factor }: BlendedForecast,
  tables: readonly FeatureTable[],
): { readonly blends: Float64Array[]; readonly leftOut: string[] } {
  const counted = fitted.filter(({ name }) => {
    const isThere = runs.some((run) => run.name === name && run.pointMw !== null);
    return isThere && weights[name]?.some((weight) => weight > 0);
  });
  const answers = counted.map((member) =>
    tables.map((table) => atFactor(askMember(member, table), factor)),
  );
  const sound = answers.map((own) => own.every((answer) => answer.pointMw !== null));
  const asked = answers.filter((_, i) => sound[i]);
  const [first] = tables.map((_, i) => asked.map((own) => own[i]!));
  const horizonHours = pointMw.length;
  const shares = presentWeights(weights, first ?? [], past, horizonHours);
  return {
    blends:
      asked.length === 0
        ? []
        : tables.map((_, i) =>
            blendPoint(
              asked.map((own) => own[i]!),
              shares,
              horizonHours,
            ),
          ),
    leftOut: counted.filter((_, i) => !sound[i]).map(({ name }) => name),
  };
}
