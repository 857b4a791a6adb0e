import { loadScaleOf } from '../core/load-scale.js';
import { usualHorizonHours } from '../core/horizon.js';
import { horizonOf, type History } from '../core/history.js';
import { endMs, sliceHours } from '../core/hourly.js';
import { nativeBefore } from '../core/native-load.js';
import { hourMs, isOnGrid, localDate, localInstants } from '../core/time.js';
import { blendWeights } from '../ensemble/blend-weights.js';
import { scorePastForecasts, type PastForecast } from '../ensemble/past-forecast.js';
import { buildFeatureTable } from '../features/build-feature-table.js';
import { buildCalendar, sliceCalendar } from '../features/calendar.js';
import type { CalendarTable } from '../features/feature-table.js';
import type { FittedMember } from '../models/member.js';
import { blendPoint, presentWeights } from './blend-members.js';
import { contextHours } from './issue-forecast.js';
import { extrasUntil, knownHistory } from './known-history.js';
import { atLevel, levelFactor, levelsSince, type Levels } from './levels.js';
import { runMembers } from './run-members.js';
import { substituteWeather, type WeatherReader } from './weather.js';

export interface OutOfSampleOptions {
  readonly everything: History;
  readonly fitted: readonly FittedMember[];
  /** of what the members were fitted on */
  readonly levels: Levels;
  readonly origins: readonly number[];
  readonly loadDelayHours: number;
  readonly weather: WeatherReader;
  readonly calendar: CalendarTable;
  /** knowledge before the first origin, such as the record of an earlier fit */
  readonly past?: readonly PastForecast[];
}

/**
 * Forecasts of fitted members at origins after their training, blended as they would have been: the weights of each
 * origin know only the hours that had ended by then.
 */
export function outOfSampleForecasts(options: OutOfSampleOptions): PastForecast[] {
  const past: PastForecast[] = [...(options.past ?? [])];
  const made: PastForecast[] = [];
  const horizonHours = horizonOf(options.everything);
  for (const issuedAtMs of options.origins) {
    const known = knownHistory(
      options.everything,
      issuedAtMs,
      options.loadDelayHours,
      options.weather(issuedAtMs),
    );
    const { history } = substituteWeather(known, issuedAtMs);
    const levels = levelsSince(options.levels, history, options.calendar);
    const level = atLevel(history, levels);
    const startMs = Math.max(history.load.startMs, issuedAtMs - contextHours * hourMs);
    const untilMs = issuedAtMs + horizonHours * hourMs;
    const row = (instantMs: number): number =>
      Math.round((instantMs - options.calendar.startMs) / hourMs);
    const table = buildFeatureTable({
      history: level,
      issuedAtMs,
      startMs,
      endMs: untilMs,
      calendar: sliceCalendar(options.calendar, row(startMs), row(untilMs)),
    });
    const runs = runMembers(options.fitted, table, level, levelFactor(levels, issuedAtMs));
    const scored = scorePastForecasts(past, history.load, { shifts: levels.shifts });
    const weights = presentWeights(
      blendWeights(
        scored,
        runs.map((run) => run.name),
        loadScaleOf(history.load.values),
        horizonHours,
      ),
      runs,
      scored,
      horizonHours,
    );
    const forecast: PastForecast = {
      issuedAtMs,
      memberMw: Object.fromEntries(
        runs.map((run) => [
          run.name,
          run.pointMw ?? new Float64Array(horizonHours).fill(Number.NaN),
        ]),
      ),
      blendMw: blendPoint(runs, weights, horizonHours),
    };
    past.push(forecast);
    made.push(forecast);
  }
  return made;
}

/** Daily origins in `[fromMs, untilMs − horizon]` at the given local clock times, on the hour grid of `fromMs`. */
export function dailyOrigins(
  zone: string,
  fromMs: number,
  untilMs: number,
  issueTimes: readonly string[],
  horizonHours = usualHorizonHours,
): number[] {
  const last = untilMs - horizonHours * hourMs;
  if (last < fromMs) return [];
  return issueTimes
    .flatMap((time) => localInstants(zone, localDate(fromMs, zone), localDate(last, zone), time))
    .filter((instantMs) => instantMs >= fromMs && instantMs <= last && isOnGrid(instantMs, fromMs))
    .sort((a, b) => a - b);
}

/** Calendar of the load of a history and of the horizon after it. */
export function historyCalendar(history: History): CalendarTable {
  const { startMs, values } = history.load;
  return buildCalendar(history.place, startMs, values.length + horizonOf(history) + 24);
}

/** The part of a history that ended before an instant. */
export function historyBefore(history: History, untilMs: number): History {
  const cut = Math.max(history.load.startMs, Math.min(untilMs, endMs(history.load)));
  return {
    ...history,
    load: sliceHours(history.load, history.load.startMs, cut),
    ...(history.native ? { native: nativeBefore(history.native, cut) } : {}),
    ...(history.extras ? { extras: extrasUntil(history.extras, untilMs) } : {}),
    temperature: sliceHours(
      history.temperature,
      history.temperature.startMs,
      Math.max(history.temperature.startMs, untilMs),
    ),
  };
}
