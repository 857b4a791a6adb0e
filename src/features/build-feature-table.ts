import { LoadcastError } from '../core/errors.js';
import { horizonOf, type History, type Screening } from '../core/history.js';
import { sliceHours, valueAt } from '../core/hourly.js';
import type { QualityIssue } from '../core/quality-issue.js';
import { contains, hourMs, isoUtc } from '../core/time.js';
import { buildCalendar, sliceCalendar } from './calendar.js';
import { extraColumns } from './extras.js';
import type { CalendarTable, FeatureTable } from './feature-table.js';
import { imputeLoad } from './impute-load.js';
import { screenLoad, suspectKinds, suspectReasons } from './screen-load.js';
import { fillWeather, knownHours, missingHours, trailingMean } from './weather.js';

export interface FeatureTableInput {
  /** what is known at the issue time; load from `issuedAtMs` on is ignored, temperature from `endMs` on too */
  readonly history: History;
  readonly issuedAtMs: number;
  /** end of the horizon, or `issuedAtMs` for training */
  readonly endMs: number;
  /** of the same place, covering the table; built here if absent */
  readonly calendar?: CalendarTable;
  /** first row; absent: the first hour with load, and with temperature if that does not cost most of the history */
  readonly startMs?: number;
}

/** Hours before the first row that the 72 h mean reaches back to. */
const leadInHours = 71;

/** Runs of imputed hours listed one by one; the rest is summed up. */
const listedRuns = 50;

/**
 * Builds the table that every member reads: load screened, gaps imputed and counted, temperature filled, calendar.
 * @throws {InsufficientHistoryError} if fewer than 168 h of load are known
 * @throws {LoadcastError} INVALID_INPUT if the instants are not on the hour grid of the load or out of order
 */
export function buildFeatureTable(input: FeatureTableInput): FeatureTable {
  const { history, issuedAtMs, endMs } = input;
  const startMs = input.startMs ?? firstUsableHour(history, issuedAtMs);
  assertGrid(history.load.startMs, startMs, issuedAtMs, endMs);
  const length = (endMs - startMs) / hourMs;
  const originIndex = (issuedAtMs - startMs) / hourMs;
  const calendar = calendarOf(input, startMs, length);

  const past = sliceHours(history.load, startMs, issuedAtMs).values;
  const suspect = screenLoad(past, calendar);
  if (history.screening) acquit(suspect, startMs, history.screening);
  for (let i = 0; i < past.length; i++) if (suspect[i] !== 0) past[i] = Number.NaN;
  const loadImputed = new Uint8Array(length);
  for (let i = 0; i < past.length; i++) loadImputed[i] = Number.isNaN(past[i]!) ? 1 : 0;
  imputeLoad(past, calendar);
  const loadMw = new Float64Array(length).fill(Number.NaN);
  loadMw.set(past);

  // A training table does without a temperature that is missing for most of it; a short window takes what there is.
  const forTraining = input.startMs === undefined;
  const leastKnown = forTraining ? originIndex / 2 : 1;
  const weather = temperatureColumns(history, startMs, originIndex, length, leastKnown);
  const extras = extraColumns(history, startMs, length, originIndex, leastKnown, forTraining);
  return {
    place: history.place,
    startMs,
    length,
    originIndex,
    horizonHours: horizonOf(history),
    loadMw,
    loadImputed,
    hasTemperature: weather.known,
    temperatureC: weather.temperatureC,
    temperature24hC: weather.temperature24hC,
    temperature72hC: weather.temperature72hC,
    extras: extras.map(({ column }) => column),
    calendar,
    issues: [
      ...loadIssues(suspect, loadImputed, startMs),
      ...weather.issues,
      ...extras.flatMap(({ column, missing }) =>
        missingIssues(`"${column.name}"`, missing, originIndex, startMs),
      ),
    ],
  };
}

/** Takes back the suspicion of what is to be left alone. */
function acquit(suspect: Uint8Array, startMs: number, { ignored, trusted }: Screening): void {
  const isIgnored = suspectKinds.map((kind) => kind !== null && ignored.includes(kind));
  for (let i = 0; i < suspect.length; i++) {
    const reason = suspect[i]!;
    if (reason === 0) continue;
    const atMs = startMs + i * hourMs;
    if (isIgnored[reason] || trusted.some((interval) => contains(interval, atMs))) suspect[i] = 0;
  }
}

/**
 * The first hour with load and temperature, unless that leaves less than a year and less than half of the load; then
 * the first hour with load.
 */
