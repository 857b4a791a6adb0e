import { messageOf } from '../core/errors.js';
import type { History } from '../core/history.js';
import { sliceHours } from '../core/hourly.js';
import { dayMs, hourMs, localWallClock } from '../core/time.js';
import type { FeatureTable } from '../features/feature-table.js';
import type { FittedMember } from '../models/member.js';

const boundDays = 400;

export interface MemberRun {
  readonly name: string;
  /** shape (horizon,), MW; null if the member was left out */
  readonly pointMw: Float64Array | null;
  readonly leftOut: string | null;
}

/**
 * Asks every member for its forecast and leaves out those that throw, return a non-finite value, or one outside
 * 0.5 × min … 1.5 × max of that clock hour ± 1 h over 400 days, unless another non-naive member is within 10 % of it.
 * @param history at the level of the table
 * @param factor  present level over that of the table, by which the answers are multiplied
 */
export function runMembers(
  fitted: readonly FittedMember[],
  table: FeatureTable,
  history: History,
  factor = 1,
): MemberRun[] {
  const runs = fitted.map((member) => askMember(member, table));
  return plausibleRuns(runs, table, history).map((run) => atFactor(run, factor));
}

/** A run at another level. */
export function atFactor(run: MemberRun, factor: number): MemberRun {
  return factor === 1 || !run.pointMw
    ? run
    : { ...run, pointMw: run.pointMw.map((mw) => mw * factor) };
}

function plausibleRuns(
  runs: readonly MemberRun[],
  table: FeatureTable,
  history: History,
): MemberRun[] {
  const bounds = plausibleBounds(table, history);
  const horizonHours = table.length - table.originIndex;
  return runs.map((run) => {
    if (!run.pointMw) return run;
    const supporters = runs.filter(
      (other) => other.name !== run.name && other.name !== 'naive' && other.pointMw,
    );
    for (let lead = 0; lead < horizonHours; lead++) {
      const value = run.pointMw[lead]!;
      const [low, high] = bounds(table.originIndex + lead);
      if (value >= low && value <= high) continue;
      const supported = supporters.some(
        (other) => Math.abs(other.pointMw![lead]! - value) <= 0.1 * Math.abs(value),
      );
      if (supported) continue;
      return {
        name: run.name,
        pointMw: null,
        leftOut: `${run.name} gave ${value.toPrecision(4)} MW at lead hour ${lead}, outside the plausible ${low.toPrecision(4)} to ${high.toPrecision(4)} MW`,
      };
    }
    return run;
  });
}

/** A member's answer, or why it gave none that is whole. */
export function askMember(member: FittedMember, table: FeatureTable): MemberRun {
  try {
    const horizonHours = table.length - table.originIndex;
    const { pointMw } = member.predict(table);
    const bad = pointMw.findIndex((value) => !Number.isFinite(value));
    if (pointMw.length === horizonHours && bad < 0)
      return { name: member.name, pointMw, leftOut: null };
    const fault =
      bad < 0
        ? `${pointMw.length} values instead of ${horizonHours}`
        : `no number at lead hour ${bad}`;
    return { name: member.name, pointMw: null, leftOut: `${member.name} gave ${fault}` };
  } catch (error) {
    return {
      name: member.name,
      pointMw: null,
      leftOut: `${member.name} failed: ${messageOf(error)}`,
    };
  }
}

/** Range of plausible load by table row, from the known hours of the same local clock hour ± 1 h. */
function plausibleBounds(
  table: FeatureTable,
  history: History,
): (row: number) => readonly [low: number, high: number] {
  const minimum = new Float64Array(24).fill(Number.POSITIVE_INFINITY);
  const maximum = new Float64Array(24).fill(Number.NEGATIVE_INFINITY);
  const originMs = table.startMs + table.originIndex * hourMs;
  const fromMs = originMs - boundDays * dayMs;
  const load = sliceHours(history.load, fromMs, originMs).values;
  const localMs = localWallClock(history.place.zone, fromMs, hourMs, load.length);
  const firstRow = Math.round((fromMs - table.startMs) / hourMs);
  for (const [i, value] of load.entries()) {
    if (!Number.isFinite(value) || table.loadImputed[firstRow + i] === 1) continue;
    const hour = Math.floor(localMs[i]! / hourMs) % 24;
    minimum[hour] = Math.min(minimum[hour]!, value);
    maximum[hour] = Math.max(maximum[hour]!, value);
  }
  return (row) => {
    const hour = table.calendar.hour[row] ?? 0;
    const around = [(hour + 23) % 24, hour, (hour + 1) % 24];
    const low = Math.min(...around.map((h) => minimum[h]!));
    const high = Math.max(...around.map((h) => maximum[h]!));
    // An hour never seen has no bounds: nothing is left out for it.
    return low <= high
      ? [low - 0.5 * Math.abs(low), high + 0.5 * Math.abs(high)]
      : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  };
}
