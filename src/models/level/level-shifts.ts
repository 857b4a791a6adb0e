import type { History } from '../../core/history.js';
import { sliceHours } from '../../core/hourly.js';
import type { LevelShift } from '../../core/level-shift.js';
import { loadScaleOf } from '../../core/load-scale.js';
import { sortedQuantile } from '../../core/metrics.js';
import { hourMs } from '../../core/time.js';
import { calendarFor } from '../../features/calendar.js';
import { median } from '../../features/quality/median.js';
import type { CalendarTable } from '../../features/feature-table.js';
import { changepoints } from './augurs-changepoint.js';
import { dailyLevel } from './daily-level.js';

/** older days tell little of how the level moves by itself */
const memoryHours = 3 * 8766;
/** days that make a level: before a shift, and after it as far as there are so many */
const [daysBefore, leastBefore, daysAfter] = [21, 10, 21];
/** days after a shift that it can be told by, the fewer the larger it has to be */
const tellingDays = [3, 5, 7, 14];
/** log of what a level changes by at least, and at most: a load that all but ends is an outage or in another unit */
const [leastShift, greatestShift] = [0.08, 1];
/** times what the level of so many days is away from the weeks before on all but 5 of 100 days */
const [beyondUsual, usualShare] = [2.5, 0.95];
/** with fewer days to tell what is usual, only this is told */
const [enoughDays, plainShift] = [90, 0.3];
/** share of a shift that comes from one day to the next */
const abruptShare = 0.6;
/** the first days of a shift, but for the one on which it comes, lie within this share of it */
const [firstDays, greatestScatter] = [3, 0.4];
/** days that changepoints are off by */
const near = 2;
/** days before the first that is looked at, which changepoints are told from */
const leadInDays = 120;

/**
 * Lasting changes of level in what is known of a load. Bayesian changepoints of its days, less what calendar and weather
 * explain, are candidates; they count where the level came abruptly, and lies farther from the weeks before than it ever
 * did by itself. Three days are enough for a shift of a quarter.
 * @param calendar of the load's last three years, if it is known already
 * @param sinceMs shifts before are not looked for
 * @returns ascending; none where the load comes near zero by its nature, as ratios say nothing there
 */
export function findLevelShifts(
  history: History,
  calendar?: CalendarTable,
  sinceMs = Number.NEGATIVE_INFINITY,
): LevelShift[] {
  const end = history.load.startMs + history.load.values.length * hourMs;
  const startMs = Math.max(history.load.startMs, end - memoryHours * hourMs);
  const load = sliceHours(history.load, startMs, end);
  if (loadScaleOf(load.values) === 'linear') return [];
  load.values.forEach((mw, i) => {
    if (!(mw > 0)) load.values[i] = Number.NaN;
  });
  const own = calendarFor(history.place, startMs, load.values.length, calendar);
  const { rows, level } = dailyLevel({ ...history, load }, own);
  if (level.length < leastBefore + tellingDays[0]!) return [];
  const shifts: LevelShift[] = [];
  let last = 0;
  const sinceDay = rows.findIndex((at) => startMs + at * hourMs >= sinceMs);
  if (sinceDay < 0) return [];
  const from = Math.max(0, sinceDay - leadInDays);
  for (const candidate of changepoints(standardised(level.slice(from)))) {
    const day = abruptestDay(level, from + candidate);
    if (day === null || day <= last || day < sinceDay) continue;
    const logRatio = shiftAt(level, day);
    if (logRatio === null) continue;
    shifts.push({ startMs: startMs + firstHour(load.values, rows, day) * hourMs, logRatio });
    // What follows is judged as if it had not happened.
    for (let later = day; later < level.length; later++) level[later]! -= logRatio;
    last = day;
  }
  return shifts;
}

/** Level in units of its usual change from day to day. */
function standardised(level: Float64Array): Float64Array {
  const changes = Float64Array.from(level.subarray(1), (value, i) => Math.abs(value - level[i]!));
  const unit = 1.5 * median(changes) || 1;
  const middle = median(level);
  return level.map((value) => (value - middle) / unit);
}

/** The least shift that counts, told by so many days; what the day in question does to those around it is left out. */
function leastOf(level: Float64Array, day: number, days: number): number {
  const contrasts: number[] = [];
  for (let at = daysBefore; at + days <= level.length; at++)
    if (at + days <= day || at >= day + daysBefore)
      contrasts.push(Math.abs(contrast(level, at, days)));
  if (contrasts.length < enoughDays) return plainShift;
  const usual = sortedQuantile(Float64Array.from(contrasts).sort(), usualShare);
  return Math.max(leastShift, beyondUsual * usual);
}

/** Level of so many days from `at` on less that of the weeks before. */
function contrast(level: Float64Array, at: number, days: number): number {
  return (
    median(level.subarray(at, at + days)) - median(level.subarray(Math.max(0, at - daysBefore), at))
  );
}

/** The day near a candidate on which the level changes most; null where too few days lie around it. */
function abruptestDay(level: Float64Array, candidate: number): number | null {
  let best: number | null = null;
  for (let day = candidate - near; day <= candidate + near; day++) {
    if (day < leastBefore || day + tellingDays[0]! > level.length) continue;
    if (best === null || jumpAt(level, day) > jumpAt(level, best)) best = day;
  }
  return best;
}

function jumpAt(level: Float64Array, day: number): number {
  return Math.abs(level[day]! - level[day - 1]!);
}

/** How far the level is shifted from a day on; null if it is not. */
function shiftAt(level: Float64Array, day: number): number | null {
  const known = level.length - day;
  const days = tellingDays.filter((each) => each <= known);
  const shift = contrast(level, day, Math.min(known, daysAfter));
  const jump = (level[day]! + level[day + 1]! - level[day - 1]! - level[day - 2]!) / 2;
  const size = Math.abs(shift);
  if (size < leastShift || size > greatestShift || jump / shift < abruptShare) return null;
  // Its first whole days are as far away, which those after an outage are not.
  const before = median(level.subarray(Math.max(0, day - daysBefore), day));
  const first = level.subarray(day + 1, day + firstDays);
  if (first.some((value) => Math.abs((value - before) / shift - 1) > greatestScatter)) return null;
  return size >= leastOf(level, day, days.at(-1)!) ? shift : null;
}

/** The row, of that day or the one before it, from which on the load against a week before is at the new level. */
function firstHour(load: Float64Array, rows: Int32Array, day: number): number {
  const [from, to] = [rows[day - 1]!, rows[day]! + 24];
  const against: number[] = [];
  for (let row = from; row < to; row++) against.push(Math.log(load[row]! / load[row - 168]!));
  let best = rows[day]!;
  let least = Number.POSITIVE_INFINITY;
  for (let cut = 1; cut < against.length; cut++) {
    const spread = scatter(against.slice(0, cut)) + scatter(against.slice(cut));
    if (spread < least) [best, least] = [from + cut, spread];
  }
  return best;
}

/** Sum of squares around the mean. */
function scatter(values: readonly number[]): number {
  const known = values.filter(Number.isFinite);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
