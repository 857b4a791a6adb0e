import type { ForecastValue, WithinHours } from '../core/forecast.js';
import type { History } from '../core/history.js';
import { sliceHours } from '../core/hourly.js';
import { loadScaleOf } from '../core/load-scale.js';
import type { NativeLoad } from '../core/native-load.js';
import { hourMs } from '../core/time.js';
import { calendarFor } from '../features/calendar.js';
import type { CalendarTable } from '../features/feature-table.js';
import { choleskyInPlace, solveCholesky } from '../models/linear/cholesky.js';

/** older hours than this tell little of today's */
const memoryHours = 2 * 8766;
const weekHours = 168;
const leastWeeks = 8;
/** of the ridges, in rows; chosen on 2013 of vic_elec, where 3 to 30 are alike */
const penalty = 10;
/** an interval that lies farther from its hour than the hour's own size is a fault */
const greatestDeviation = 1;
const widest = 3;
/** standard deviations between the quantiles 0.1 and 0.9 of a normal distribution */
const bandDeviations = 2.563;

export interface ForecastHours {
  /** loads that are not believed are NaN */
  readonly history: History;
  readonly native: NativeLoad;
  readonly issuedAtMs: number;
  readonly values: readonly ForecastValue[];
  /** of the last two years and the horizon, if it is known already */
  readonly calendar?: CalendarTable | undefined;
}

/**
 * How the load runs within the hours of a forecast: for each hour of the day and each interval in it a ridge on how the
 * load changes around the hour, whether the day is off, and how it ran a week before; on a straight line through the
 * neighbours where nothing is known. Whatever the members miss by, the shape within an hour is hardly any of it.
 * @returns null if no hour is known at that resolution
 */
export function withinHours(forecast: ForecastHours): WithinHours | null {
  const hours = hourRows(forecast);
  const { parts, first, known } = hours;
  const fits = new Map<number, HourFit>();
  const rowsOf = Array.from({ length: 24 }, (): number[] => []);
  for (let row = hours.readsWeek ? weekHours : 1; row < known; row++)
    if (isUsable(hours, row)) rowsOf[hours.calendar.hour[row]!]!.push(row);
  if (rowsOf.every((rows) => rows.length === 0)) return null;
  const deviationMw = new Float64Array(forecast.values.length * parts);
  const widening = forecast.values.map(({ quantilesMw }, lead) => {
    const row = first + lead;
    const hour = hours.calendar.hour[row]!;
    const fit = fits.get(hour) ?? fitHour(hours, rowsOf[hour]!);
    fits.set(hour, fit);
    const shape = Array.from(
      { length: parts },
      (_, part) =>
        straight(hours, row, part) + evaluate(fit.parts[part]!, features(hours, row, part)),
    );
    const mean = shape.reduce((sum, value) => sum + value, 0) / parts;
    const size = sizeOf(hours, row);
    for (const [part, value] of shape.entries())
      deviationMw[lead * parts + part] = (value - mean) * size;
    const band = (quantilesMw[5]! - quantilesMw[1]!) / bandDeviations;
    return band > 0 ? Math.min(widest, Math.hypot(1, (fit.missed * size) / band)) : 1;
  });
  return { minutes: forecast.native.minutes, deviationMw, widening: Float64Array.from(widening) };
}

/** Hours of the past and of the horizon in one row. */
interface HourRows {
  readonly parts: number;
  /** row of the first hour of the forecast */
  readonly first: number;
  /** rows before this one have ended */
  readonly known: number;
  /** MW; the forecast's own from `first` on */
  readonly load: Float64Array;
  /** interval less hour, relative, row-major, shape (known, parts); NaN where an interval is missing */
  readonly deviation: Float64Array;
  readonly calendar: CalendarTable;
  /** whether how an hour ran a week before is looked at: not where that is most of what is known */
  readonly readsWeek: boolean;
  /** MW that deviations are relative to; null: the load of the hour */
  readonly unitMw: number | null;
}

function hourRows({ history, native, issuedAtMs, values, calendar }: ForecastHours): HourRows {
  const parts = 60 / native.minutes;
  const since = Math.max(native.startMs, history.load.startMs, issuedAtMs - memoryHours * hourMs);
  const startMs = Math.min(since, issuedAtMs);
  const known = Math.round((issuedAtMs - startMs) / hourMs);
  const length = known + values.length;
  const load = new Float64Array(length);
  load.set(sliceHours(history.load, startMs, issuedAtMs).values);
  load.set(
    values.map((value) => value.pointMw),
    known,
  );
  const past = load.subarray(0, known);
  const unitMw = loadScaleOf(past) === 'log' ? null : meanSize(past);
  const offset = Math.round((startMs - native.startMs) / hourMs) * parts;
  const deviation = new Float64Array(known * parts).fill(Number.NaN);
  for (let row = 0; row < known; row++) {
    const own = native.values.subarray(offset + row * parts, offset + (row + 1) * parts);
    const mean = own.reduce((sum, mw) => sum + mw, 0) / parts;
    if (own.length < parts || !Number.isFinite(mean)) continue;
    for (const [part, mw] of own.entries())
      deviation[row * parts + part] = (mw - mean) / (unitMw ?? mean);
  }
  return {
    parts,
    first: known,
    known,
    load,
    deviation,
    readsWeek: known >= leastWeeks * weekHours,
    unitMw,
    calendar: calendarFor(history.place, startMs, length, calendar),
  };
}

