import { performance } from 'node:perf_hooks';
import type { AccuracyByLead } from '../../src/core/evaluation.js';
import { usualHorizonHours as horizonHours } from '../../src/core/horizon.js';
import { hourMs, localInstants } from '../../src/core/time.js';
import { scorePastForecasts } from '../../src/ensemble/past-forecast.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import { buildCalendar, sliceCalendar } from '../../src/features/calendar.js';
import type { FeatureTable } from '../../src/features/feature-table.js';
import { chronologicalSplit, defaultShares } from '../../src/features/split.js';
import { contextHours } from '../../src/forecast/issue-forecast.js';
import { knownHistory } from '../../src/forecast/known-history.js';
import { scoreByLead } from '../../src/forecast/score.js';
import { dailyOrigins, historyBefore } from '../../src/forecast/split-run.js';
import { trainingTable } from '../../src/forecast/train-bundle.js';
import { actualWeather } from '../../src/forecast/weather.js';
import type { FittedMember, Member } from '../../src/models/member.js';
import { readHistory, type DataSet } from '../data-sets.js';

/** The year before the test year: what was known before it, and the tables of its forecasts. */
export interface ValidationYear {
  readonly year: number;
  readonly training: FeatureTable;
  /** first row of the last tenth of the training rows */
  readonly lastTenth: number;
  readonly origins: readonly number[];
  /** MAPE and the like of forecasts of all origins, MW, shape (origins, 72) */
  score(pointMw: Float64Array): AccuracyByLead;
  /** of all origins, MW, shape (origins, 72) */
  predict(fitted: FittedMember): Float64Array;
}

/** Forecasts are issued at all local midnights whose horizon lies in the year, with the temperature that came. */
export async function readValidationYear(set: DataSet): Promise<ValidationYear> {
  const year = set.year - 1;
  const history = await readHistory(set);
  const calendar = buildCalendar(
    history.place,
    history.load.startMs,
    history.load.values.length + 96,
  );
  const [fromMs = 0] = localInstants(set.zone, `${year}-01-01`, `${year}-01-01`);
  const [untilMs = 0] = localInstants(set.zone, `${set.year}-01-01`, `${set.year}-01-01`);
  const origins = dailyOrigins(set.zone, fromMs, untilMs, ['00:00']);
  const weather = actualWeather(history.temperature);
  const row = (instantMs: number): number => (instantMs - calendar.startMs) / hourMs;
  const tables = origins.map((issuedAtMs) => {
    const startMs = issuedAtMs - contextHours * hourMs;
    const endMs = issuedAtMs + horizonHours * hourMs;
    return buildFeatureTable({
      history: knownHistory(history, issuedAtMs, 0, weather(issuedAtMs)),
      issuedAtMs,
      startMs,
      endMs,
      calendar: sliceCalendar(calendar, row(startMs), row(endMs)),
    });
  });
  const training = trainingTable(historyBefore(history, fromMs), calendar);
  return {
    year,
    training,
    lastTenth: chronologicalSplit(training.calendar, training.originIndex, defaultShares).testStart,
    origins,
    score: (pointMw) =>
      scoreByLead(
        scorePastForecasts(
          origins.map((issuedAtMs, i) => {
            const blendMw = pointMw.subarray(i * horizonHours, (i + 1) * horizonHours);
            return { issuedAtMs, memberMw: {}, blendMw };
          }),
          history.load,
        ),
        (forecast) => forecast.blendMw,
      ),
    predict: (fitted) => {
      const pointMw = new Float64Array(origins.length * horizonHours);
      for (const [i, each] of tables.entries())
        pointMw.set(fitted.predict(each).pointMw, i * horizonHours);
      return pointMw;
    },
  };
}

/** Fits a member on the years before. The fitted one is the caller's to dispose of. */
export async function fitBefore(
  { training, lastTenth }: ValidationYear,
  member: Member,
  options: {
    readonly seed: number;
    readonly threads: number;
    readonly validates: boolean;
  },
): Promise<{ readonly fitted: FittedMember; readonly seconds: number }> {
  const startedMs = performance.now();
  const fitted = await member.fit(training, {
    seed: options.seed,
    threads: options.threads,
    validationStart: options.validates ? lastTenth : null,
    steps: null,
  });
  return { fitted, seconds: (performance.now() - startedMs) / 1000 };
}
