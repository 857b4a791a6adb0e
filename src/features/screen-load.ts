import type { FaultKind } from '../core/load-mark.js';
import { loadScaleOf } from '../core/load-scale.js';
import { sortedQuantile } from '../core/metrics.js';
import { rowDaysBefore } from './calendar.js';
import type { CalendarTable } from './feature-table.js';

/** Why a load value is not believed; index into `suspectReasons`, 0 = believed. */
export const suspectReasons = [
  '',
  'not positive in a positive series',
  'stuck at one value',
  'spike against the hours beside it',
  'level far from the hours before',
] as const;

/** The fault of each reason. */
export const suspectKinds: readonly (FaultKind | null)[] = [
  null,
  'not-positive',
  'stuck',
  'spike',
  'wrong-level',
];

const [notPositive, stuck, spike, wildLevel] = [1, 2, 3, 4];

export interface ScreenOptions {
  /** hours of one value from which a run is stuck; more where the series repeats values by its nature */
  readonly stuckHours?: number;
  /** smallest log-ratio of a spike to its neighbours; more where the series jumps by its nature */
  readonly spikeLogRatio?: number;
}

/** Spikes last up to this many hours, wrong levels (a factor of 2.5 and more, such as a lost decimal) up to three days. */
const spikeHours = 3;
const wildHours = 72;
const wildLogRatio = 0.9;
/** Without having seen the load come back, only a clearer jump counts. */
const openLogRatio = 0.3;
/** Share of the jump that must remain inside a spike, and at most remain after it. */
const persistence = 0.4;

/**
 * Marks load values that are faults of measurement rather than load, seeing only the rows given.
 *
 * A value is compared with the last believed hour before it, both taken relative to the same hours of the last seven
 * days and of the week before: a heat wave or a holiday departs from them over hours, a fault from one hour to the next.
 * @param loadMw shape (rows,), MW, NaN = missing
 * @param calendar at least those rows
 * @returns shape (rows,), index into `suspectReasons`
 */
export function screenLoad(
  loadMw: Float64Array,
  calendar: CalendarTable,
  options: ScreenOptions = {},
): Uint8Array {
  const suspect = new Uint8Array(loadMw.length);
  markStuck(loadMw, options.stuckHours ?? 4, suspect);
  // Net load behind solar panels may be negative; then ratios say nothing.
  if (loadScaleOf(loadMw) === 'linear') return suspect;
  const logLoad = new Float64Array(loadMw.length);
  for (let i = 0; i < loadMw.length; i++) {
    const load = loadMw[i]!;
    if (load <= 0) suspect[i] = notPositive;
    logLoad[i] = suspect[i] === 0 && load > 0 ? Math.log(load) : Number.NaN;
  }
  markJumps(logLoad, calendar, options.spikeLogRatio ?? 0.2, suspect);
  return suspect;
}

/**
 * Runs of one value. Where neighbours are often equal (a small feeder in whole MW) a run must be longer: long enough
 * that fewer than 0.001 such runs are to be expected by chance.
 */
function markStuck(loadMw: Float64Array, stuckHours: number, suspect: Uint8Array): void {
  let pairs = 0;
  let equal = 0;
  for (let i = 1; i < loadMw.length; i++) {
    if (!Number.isFinite(loadMw[i]! - loadMw[i - 1]!)) continue;
    pairs++;
    if (loadMw[i] === loadMw[i - 1]) equal++;
  }
  if (equal === 0) return;
  const byChance = 1 + Math.log(0.001 / pairs) / Math.log(Math.min(0.999, equal / pairs));
  const least = Math.max(stuckHours, Math.ceil(byChance));
  for (let from = 0; from < loadMw.length;) {
    let to = from + 1;
    while (to < loadMw.length && loadMw[to] === loadMw[from]) to++;
    if (to - from >= least) suspect.fill(stuck, from + 1, to); // the first was still measured
    from = to;
  }
}

