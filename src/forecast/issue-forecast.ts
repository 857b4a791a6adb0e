import { loadScaleOf, type LoadScale } from '../core/load-scale.js';
import {
  quantileLevels,
  worstQuality,
  type Forecast,
  type ForecastMember,
  type ForecastValue,
  type Quality,
} from '../core/forecast.js';
import { leadDayOf, leadDaysOf } from '../core/horizon.js';
import { LoadcastError } from '../core/errors.js';
import type { LoadEvent } from '../core/calendar-entry.js';
import { horizonOf, type History, type TemperatureSource } from '../core/history.js';
import { endMs, sliceHours, type HourlySeries } from '../core/hourly.js';
import { hourMs, isOnGrid, isoUtc } from '../core/time.js';
import { blendWeights, type BlendWeights } from '../ensemble/blend-weights.js';
import { errorQuantiles } from '../ensemble/error-quantiles.js';
import { pathRanks } from '../ensemble/path-ranks.js';
import { spreadOfCourses } from '../ensemble/spread.js';
import {
  scorePastForecasts,
  type PastForecast,
  type ScoredForecast,
} from '../ensemble/past-forecast.js';
import { buildFeatureTable } from '../features/build-feature-table.js';
import { sliceCalendar } from '../features/calendar.js';
import { eventEffect } from '../features/events.js';
import type { CalendarTable, FeatureTable } from '../features/feature-table.js';
import { withTemperature } from '../features/with-temperature.js';
import { blendPoint, presentWeights } from './blend-members.js';
import { blendsOf } from './blend-tables.js';
import type { Bundle } from './bundle.js';
import { inputReasons } from './input-reasons.js';
import { ladderValues } from './ladder.js';
import { atLevel, levelFactor, levelsSince, type Levels } from './levels.js';
import { runMembers, type MemberRun } from './run-members.js';
import { trackRecord } from './track-record.js';
import { substituteWeather, type SubstitutedWeather } from './weather.js';
import { withinHours } from './within-hours.js';

/** history that a forecast reads: ten weeks reach every lag, every residual and the screening of suspect loads */
export const contextHours = 70 * 24;

export interface IssueOptions {
  readonly seriesId: string;
  readonly kind: Forecast['kind'];
  /** what is known, cut at the issue time; loads as they would have been without events */
  readonly history: History;
  /** known events: what they change is added to the blend, hour by hour */
  readonly events?: readonly LoadEvent[];
  /** start of an hour of the loads' grid */
  readonly issuedAtMs: number;
  readonly createdAtMs: number;
  readonly temperatureSource: TemperatureSource;
  /** other temperatures of the horizon that may come, °C, shape (horizon,) each */
  readonly scenarios?: readonly Float64Array[];
  /** hours that loads usually arrive late: no reason for alarm */
  readonly reportingDelayHours: number;
  readonly bundle: Bundle | null;
  /** why there is no bundle, for the reader */
  readonly withoutBundle?: string;
  /** forecasts issued before, out of sample, in any order; of one issue time the last one counts */
  readonly past?: readonly PastForecast[];
  /** the last stored forecast, first rung of the ladder */
  readonly previous?: Forecast | null;
  /** a calendar that covers context and horizon; built if absent */
  readonly calendar?: CalendarTable;
}

/**
 * Issues one forecast, of 72 hours as a rule. It always exists: members that fail are left out, hours without a member
 * come from the ladder, and quality and reason say so.
 * @throws {InsufficientHistoryError} if not a single load is known
 * @throws {LoadcastError} INVALID_INPUT if the issue time is not on the hour grid of the loads
 */
