import type { Forecast } from '../core/forecast.js';
import type { History } from '../core/history.js';
import { hourMs, isoUtc } from '../core/time.js';
import type { PastForecast } from '../ensemble/past-forecast.js';
import type { Bundle } from '../forecast/bundle.js';
import { disposeBundle } from '../forecast/bundle.js';
import { fitMembers, type FittedMembers } from '../forecast/fit-members.js';
import { contextHours, issueForecast } from '../forecast/issue-forecast.js';
import { knownHistory } from '../forecast/known-history.js';
import { levelsOf } from '../forecast/levels.js';
import { historyBefore, historyCalendar } from '../forecast/split-run.js';
import type { ScenarioReader } from '../forecast/weather-scenarios.js';
import {
  splitRun,
  stepsFound,
  trainingTable,
  type TrainOptions,
} from '../forecast/train-bundle.js';

/** past forecasts kept: more than weights and quantiles look back */
const memoryForecasts = 400;

export interface BacktestOptions extends Omit<TrainOptions, 'trainedAtMs' | 'onPhase'> {
  /** loads and actual temperatures, whole; forecasts see only what was known at their issue time */
  readonly history: History;
  /** issue times, ascending, on the hour */
  readonly origins: readonly number[];
  /** instants of the fits, ascending; the first at or before the first origin */
  readonly refitsAtMs: readonly number[];
  /**
   * Leaves doubtful loads out of what is known at a fit or an issue time; loads before the instant are of no concern.
   * Absent: all loads are taken as they are.
   */
  readonly cleaned?: (known: History, sinceMs: number) => History;
  /** other temperatures that may come, which tell the bands how sure the weather is; absent: none */
  readonly scenarios?: ScenarioReader;
  readonly onPhase?: (phase: string) => void;
}

/**
 * Issues the forecasts of the past as they would have been issued: members fitted on data before each refit, weights
 * and quantiles learned at each origin from the hours that had ended by then.
 */
export async function* backtest(options: BacktestOptions): AsyncGenerator<Forecast> {
  const { history, origins, refitsAtMs, cleaned = (known) => known } = options;
  const calendar = historyCalendar(history);
  const before = (instantMs: number): History =>
    cleaned(
      historyBefore(history, instantMs - options.loadDelayHours * hourMs),
      history.load.startMs,
    );
  const first = before(refitsAtMs[0] ?? origins[0] ?? 0);
  options.onPhase?.('split run');
  const split = await splitRun(
    { ...options, history: first, trainedAtMs: 0, onPhase: (phase) => options.onPhase?.(phase) },
    trainingTable(first, calendar),
    calendar,
  );
  for (const member of split?.members.fitted ?? []) member.dispose();
  const steps = stepsFound(split);
  let past: PastForecast[] = [...(split?.past ?? [])];
  for (const [index, refitAtMs] of refitsAtMs.entries()) {
    options.onPhase?.(`fit ${index + 1} of ${refitsAtMs.length}`);
    const known = before(refitAtMs);
    const levels = levelsOf(known, calendar);
    const members = await fitMembers(trainingTable(known, calendar, levels), {
      ...options,
      validationStart: null,
      steps,
    });
    const bundle: Bundle = {
      id: `${options.seriesId}-fit-${index + 1}`,
      card: { ...backtestCard(options, refitAtMs, members), levelShifts: levels.shifts },
      fitted: members.fitted,
      past: [],
    };
    const failures = Object.values(members.failures);
    options.onPhase?.(
      `forecasts after fit ${index + 1}${failures.length > 0 ? ` (${failures.join('; ')})` : ''}`,
    );
    const untilMs = refitsAtMs[index + 1] ?? Number.POSITIVE_INFINITY;
    try {
      for (const issuedAtMs of origins) {
        if (issuedAtMs < refitAtMs || issuedAtMs >= untilMs) continue;
        const forecast = issueForecast({
          seriesId: options.seriesId,
          kind: 'replay',
          history: cleaned(
            knownHistory(history, issuedAtMs, options.loadDelayHours, options.weather(issuedAtMs)),
            issuedAtMs - contextHours * hourMs,
          ),
          issuedAtMs,
          createdAtMs: 0,
          temperatureSource: options.temperatureSource,
          scenarios: options.scenarios?.(issuedAtMs) ?? [],
          reportingDelayHours: options.loadDelayHours,
          bundle,
          past,
          calendar,
        });
        past.push(toPastForecast(forecast));
        past = past.slice(-memoryForecasts);
        yield forecast;
      }
    } finally {
      disposeBundle(bundle); // a caller may stop reading
    }
  }
}

/** What weights and quantiles need of an issued forecast. */
export function toPastForecast(forecast: Forecast): PastForecast {
  return {
    issuedAtMs: forecast.issuedAtMs,
    memberMw: Object.fromEntries(
      forecast.members.map((member) => [
        member.name,
        Float64Array.from(forecast.values, (value) => value.memberMw[member.name] ?? Number.NaN),
      ]),
    ),
    ...(forecast.weatherSpread ? { weatherSpread: forecast.weatherSpread } : {}),
    // What the ladder gave is no error of the blend, and what events change none of its making.
    blendMw: Float64Array.from(forecast.values, (value) =>
      value.quality === 'fallback' ? Number.NaN : value.pointMw - (value.eventMw ?? 0),
    ),
  };
}

/** Instants of `count` fits, evenly over `[fromMs, untilMs)`, the first at `fromMs`. */
export function refitInstants(fromMs: number, untilMs: number, count: number): number[] {
  const stride = (untilMs - fromMs) / count;
  return Array.from(
    { length: count },
    (_, index) => fromMs + Math.round((index * stride) / hourMs) * hourMs,
  );
}

/** Only what an issued forecast says of its members: a back-test keeps no model. */
function backtestCard(
  options: BacktestOptions,
  refitAtMs: number,
  members: FittedMembers,
): Bundle['card'] {
  return {
    bundleId: 'backtest',
    seriesId: options.seriesId,
    trainedAtMs: refitAtMs,
    seed: options.seed,
    firstHourMs: options.history.load.startMs,
    endMs: refitAtMs,
    validationStartMs: null,
    testStartMs: null,
    temperatureSource: options.temperatureSource,
    members: options.members.map(({ name }) => ({
      name,
      version: `${name}-${isoUtc(refitAtMs)}`,
      facts: {},
      notFitted: members.failures[name] ?? null,
      fitSeconds: members.seconds[name] ?? 0,
      curves: [],
      test: null,
    })),
    test: null,
    testNaive: null,
  };
}
