import { leadDaysOf, usualHorizonHours } from '../core/horizon.js';
import { errorOn, type LoadScale } from '../core/load-scale.js';
import type { ScoredForecast } from './past-forecast.js';
import { minimiseOnSimplex } from './simplex.js';

/** Weights of one member by lead day. */
export type BlendWeights = Readonly<Record<string, readonly number[]>>;

const memoryForecasts = 180;
const halfLifeForecasts = 60;
/** prior evidence in forecasts: with this many scored forecasts, prior and evidence count the same */
const priorForecasts = 15;
/** there to be measured against, and for the day that nothing else works */
const baseline = 'naive';
/**
 * Members that start without weight: they have to show that the others need them. On the years before the test years the
 * blend was better without direct boosting, by 0.1 to 1.2 %.
 */
export const reserves = new Set([baseline, 'boosting', 'similar-day', 'mstl']);

/**
 * Convex blend weights per lead day from forecasts that were out of sample: exponentially weighted least squares of
 * errors (of the logarithm, on that scale) on the simplex, shrunk towards `priorWeights`.
 * @param past ascending by issue time, scored with what is known now
 * @param members names in the blend, at least one
 * @returns one weight a lead day per member, each lead day's sum 1
 */
export function blendWeights(
  past: readonly ScoredForecast[],
  members: readonly string[],
  scale: LoadScale = 'log',
  horizonHours = usualHorizonHours,
): BlendWeights {
  const prior = priorWeights(members);
  const recent = past.slice(-memoryForecasts);
  const byDay = leadDaysOf(horizonHours).map((day) =>
    dayWeights({ past: recent, scale, fromLead: (day - 1) * 24, toLead: day * 24 }, members, prior),
  );
  return Object.fromEntries(members.map((name, i) => [name, byDay.map((weights) => weights[i]!)]));
}

/**
 * Equal weights of the members that start with one; where there is none of the reserves, and of the baseline only when it
 * is alone.
 */
export function priorWeights(members: readonly string[]): Float64Array {
  const starters = [
    members.filter((name) => !reserves.has(name)),
    members.filter((name) => name !== baseline),
    members,
  ].find((group) => group.length > 0);
  return Float64Array.from(members, (name) => (starters?.includes(name) ? 1 / starters.length : 0));
}

/** What weights are learned from: the hours of one lead day. */
interface Evidence {
  readonly past: readonly ScoredForecast[];
  readonly scale: LoadScale;
  readonly fromLead: number;
  readonly toLead: number;
}

function dayWeights(
  evidenceOf: Evidence,
  members: readonly string[],
  prior: Float64Array,
): Float64Array {
  const { past } = evidenceOf;
  const scored = scorable(evidenceOf, members);
  const k = scored.length;
  const products = new Float64Array(k * k);
  let evidence = 0;
  for (const [index, forecast] of past.entries()) {
    const age = past.length - 1 - index;
    const errors = errorProducts(forecast, scored, evidenceOf);
    if (!errors) continue;
    const weight = 0.5 ** (age / halfLifeForecasts);
    evidence += weight;
    for (let i = 0; i < products.length; i++) products[i]! += weight * errors[i]!;
  }
  if (k === 0 || evidence === 0) return prior;
  // The best member's mean squared error sets the scale of the pull: members far behind do not blur who is ahead.
  const variances = Array.from({ length: k }, (_, i) => products[i * k + i]! / evidence);
  const pull = (Math.min(...variances) * priorForecasts) / evidence + 1e-12;
  const start = priorWeights(scored);
  const linear = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) products[i * k + j]! /= evidence;
    products[i * k + i]! += pull;
    linear[i] = pull * start[i]!;
  }
  const weights = minimiseOnSimplex(products, linear);
  return Float64Array.from(members, (name) => weights[scored.indexOf(name)] ?? 0);
}

/** Members with at least half as many scored forecasts as the one that has most: the others cannot be compared yet. */
function scorable(evidence: Evidence, members: readonly string[]): string[] {
  const counts = members.map(
    (name) => evidence.past.filter((forecast) => errorProducts(forecast, [name], evidence)).length,
  );
  const most = Math.max(0, ...counts);
  return members.filter((_, i) => counts[i]! > 0 && 2 * counts[i]! >= most);
}

/** Mean products of the members' errors in one lead bucket; null unless all members and half the hours are there. */
function errorProducts(
  forecast: ScoredForecast,
  members: readonly string[],
  { scale, fromLead, toLead }: Evidence,
): Float64Array | null {
  const k = members.length;
  const sums = new Float64Array(k * k);
  const errors = new Float64Array(k);
  let hours = 0;
  for (let lead = fromLead; lead < toLead; lead++) {
    const actual = forecast.actualMw[lead]!;
    for (let i = 0; i < k; i++)
      errors[i] = errorOn(scale, forecast.memberMw[members[i]!]?.[lead] ?? Number.NaN, actual);
    if (!errors.every(Number.isFinite)) continue;
    hours++;
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) sums[i * k + j]! += errors[i]! * errors[j]!;
  }
  return hours * 2 >= toLead - fromLead ? sums.map((sum) => sum / hours) : null;
}