export function issueForecast(options: IssueOptions): Forecast {
  const { issuedAtMs } = options;
  const horizonHours = horizonOf(options.history);
  const parts = issueParts(options);
  const { known, weather, table, runs, past, scale, weights, pointMw } = parts;
  const weatherSpread = spreadOfWeather(parts);
  const said = {
    blendMw: pointMw,
    memberMw: saidBy(runs),
    ...(weatherSpread ? { weatherSpread } : {}),
  };
  const quantilesMw = errorQuantiles(said, past, scale);
  const ladder = pointMw.every(Number.isFinite)
    ? []
    : ladderValues(known.history, table, issuedAtMs, options.previous ?? null);
  const reasons = [
    ...(options.bundle ? [] : [options.withoutBundle ?? 'no trained models yet']),
    ...(options.bundle?.card.members ?? []).flatMap((member) =>
      member.notFitted === null ? [] : [`${member.name} was not fitted: ${member.notFitted}`],
    ),
    ...runs.flatMap((run) => (run.leftOut ? [run.leftOut] : [])),
    ...inputReasons(options, table, weather, parts.levels.shifts),
    ...(ladder.length > 0 ? [`values come from the ladder: ${rungs(ladder)}`] : []),
  ];
  const inputQuality: Quality = reasons.length > 0 ? 'degraded' : 'full';
  const effectMw = eventEffect(options.events ?? [], issuedAtMs, horizonHours);
  const values = Array.from({ length: horizonHours }, (_, lead): ForecastValue => {
    const point = pointMw[lead]!;
    const rung = Number.isFinite(point) ? undefined : ladder[lead];
    const levels = quantileLevels.length;
    const blended =
      rung?.quantilesMw ?? Array.from(quantilesMw.subarray(lead * levels, (lead + 1) * levels));
    const eventMw = effectMw[lead]!;
    return {
      startMs: issuedAtMs + lead * hourMs,
      leadHours: lead,
      pointMw: (rung?.pointMw ?? point) + eventMw,
      quantilesMw: blended.map((quantile) => quantile + eventMw),
      ...(eventMw === 0 ? {} : { eventMw }),
      memberMw: Object.fromEntries(runs.map((run) => [run.name, run.pointMw?.[lead] ?? null])),
      memberWeight: Object.fromEntries(
        runs.map((run) => [run.name, weights[run.name]?.[leadDayOf(lead) - 1] ?? 0]),
      ),
      temperatureC: temperatureAt(table, lead),
      quality: rung ? 'fallback' : inputQuality,
    };
  });
  const native = known.history.native;
  const within = native
    ? withinHours({ ...known, native, values, calendar: options.calendar })
    : null;
  const text = reasons.map((reason) => reason.replace(/\.$/, '')).join('; ');
  return {
    id: `${options.seriesId}-${isoUtc(issuedAtMs).replace(/[-:]/g, '')}-${options.createdAtMs.toString(36)}`,
    seriesId: options.seriesId,
    issuedAtMs,
    createdAtMs: options.createdAtMs,
    kind: options.kind,
    quality: values.reduce<Quality>((worst, value) => worstQuality(worst, value.quality), 'full'),
    reason: reasons.length > 0 ? `${text}.` : null,
    dataCutoffMs: lastKnownEnd(known.history.load),
    temperatureSource: temperatureSource(options, table, weather.substitutedHours),
    bundleId: options.bundle?.id ?? null,
    members: runs.map((run) =>
      describeMember(run, leadDaysOf(horizonHours), weights, options.bundle),
    ),
    values,
    ...(weatherSpread ? { weatherSpread } : {}),
    ...(within ? { withinHours: within } : {}),
    pathRanks: pathRanks(said, past, scale, [options.seriesId, issuedAtMs]),
  };
}

/** What a forecast is made of. */
export interface IssueParts {
  readonly options: IssueOptions;
  /** the options with what was known alone, the weather whole */
  readonly known: IssueOptions;
  readonly weather: SubstitutedWeather;
  /** null where the history is too short; at the level that the members were fitted at */
  readonly table: FeatureTable | null;
  readonly levels: Levels;
  /** present level over that of the table */
  readonly factor: number;
  readonly runs: readonly MemberRun[];
  readonly past: readonly ScoredForecast[];
  readonly scale: LoadScale;
  readonly weights: BlendWeights;
  /** the blend, shape (horizon,); NaN where there is no member */
  readonly pointMw: Float64Array;
}

/** @throws {LoadcastError} INVALID_INPUT if the issue time is not on the hour grid of the loads */
export function issueParts(options: IssueOptions): IssueParts {
  const inputs = issueInputs(options);
  const { known, table, levels } = inputs;
  const factor = levelFactor(levels, options.issuedAtMs);
  const runs =
    table && options.bundle
      ? runMembers(options.bundle.fitted, table, atLevel(known.history, levels), factor)
      : [];
  const past = scoredPast(known, table, levels);
  const scale = loadScaleOf(known.history.load.values);
  const horizonHours = horizonOf(options.history);
  const learned = blendWeights(past, names(runs), scale, horizonHours);
  const weights = presentWeights(learned, runs, past, horizonHours);
  const pointMw = blendPoint(runs, weights, horizonHours);
  return { ...inputs, factor, runs, past, scale, weights, pointMw };
}

/** @throws {LoadcastError} INVALID_INPUT if the issue time is not on the hour grid of the loads */
export function issueInputs(
  options: IssueOptions,
): Pick<IssueParts, 'options' | 'known' | 'weather' | 'table' | 'levels'> {
  const { issuedAtMs } = options;
  const loadStartMs = options.history.load.startMs;
  if (!isOnGrid(issuedAtMs, loadStartMs))
    throw new LoadcastError(
      'INVALID_INPUT',
      `Issue time ${Number.isFinite(issuedAtMs) ? isoUtc(issuedAtMs) : issuedAtMs} is not on the hour grid of the load, which starts at ${isoUtc(loadStartMs)}.`,
    );
  const weather = substituteWeather(options.history, issuedAtMs);
  const known = { ...options, history: { ...weather.history, load: loadBefore(options) } };
  const fit = levelsOfBundle(options);
  const levels = fit
    ? levelsSince(fit, known.history, options.calendar)
    : { frameMs: issuedAtMs, shifts: [] };
  const table = contextTable({ ...known, history: atLevel(known.history, levels) });
  return { options, known, weather, table, levels };
}