function firstUsableHour({ load, temperature }: History, issuedAtMs: number): number {
  const end = Math.min(load.values.length, Math.round((issuedAtMs - load.startMs) / hourMs));
  let firstLoad = -1;
  let firstBoth = -1;
  for (let i = 0; i < end && firstBoth < 0; i++) {
    if (Number.isNaN(load.values[i]!)) continue;
    if (firstLoad < 0) firstLoad = i;
    if (!Number.isNaN(valueAt(temperature, load.startMs + i * hourMs))) firstBoth = i;
  }
  const enough = firstBoth >= 0 && end - firstBoth >= Math.min(8766, (end - firstLoad) / 2);
  return load.startMs + Math.max(0, enough ? firstBoth : firstLoad) * hourMs;
}

function assertGrid(gridMs: number, startMs: number, issuedAtMs: number, endMs: number): void {
  for (const [name, instantMs] of Object.entries({ startMs, issuedAtMs, endMs }))
    if (!Number.isFinite(instantMs) || (instantMs - gridMs) % hourMs !== 0)
      throw new LoadcastError(
        'INVALID_INPUT',
        `${name} ${Number.isFinite(instantMs) ? isoUtc(instantMs) : instantMs} is not on the hour grid of the load, which starts at ${isoUtc(gridMs)}.`,
      );
  if (startMs > issuedAtMs || issuedAtMs > endMs)
    throw new LoadcastError(
      'INVALID_INPUT',
      `Start ${isoUtc(startMs)}, issue time ${isoUtc(issuedAtMs)} and end ${isoUtc(endMs)} must not descend.`,
    );
}

function calendarOf(input: FeatureTableInput, startMs: number, length: number): CalendarTable {
  const { calendar } = input;
  if (!calendar) return buildCalendar(input.history.place, startMs, length);
  const from = (startMs - calendar.startMs) / hourMs;
  return sliceCalendar(calendar, from, from + length);
}

function temperatureColumns(
  { temperature }: History,
  startMs: number,
  originIndex: number,
  length: number,
  leastKnown: number,
) {
  const unknown = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  const withLeadIn = sliceHours(
    temperature,
    startMs - leadInHours * hourMs,
    startMs + length * hourMs,
  ).values;
  // The lead-in counts only as far as it is known without a gap up to the first row.
  let leadIn = 0;
  while (leadIn < leadInHours && !Number.isNaN(withLeadIn[leadInHours - leadIn - 1]!)) leadIn++;
  const values = withLeadIn.slice(leadInHours - leadIn);
  const missing = missingHours(values.subarray(leadIn));
  if (knownHours(missing, originIndex) < leastKnown)
    return {
      known: false,
      temperatureC: unknown(),
      temperature24hC: unknown(),
      temperature72hC: unknown(),
      issues: [],
    };
  fillWeather(values);
  return {
    known: true,
    temperatureC: values.slice(leadIn),
    temperature24hC: trailingMean(values, 24).slice(leadIn),
    temperature72hC: trailingMean(values, 72).slice(leadIn),
    issues: missingIssues('temperature', missing, originIndex, startMs),
  };
}

function missingIssues(
  what: string,
  missing: Uint8Array,
  originIndex: number,
  startMs: number,
): QualityIssue[] {
  const issues: QualityIssue[] = [];
  const add = (from: number, to: number, where: string): void => {
    const rows = missing.subarray(from, to);
    const count = rows.reduce((sum, one) => sum + one, 0);
    if (count === 0) return;
    issues.push({
      kind: 'weather-missing',
      line: null,
      validAtMs: startMs + (from + rows.indexOf(1)) * hourMs,
      count,
      reason: `${count} h of ${what} missing ${where}, filled from the hours and days beside them`,
    });
  };
  add(0, originIndex, 'in the past');
  add(originIndex, missing.length, 'in the horizon');
  return issues;
}

/** One issue a run of hours, newest runs first in the list's bound, older ones summed up. */
function loadIssues(suspect: Uint8Array, imputed: Uint8Array, startMs: number): QualityIssue[] {
  const runs: QualityIssue[] = [];
  for (let from = 0; from < imputed.length; from++) {
    if (imputed[from] === 0) continue;
    const reason = suspect[from] ?? 0;
    let to = from + 1;
    while (imputed[to] === 1 && (suspect[to] ?? 0) === reason) to++;
    runs.push({
      kind: reason === 0 ? 'imputed' : 'suspect-value',
      line: null,
      validAtMs: startMs + from * hourMs,
      count: to - from,
      reason:
        reason === 0
          ? 'load missing or not there yet, imputed'
          : `load ${suspectReasons[reason] ?? 'not believed'}, imputed`,
    });
    from = to - 1;
  }
  const older = runs.slice(0, Math.max(0, runs.length - listedRuns));
  const count = older.reduce((sum, run) => sum + run.count, 0);
  const rest: QualityIssue[] =
    count === 0
      ? []
      : [
          {
            kind: 'imputed',
            line: null,
            validAtMs: older[0]?.validAtMs ?? null,
            count,
            reason: `load of ${count} h in ${older.length} earlier runs missing or not believed, imputed`,
          },
        ];
  return [...rest, ...runs.slice(-listedRuns)];
}
