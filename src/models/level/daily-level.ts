import type { History } from '../../core/history.js';
import { sliceHours } from '../../core/hourly.js';
import { dayMs, hourMs } from '../../core/time.js';
import { cooling, heating, meanOfDay } from '../../features/degree-days.js';
import type { CalendarTable } from '../../features/feature-table.js';
import { choleskyInPlace, solveCholesky } from '../linear/cholesky.js';

const leastHours = 20;
/** days before that a day is held against while effects are learned: a change of level touches no more of them */
const window = 28;
const leastOfWindow = 14;
/** share of the mean variance that the ridge adds */
const ridgeShare = 1e-3;

/** Whole local days with a load, ascending. */
export interface DailyLevel {
  /** row of the first hour of each day, shape (days,) */
  readonly rows: Int32Array;
  /** mean log load without what weekday, holidays and temperature explain, shape (days,) */
  readonly level: Float64Array;
}

interface Day {
  readonly row: number;
  readonly load: number;
  readonly terms: readonly number[];
}

/**
 * The level of each day that its calendar and its weather leave unexplained. Effects are learned from how days differ from
 * the four weeks before them, so that neither season nor changes of level are mistaken for them.
 * @param calendar of the load's rows
 */
export function dailyLevel({ load, temperature }: History, calendar: CalendarTable): DailyLevel {
  const days = daysOf(
    load.values,
    sliceHours(temperature, load.startMs, load.startMs + load.values.length * hourMs).values,
    calendar,
  );
  const effects = learn(days);
  return {
    rows: Int32Array.from(days, (day) => day.row),
    level: Float64Array.from(
      days,
      (day) => day.load - day.terms.reduce((sum, term, i) => sum + effects[i]! * term, 0),
    ),
  };
}

function daysOf(load: Float64Array, temperature: Float64Array, calendar: CalendarTable): Day[] {
  const days: Day[] = [];
  const warmth = knownShare(temperature) > 0.5;
  const logs = load.map(Math.log);
  const usual = usualByHour(logs, calendar);
  let before = Number.NaN;
  for (let from = 0; from < load.length;) {
    let to = from + 1;
    const day = Math.floor(calendar.localMs[from]! / dayMs);
    while (to < load.length && Math.floor(calendar.localMs[to]! / dayMs) === day) to++;
    const first = from;
    const mean = middleMean(
      logs.subarray(from, to).map((log, i) => log - usual[calendar.hour[first + i]!]!),
    );
    const celsius = warmth ? meanOfDay(temperature.subarray(from, to)) : 0;
    const yesterday = Number.isFinite(before) ? before : celsius;
    before = celsius;
    if (Number.isFinite(mean) && Number.isFinite(celsius)) {
      const noon = from + Math.floor((to - from) / 2);
      const [heat, cool] = [heating(celsius), cooling(celsius)];
      days.push({
        row: from,
        load: mean,
        terms: [
          ...[0, 4, 5, 6].map((weekday) => (calendar.workWeekday[noon] === weekday ? 1 : 0)),
          calendar.holiday[noon]!,
          calendar.dayBeforeHoliday[noon]!,
          calendar.dayAfterHoliday[noon]!,
          calendar.bridge[noon]!,
          calendar.yearEnd[noon]!,
          calendar.school[noon]!,
          heat,
          cool,
          (heat * heat) / 10,
          (cool * cool) / 10,
          heating(yesterday),
          cooling(yesterday),
        ],
      });
    }
    from = to;
  }
  return days;
}

function knownShare(values: Float64Array): number {
  return values.filter(Number.isFinite).length / Math.max(1, values.length);
}

/** Mean of each hour of the day, shape (24,). */
function usualByHour(logs: Float64Array, { hour }: CalendarTable): Float64Array {
  const sums = new Float64Array(24);
  const counts = new Float64Array(24);
  for (const [row, log] of logs.entries()) {
    if (!Number.isFinite(log)) continue;
    sums[hour[row]!]! += log;
    counts[hour[row]!]!++;
  }
  return sums.map((sum, i) => (counts[i]! > 0 ? sum / counts[i]! : 0));
}

/** Mean of the middle half, which some hours of faults do not reach; NaN for a day of too few known hours. */
function middleMean(values: Float64Array): number {
  const ascending = values.filter(Number.isFinite).sort();
  if (ascending.length < leastHours) return Number.NaN;
  const cut = Math.floor(ascending.length / 4);
  const middle = ascending.subarray(cut, ascending.length - cut);
  return middle.reduce((a, b) => a + b) / middle.length;
}

/** Ridge of what days differ from the days before them by. */
function learn(days: readonly Day[]): Float64Array {
  const n = days[0]?.terms.length ?? 0;
  const gram = new Float64Array(n * n);
  const right = new Float64Array(n);
  const columns = [(day: Day) => day.load, ...Array.from({ length: n }, (_, i) => termOf(i))];
  const sums = columns.map((column) => runningSums(days, column));
  for (let at = leastOfWindow; at < days.length; at++) {
    const from = Math.max(0, at - window);
    const [target = 0, ...row] = columns.map(
      (column, i) => column(days[at]!) - (sums[i]![at]! - sums[i]![from]!) / (at - from),
    );
    if (!(Math.abs(target) < 1)) continue;
    for (let i = 0; i < n; i++) {
      right[i]! += row[i]! * target;
      for (let j = 0; j <= i; j++) gram[i * n + j]! += row[i]! * row[j]!;
    }
  }
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram[i * n + i]!;
  for (let i = 0; i < n; i++) gram[i * n + i]! += (ridgeShare * trace) / n + 1e-9;
  choleskyInPlace(gram, n);
  return solveCholesky(gram, n, right);
}

function termOf(i: number): (day: Day) => number {
  return ({ terms }) => terms[i]!;
}

/** Entry i is the sum over the first i days. */
function runningSums(days: readonly Day[], column: (day: Day) => number): Float64Array {
  const sums = new Float64Array(days.length + 1);
  for (const [i, day] of days.entries()) sums[i + 1] = sums[i]! + column(day);
  return sums;
}
