import type { ExtraInput } from '../core/extra-input.js';
import type { History } from '../core/history.js';
import { sliceHours } from '../core/hourly.js';
import { hourMs } from '../core/time.js';
import { fillWeather, knownHours, missingHours } from './weather.js';

/** A further input of the models on the rows of a feature table, whole. */
export interface ExtraColumn {
  readonly name: string;
  /** shape (length,), in a unit of its own */
  readonly values: Float64Array;
}

/** A column that changes in a smaller share of its hours holds a level, such as an installed capacity. */
const levelShare = 1 / 20;
/** a training does without what has not been known for longer: it would be missing in the next forecasts too */
const recentHours = 28 * 24;

/**
 * The further inputs that a table of these rows can hold, their holes filled.
 * @param originIndex rows before it are the past
 * @param leastKnown hours of the past that have to be known
 * @param forTraining leaves out what is known no longer
 */
export function extraColumns(
  { extras = [] }: History,
  startMs: number,
  length: number,
  originIndex: number,
  leastKnown: number,
  forTraining: boolean,
): { readonly column: ExtraColumn; readonly missing: Uint8Array }[] {
  return extras.flatMap(({ name, hourly }) => {
    const { values } = sliceHours(hourly, startMs, startMs + length * hourMs);
    const missing = missingHours(values);
    const known = knownHours(missing, originIndex);
    const recent = missing.subarray(Math.max(0, originIndex - recentHours), originIndex);
    if (known < leastKnown || (forTraining && !recent.includes(0))) return [];
    fillExtra(values);
    return [{ column: { name, values }, missing }];
  });
}

/**
 * Fills missing hours in place: of a level by the value before, of anything else as of the weather, within the range of
 * what is known.
 * @param values NaN = missing, at least one is known; changed
 * @param from first hour to fill
 * @param level whether they hold a level
 * @returns hours filled
 * @throws {RangeError} if no hour is known
 */
export function fillExtra(values: Float64Array, from = 0, level = isLevel(values)): number {
  if (level) return carryOn(values, from);
  const known = values.filter((value) => !Number.isNaN(value));
  const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const filled = fillWeather(values, from);
  for (let row = from; row < values.length; row++)
    values[row] = Math.min(most, Math.max(least, values[row]!));
  return filled;
}

function isLevel(values: Float64Array): boolean {
  let pairs = 0;
  let changes = 0;
  for (let row = 1; row < values.length; row++) {
    const [before, now] = [values[row - 1]!, values[row]!];
    if (Number.isNaN(before) || Number.isNaN(now)) continue;
    pairs++;
    if (before !== now) changes++;
  }
  return pairs > 0 && changes < levelShare * pairs;
}

/** The value before each hole; the first known one where none is before. */
function carryOn(values: Float64Array, from: number): number {
  let last = values.find((value) => !Number.isNaN(value)) ?? Number.NaN;
  let filled = 0;
  for (const [row, value] of values.entries()) {
    if (!Number.isNaN(value)) last = value;
    else if (row >= from) {
      values[row] = last;
      filled++;
    }
  }
  return filled;
}

/**
 * The further inputs with the holes of a horizon filled, and of how many hours of each that is a guess: a level, such as an
 * installed capacity, is expected to go on.
 */
export function substituteExtras(
  extras: readonly ExtraInput[],
  issuedAtMs: number,
  untilMs: number,
): { readonly extras: ExtraInput[]; readonly substituted: Readonly<Record<string, number>> } {
  const substituted: Record<string, number> = {};
  const filled = extras.map(({ name, hourly }) => {
    const whole = sliceHours(hourly, hourly.startMs, untilMs);
    const first = Math.round((issuedAtMs - whole.startMs) / hourMs);
    const isKnown = whole.values.subarray(0, Math.max(0, first)).some(Number.isFinite);
    const level = isLevel(whole.values);
    const hours = isKnown ? fillExtra(whole.values, first, level) : 0;
    if (!level && hours > 0) substituted[name] = hours;
    return { name, hourly: whole };
  });
  return { extras: filled, substituted };
}
