import { LoadcastError } from '../core/errors.js';
import type { QualityIssue } from '../core/quality-issue.js';
import { isoUtc } from '../core/time.js';
import type { Reading } from './reading.js';

/** Where the intervals of a file begin: at `phaseMs + k × resolutionMinutes`. */
export interface NativeGrid {
  readonly resolutionMinutes: number;
  readonly phaseMs: number;
}

const rowsThatTell = 3;

/**
 * The grid that most rows lie on.
 * @param instantMs of each row, any order
 * @param resolutionMinutes for files with too few rows to tell
 * @throws {LoadcastError} INVALID_INPUT if the rows are not 1 to 60 minutes apart or that does not divide the hour
 */
export function detectGrid(
  source: string,
  instantMs: Float64Array,
  resolutionMinutes: number | null,
): NativeGrid {
  const distinct = instantMs.toSorted().filter((value, i, all) => value !== all[i - 1]);
  const tells = distinct.length >= rowsThatTell || resolutionMinutes === null;
  const steps = distinct.subarray(1).map((value, i) => value - (distinct[i] ?? 0));
  const minutes = tells && steps.length > 0 ? mostFrequent(steps) / 60_000 : resolutionMinutes;
  const resolution = minutes ?? 60;
  if (!Number.isInteger(resolution) || !Number.isInteger(60 / resolution))
    throw new LoadcastError(
      'INVALID_INPUT',
      `Rows of ${source} are mostly ${resolution} min apart; loadcast reads intervals of 1 to 60 min that divide the hour.`,
    );
  const stepMs = resolution * 60_000;
  return {
    resolutionMinutes: resolution,
    phaseMs: mostFrequent(distinct.map((value) => value % stepMs)),
  };
}

/** The smallest of the most frequent values; 0 of none. */
function mostFrequent(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best = 0;
  let bestCount = 0;
  for (const [value, count] of counts)
    if (count > bestCount || (count === bestCount && value < best))
      [best, bestCount] = [value, count];
  return best;
}

/** One issue for each run of intervals without a load between the first and the last one. */
export function* gapIssues(load: readonly Reading[], stepMs: number): Generator<QualityIssue> {
  for (let i = 1; i < load.length; i++) {
    const fromMs = (load[i - 1]?.startMs ?? 0) + stepMs;
    const toMs = load[i]?.startMs ?? 0;
    const count = (toMs - fromMs) / stepMs;
    if (count > 0)
      yield {
        kind: 'gap',
        line: null,
        validAtMs: fromMs,
        count,
        reason: `${count} intervals of ${stepMs / 60_000} min without a load from ${isoUtc(fromMs)} to ${isoUtc(toMs)}`,
      };
  }
}