function markJumps(
  logLoad: Float64Array,
  calendar: CalendarTable,
  spikeLogRatio: number,
  suspect: Uint8Array,
): void {
  const rows = logLoad.length;
  const profile = new Float64Array(rows);
  const lastWeek = new Float64Array(rows);
  const refresh = (row: number): void => {
    profile[row] = medianOfDays(logLoad, calendar, row);
    lastWeek[row] = weekBefore(logLoad, calendar, row);
  };
  for (let row = 0; row < rows; row++) refresh(row);

  /** Departure of `row` from `anchor`, the smaller of both comparisons; 0 if they disagree on the sign. */
  const departure = (row: number, anchor: number): number => {
    const change = logLoad[row]! - logLoad[anchor]!;
    const byProfile = change - (profile[row]! - profile[anchor]!);
    const byWeek = change - (lastWeek[row]! - lastWeek[anchor]!);
    if (Number.isNaN(byWeek)) return Number.isNaN(byProfile) ? 0 : byProfile;
    if (Number.isNaN(byProfile)) return byWeek;
    if (byProfile * byWeek <= 0) return 0;
    return Math.abs(byProfile) < Math.abs(byWeek) ? byProfile : byWeek;
  };
  const least = Math.max(spikeLogRatio, 3 * usualJump(rows, departure));

  let anchor = -1;
  for (let row = 0; row < rows; row++) {
    if (Number.isNaN(logLoad[row]!)) continue;
    const jump = anchor >= 0 && row - anchor <= 6 ? departure(row, anchor) : 0;
    const end = Math.abs(jump) >= least ? endOfFault(logLoad, departure, anchor, row, least) : row;
    if (end === row) {
      anchor = row;
      continue;
    }
    for (let i = row; i < end; i++) {
      if (Number.isNaN(logLoad[i]!)) continue;
      suspect[i] = end - row > spikeHours ? wildLevel : spike;
      logLoad[i] = Number.NaN;
    }
    for (let i = row; i < Math.min(rows, end + 8 * 24); i++) refresh(i); // no later profile rests on a fault
    row = end - 1;
  }
}

/** Row after the fault that begins at `from`, or `from` if it is none. */
function endOfFault(
  logLoad: Float64Array,
  departure: (row: number, anchor: number) => number,
  anchor: number,
  from: number,
  least: number,
): number {
  const jump = departure(from, anchor);
  const longest = Math.abs(jump) >= Math.max(wildLogRatio, least) ? wildHours : spikeHours;
  let last = from;
  for (let row = from + 1; row < logLoad.length && row <= from + longest; row++) {
    if (Number.isNaN(logLoad[row]!)) continue;
    const share = departure(row, anchor) / jump;
    if (Math.abs(share) <= persistence) {
      const abrupt = departure(last, anchor) / jump - share >= 0.5;
      return abrupt ? row : from;
    }
    if (share < 0) return from;
    last = row;
  }
  const open = logLoad.length - from <= longest;
  return open && Math.abs(jump) >= Math.max(openLogRatio, least) ? logLoad.length : from;
}

/** The jump that 99 of 100 hours stay below. */
function usualJump(rows: number, departure: (row: number, anchor: number) => number): number {
  const jumps = new Float64Array(Math.max(0, rows - 1));
  let n = 0;
  for (let row = 1; row < rows; row++) {
    const jump = Math.abs(departure(row, row - 1));
    if (jump > 0) jumps[n++] = jump;
  }
  return n === 0 ? 0 : sortedQuantile(jumps.subarray(0, n).sort(), 0.99);
}

/** Median of the same hour of the seven days before; of the days after where fewer than three are known. */
function medianOfDays(logLoad: Float64Array, calendar: CalendarTable, row: number): number {
  const found: number[] = [];
  const collect = (days: number): void => {
    const at = rowDaysBefore(calendar, row, days);
    const value = at < 0 ? Number.NaN : (logLoad[at] ?? Number.NaN);
    if (!Number.isNaN(value)) found.push(value);
  };
  for (let days = 1; days <= 7; days++) collect(days);
  for (let days = 1; days <= 7 && found.length < 3; days++) collect(-days);
  if (found.length < 3) return Number.NaN;
  found.sort((a, b) => a - b);
  const middle = found.length >> 1;
  return found.length % 2 === 1 ? found[middle]! : (found[middle - 1]! + found[middle]!) / 2;
}

/** The same hour one to three weeks before, the newest known. */
function weekBefore(logLoad: Float64Array, calendar: CalendarTable, row: number): number {
  for (let weeks = 1; weeks <= 3; weeks++) {
    const at = rowDaysBefore(calendar, row, 7 * weeks);
    if (at >= 0 && !Number.isNaN(logLoad[at]!)) return logLoad[at]!;
  }
  return Number.NaN;
}