/** The levels that the models were fitted at; null without models. */
function levelsOfBundle({ bundle }: IssueOptions): Levels | null {
  if (!bundle) return null;
  return { frameMs: bundle.card.endMs, shifts: bundle.card.levelShifts ?? [] };
}

/** Whatever the reader gave: no model sees a load from the issue time on. */
function loadBefore({ history: { load }, issuedAtMs }: IssueOptions): HourlySeries {
  const untilMs = Math.max(load.startMs, Math.min(issuedAtMs, endMs(load)));
  return sliceHours(load, load.startMs, untilMs);
}

/** End of the last hour with a load: late hours stand in the series as NaN. */
function lastKnownEnd(load: HourlySeries): number {
  return load.startMs + (load.values.findLastIndex(Number.isFinite) + 1) * hourMs;
}

/** Feature table over the context and the horizon; null where the history is too short for one. */
function contextTable(options: IssueOptions): FeatureTable | null {
  const { history, issuedAtMs } = options;
  const earliestMs = Math.max(history.load.startMs, issuedAtMs - contextHours * hourMs);
  const startMs = Math.min(issuedAtMs, earliestMs);
  const untilMs = issuedAtMs + horizonOf(history) * hourMs;
  const calendar = options.calendar
    ? sliceCalendar(
        options.calendar,
        Math.round((startMs - options.calendar.startMs) / hourMs),
        Math.round((untilMs - options.calendar.startMs) / hourMs),
      )
    : undefined;
  try {
    return buildFeatureTable({
      history,
      issuedAtMs,
      endMs: untilMs,
      startMs,
      ...(calendar ? { calendar } : {}),
    });
  } catch (error) {
    if (error instanceof LoadcastError && error.code === 'INSUFFICIENT_HISTORY') return null;
    throw error;
  }
}

/** How far the blend differs between the temperatures that may come, by lead day; null where there are none. */
function spreadOfWeather(parts: IssueParts): readonly number[] | null {
  const { table, known, scale } = parts;
  const { scenarios = [], bundle } = known;
  if (!table?.hasTemperature || scenarios.length === 0) return null;
  const tables = scenarios.map((celsius) => {
    const temperatureC = table.temperatureC.slice();
    for (const [lead, value] of celsius.entries())
      if (Number.isFinite(value)) temperatureC[table.originIndex + lead] = value;
    return withTemperature(table, temperatureC);
  });
  const { blends } = blendsOf(bundle?.fitted ?? [], parts, tables);
  const spread = spreadOfCourses(blends, scale);
  return spread.length > 0 && spread.every(Number.isFinite) ? spread : null;
}

function saidBy(runs: readonly MemberRun[]): PastForecast['memberMw'] {
  return Object.fromEntries(
    runs.flatMap(({ name, pointMw }) => (pointMw ? [[name, pointMw]] : [])),
  );
}

function names(runs: readonly MemberRun[]): string[] {
  return runs.map((run) => run.name);
}

/** The record scored with the loads known now, suspect hours left out. */
function scoredPast(
  options: IssueOptions,
  table: FeatureTable | null,
  { shifts }: Levels,
): ScoredForecast[] {
  const record = trackRecord(options.bundle?.past ?? [], options.past ?? [], options.issuedAtMs);
  const suspect = new Set<number>();
  for (const [row, imputed] of table?.loadImputed.entries() ?? []) {
    if (table && imputed === 1) suspect.add(table.startMs + row * hourMs);
  }
  return scorePastForecasts(record, options.history.load, { hours: suspect, shifts });
}

function temperatureSource(
  options: IssueOptions,
  table: FeatureTable | null,
  substitutedHours: number,
): TemperatureSource {
  if (!table?.hasTemperature) return 'none';
  return substitutedHours > horizonOf(options.history) / 2
    ? 'climatology'
    : options.temperatureSource;
}

function temperatureAt(table: FeatureTable | null, lead: number): number | null {
  const value = table?.hasTemperature ? table.temperatureC[table.originIndex + lead] : undefined;
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function rungs(ladder: readonly { rung: string }[]): string {
  return [...new Set(ladder.map((value) => value.rung))].join(', then ');
}

function describeMember(
  run: MemberRun,
  leadDays: readonly number[],
  weights: BlendWeights,
  bundle: Bundle | null,
): ForecastMember {
  const card = bundle?.card.members.find((member) => member.name === run.name);
  return {
    name: run.name,
    version: card?.version ?? run.name,
    weightsByLeadDay: leadDays.map((day) => weights[run.name]?.[day - 1] ?? 0),
    leftOut: run.leftOut,
  };
}