function meanSize(loads: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const mw of loads)
    if (Number.isFinite(mw)) {
      sum += Math.abs(mw);
      count++;
    }
  return sum / count || 1;
}

function sizeOf({ load, unitMw }: HourRows, row: number): number {
  return unitMw ?? load[row]!;
}

/** Whether a past hour and its neighbours are known and nothing in it is a fault. */
function isUsable({ load, deviation, parts, known }: HourRows, row: number): boolean {
  for (const near of [row - 1, row, row + 1])
    if (near >= known || !Number.isFinite(load[near]!)) return false;
  for (let part = 0; part < parts; part++)
    if (!(Math.abs(deviation[row * parts + part]!) < greatestDeviation)) return false;
  return true;
}

/** Change of the load from one row to the next, relative; 0 where it is not known. */
function change(hours: HourRows, row: number, size: number): number {
  const relative = (hours.load[row + 1]! - hours.load[row]!) / size;
  return Number.isFinite(relative) ? relative : 0;
}

/** What a straight line through the neighbours says of an interval, relative. */
function straight(hours: HourRows, row: number, part: number): number {
  const size = sizeOf(hours, row);
  const slope = (change(hours, row - 1, size) + change(hours, row, size)) / 2;
  return ((part + 0.5) / hours.parts - 0.5) * slope;
}

const featureCount = 6;

function features(hours: HourRows, row: number, part: number): number[] {
  const { calendar, deviation, parts } = hours;
  const size = sizeOf(hours, row);
  const isOff = calendar.workWeekday[row]! >= 5 || calendar.holiday[row]! > 0.5;
  const week = hours.readsWeek
    ? (deviation[(row - weekHours) * parts + part] ?? Number.NaN)
    : Number.NaN;
  return [
    ...[-2, -1, 0, 1].map((before) => change(hours, row + before, size)),
    isOff ? 1 : 0,
    Number.isFinite(week) ? week : 0,
  ];
}

/** What the intervals of one hour of the day depart from the straight line by. */
interface HourFit {
  readonly parts: readonly Ridge[];
  /** root mean square of what is left, relative */
  readonly missed: number;
}

interface Ridge {
  readonly constant: number;
  readonly means: Float64Array;
  readonly coefficients: Float64Array;
}

function fitHour(hours: HourRows, rows: readonly number[]): HourFit {
  const { deviation, parts } = hours;
  let squares = 0;
  const ridges = Array.from({ length: parts }, (_, part) => {
    const inputs = rows.map((row) => features(hours, row, part));
    const targets = rows.map((row) => deviation[row * parts + part]! - straight(hours, row, part));
    const ridge = fitRidge(inputs, targets);
    for (const [i, target] of targets.entries())
      squares += (target - evaluate(ridge, inputs[i]!)) ** 2;
    return ridge;
  });
  return { parts: ridges, missed: Math.sqrt(squares / Math.max(1, rows.length * parts)) };
}

/** Ridge on columns of their own scale; with few rows the constant is held back too. */
function fitRidge(inputs: readonly (readonly number[])[], targets: readonly number[]): Ridge {
  const n = featureCount;
  const rows = targets.length;
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, rows);
  const means = Float64Array.from({ length: n }, (_, a) => mean(inputs.map((row) => row[a]!)));
  const target = mean(targets);
  const gram = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (const [i, row] of inputs.entries())
    for (let a = 0; a < n; a++) {
      const left = row[a]! - means[a]!;
      right[a]! += left * (targets[i]! - target);
      for (let b = 0; b <= a; b++) gram[a * n + b]! += left * (row[b]! - means[b]!);
    }
  for (let a = 0; a < n; a++)
    gram[a * n + a]! += (penalty * gram[a * n + a]!) / Math.max(1, rows) + 1e-12;
  choleskyInPlace(gram, n);
  return {
    constant: (target * rows) / (rows + penalty),
    means,
    coefficients: solveCholesky(gram, n, right),
  };
}

function evaluate({ constant, means, coefficients }: Ridge, row: readonly number[]): number {
  let value = constant;
  for (const [a, coefficient] of coefficients.entries())
    value += coefficient * (row[a]! - means[a]!);
  return value;
}
