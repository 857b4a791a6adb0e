import { LoadcastError } from '../core/errors.js';
import type { QualityIssue } from '../core/quality-issue.js';
import { dayMs, hourMs, isoUtc } from '../core/time.js';
import type { ReadingColumns } from '../core/reading-columns.js';

/** Where the intervals of a file, or of a part of it, begin: at `phaseMs + k × minutes`. */
export interface NativeGrid {
  /** stamp from which it holds */
  readonly fromMs: number;
  readonly minutes: number;
  readonly phaseMs: number;
}

const rowsThatTell = 3;
/** another distance of rows that lasts for fewer days is a hole or a slip */
const daysThatTell = 3;

/**
 * The grids that the rows lie on: one for a usual file, several where it went over to another resolution.
 * @param instantMs stamp of each row, any order
 * @param mark which end of its interval a stamp marks
 * @param resolutionMinutes for files with too few rows to tell
 * @returns ascending, at least one
 * @throws {LoadcastError} INVALID_INPUT if rows are not 1 to 60 minutes apart or that does not divide the hour
 */
export function detectGrids(
  source: string,
  instantMs: Float64Array,
  mark: 'start' | 'end',
  resolutionMinutes: number | null,
): NativeGrid[] {
  const stamps = distinctAscending(instantMs);
  const steps = stamps.subarray(1).map((value, i) => value - (stamps[i] ?? 0));
  if (stamps.length < rowsThatTell && resolutionMinutes !== null)
    return [gridOf(source, stamps, resolutionMinutes)];
  const lasting = lastingSteps(stamps, steps);
  if (lasting.length < 2) {
    const minutes = steps.length > 0 ? mostFrequent(steps) / 60_000 : (resolutionMinutes ?? 60);
    return [gridOf(source, stamps, minutes)];
  }
  // A stamp at the start of an interval is as long as the step after it, one at the end as the step before it.
  const shift = mark === 'end' ? 1 : 0;
  const firstRows = lasting.map((part, i) => {
    const before = lasting[i - 1];
    return before ? changeOfStep(steps, before, part) + shift : 0;
  });
  return lasting.map(({ step }, i) =>
    gridOf(source, stamps.subarray(firstRows[i], firstRows[i + 1]), step / 60_000),
  );
}

/** The same array where it is that already. */
function distinctAscending(values: Float64Array): Float64Array {
  let i = 1;
  while (i < values.length && values[i]! > values[i - 1]!) i++;
  return i >= values.length
    ? values
    : values.toSorted().filter((value, row, all) => value !== all[row - 1]);
}

/** The grid that holds at a stamp. */
export function gridAt(grids: readonly NativeGrid[], stampMs: number): NativeGrid {
  let at = grids.length - 1;
  while (at > 0 && grids[at]!.fromMs > stampMs) at--;
  const grid = grids[at];
  if (!grid) throw new RangeError('A file has at least one grid.');
  return grid;
}

export function isOnGrid({ phaseMs, minutes }: NativeGrid, stampMs: number): boolean {
  return (stampMs - phaseMs) % (minutes * 60_000) === 0;
}

/** Steps that prevail for days on end. */
interface LastingStep {
  readonly step: number;
  days: number;
  /** rows of the first and the last of those days */
  readonly from: number;
  to: number;
}

function lastingSteps(stamps: Float64Array, steps: Float64Array): LastingStep[] {
  const parts: LastingStep[] = [];
  for (let from = 0; from < steps.length;) {
    const day = Math.floor((stamps[from] ?? 0) / dayMs);
    let to = from + 1;
    while (to < steps.length && Math.floor((stamps[to] ?? 0) / dayMs) === day) to++;
    const step = mostFrequent(steps.subarray(from, to));
    const last = parts.at(-1);
    if (last?.step === step) {
      last.days++;
      last.to = to;
    } else parts.push({ step, days: 1, from, to });
    from = to;
  }
  const lasting: LastingStep[] = [];
  for (const part of parts) {
    if (part.days < daysThatTell || !Number.isInteger(hourMs / part.step)) continue;
    const last = lasting.at(-1);
    if (last?.step === part.step) last.to = part.to;
    else lasting.push(part);
  }
  return lasting;
}

/** The row where one step goes over into the other: the one that leaves the fewest steps on the wrong side. */
function changeOfStep(steps: Float64Array, before: LastingStep, after: LastingStep): number {
  let best = before.to;
  let bestScore = Number.NEGATIVE_INFINITY;
  let score = 0;
  for (let row = before.from; row <= after.to; row++) {
    if (score > bestScore) [best, bestScore] = [row, score];
    if (steps[row] === before.step) score++;
    if (steps[row] === after.step) score--;
  }
  return best;
}

function gridOf(source: string, stamps: Float64Array, minutes: number): NativeGrid {
  if (!Number.isInteger(minutes) || !Number.isInteger(60 / minutes))
    throw new LoadcastError(
      'INVALID_INPUT',
      `Rows of ${source} are mostly ${minutes} min apart; loadcast reads intervals of 1 to 60 min that divide the hour.`,
    );
  const stepMs = minutes * 60_000;
  return {
    fromMs: stamps[0] ?? 0,
    minutes,
    phaseMs: mostFrequent(stamps.map((value) => value % stepMs)),
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
export function* gapIssues({ startMs, minutes }: ReadingColumns): Generator<QualityIssue> {
  for (let i = 0; i + 1 < startMs.length; i++) {
    const fromMs = startMs[i]! + minutes[i]! * 60_000;
    const toMs = startMs[i + 1]!;
    const count = Math.round((toMs - fromMs) / (minutes[i]! * 60_000));
    if (count > 0)
      yield {
        kind: 'gap',
        line: null,
        validAtMs: fromMs,
        count,
        reason: `${count} intervals of ${minutes[i]} min without a load from ${isoUtc(fromMs)} to ${isoUtc(toMs)}`,
      };
  }
}
