import { loadScaleOf } from '../core/load-scale.js';
import { InsufficientHistoryError } from '../core/errors.js';
import { quantileLevels, type Forecast } from '../core/forecast.js';
import { horizonOf, type History } from '../core/history.js';
import { finiteMean, sortedQuantile } from '../core/metrics.js';
import { dayMs, hourMs } from '../core/time.js';
import { errorQuantiles } from '../ensemble/error-quantiles.js';
import { scorePastForecasts, type PastForecast } from '../ensemble/past-forecast.js';
import { rowDaysBefore } from '../features/calendar.js';
import type { FeatureTable } from '../features/feature-table.js';

const previousForecastMaxAgeMs = 2 * dayMs;
const naiveRecordDays = 42;

/** One rung's answer for an hour. */
export interface LadderValue {
  readonly pointMw: number;
  readonly quantilesMw: readonly number[];
  readonly rung: 'previous forecast' | 'seasonal naive' | 'typical day';
}

/**
 * Values when no member gives one: the previous stored forecast for the hours it covers, if at most 48 h old; the same
 * hour a week before; the typical day.
 * @param table null where the history is too short for one
 * @returns one value for each hour of the horizon
 * @throws {InsufficientHistoryError} if not a single load is known
 */
export function ladderValues(
  history: History,
  table: FeatureTable | null,
  issuedAtMs: number,
  previous: Forecast | null,
): LadderValue[] {
  const naive = table ? naiveValues(table, history) : [];
  let typical: ((startMs: number) => LadderValue) | undefined;
  return Array.from({ length: horizonOf(history) }, (_, lead) => {
    const known = previousValue(previous, issuedAtMs, lead) ?? naive[lead];
    if (known && Number.isFinite(known.pointMw)) return known;
    typical ??= typicalDay(history);
    return typical(issuedAtMs + lead * hourMs);
  });
}

function previousValue(
  previous: Forecast | null,
  issuedAtMs: number,
  lead: number,
): LadderValue | null {
  if (!previous || previous.issuedAtMs >= issuedAtMs) return null;
  if (issuedAtMs - previous.issuedAtMs > previousForecastMaxAgeMs) return null;
  // A forecast that itself came from the ladder is no better than the next rung.
  const value = previous.values.find((v) => v.startMs === issuedAtMs + lead * hourMs);
  if (!value || value.quality === 'fallback') return null;
  const { pointMw, quantilesMw, eventMw = 0 } = value;
  return {
    // Events are added by whoever issues this one, as they are known by now.
    pointMw: pointMw - eventMw,
    quantilesMw: quantilesMw.map((quantile) => quantile - eventMw),
    rung: 'previous forecast',
  };
}

/** Same local clock hour a week before, NaN where none is known, with quantiles of its own errors over six weeks. */
function naiveValues(table: FeatureTable, history: History): LadderValue[] {
  const { originIndex, loadMw } = table;
  const at = (row: number): Float64Array =>
    Float64Array.from(
      { length: horizonOf(history) },
      (_, lead) => loadMw[rowDaysBefore(table.calendar, row + lead, 7)] ?? Number.NaN,
    );
  const past: PastForecast[] = [];
  for (let day = naiveRecordDays; day >= 1; day--) {
    const row = originIndex - day * 24;
    if (row < 168) continue;
    const pointMw = at(row);
    past.push({
      issuedAtMs: table.startMs + row * hourMs,
      memberMw: { naive: pointMw },
      blendMw: pointMw,
    });
  }
  const pointMw = at(originIndex);
  const quantilesMw = errorQuantiles(
    { blendMw: pointMw, memberMw: {} },
    scorePastForecasts(past, history.load),
    loadScaleOf(history.load.values),
  );
  const levels = quantileLevels.length;
  return Array.from(pointMw, (point, lead) => ({
    pointMw: point,
    quantilesMw: Array.from(quantilesMw.subarray(lead * levels, (lead + 1) * levels)),
    rung: 'seasonal naive' as const,
  }));
}

/** Mean and quantiles of all known loads of the same hour of the day (of all hours, where that hour is unknown). */
function typicalDay(history: History): (startMs: number) => LadderValue {
  const { load } = history;
  const all = load.values.filter(Number.isFinite).sort();
  if (all.length === 0) throw new InsufficientHistoryError(1, 0, 'any forecast');
  return (startMs) => {
    const sameHour = load.values
      .filter(
        (value, i) => Number.isFinite(value) && (load.startMs + i * hourMs - startMs) % dayMs === 0,
      )
      .sort();
    const known = sameHour.length > 0 ? sameHour : all;
    return {
      pointMw: finiteMean(known),
      quantilesMw: quantileLevels.map((level) => sortedQuantile(known, level)),
      rung: 'typical day',
    };
  };
}
