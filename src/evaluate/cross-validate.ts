import { InsufficientHistoryError } from '../core/errors.js';
import type { AccuracyByLead } from '../core/evaluation.js';
import { horizonOf, type History } from '../core/history.js';
import { endMs, sliceHours, type HourlySeries } from '../core/hourly.js';
import { finiteMean } from '../core/metrics.js';
import { hourMs, type Interval } from '../core/time.js';
import { scorePastForecasts, type PastForecast } from '../ensemble/past-forecast.js';
import type { CalendarTable, FeatureTable } from '../features/feature-table.js';
import { blockedFolds, rollingOrigins, type Fold, type RowRange } from '../features/folds.js';
import { fitMembers, type FitMembersOptions } from '../forecast/fit-members.js';
import { levelsOf } from '../forecast/levels.js';
import { scoreByLead } from '../forecast/score.js';
import {
  dailyOrigins,
  historyBefore,
  historyCalendar,
  outOfSampleForecasts,
} from '../forecast/split-run.js';
import { trainingTable } from '../forecast/train-bundle.js';
import type { WeatherReader } from '../forecast/weather.js';

export interface CrossValidationOptions extends Omit<
  FitMembersOptions,
  'validationStart' | 'excluded' | 'issueTimes' | 'steps' | 'previous' | 'checkpoints'
> {
  readonly history: History;
  readonly scheme: CrossValidation['scheme'];
  readonly folds: number;
  /** days of history that each rolling fit knows; null = all before */
  readonly windowDays: number | null;
  /** temperature of the horizon */
  readonly weather: WeatherReader;
  readonly onPhase?: (phase: string) => void;
}

/** One fit and the forecasts that it was not fitted on. */
export interface FoldResult {
  readonly test: Interval;
  /** hours of history that the fit knew the load of */
  readonly trainingHours: number;
  readonly forecasts: number;
  readonly blend: AccuracyByLead;
  readonly members: Readonly<Record<string, AccuracyByLead>>;
  readonly fitSeconds: Readonly<Record<string, number>>;
  /** members that could not be fitted, with the reason */
  readonly failures: Readonly<Record<string, string>>;
}

/** How far the folds lie apart in MAPE over all hours, %. NaN where nothing could be scored. */
export interface FoldSpread {
  readonly mean: number;
  /** sample standard deviation; NaN for one fold */
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

export interface CrossValidation {
  /** rolling: each part by a fit on what lies before; blocked: each block by a fit on all others */
  readonly scheme: 'rolling' | 'blocked';
  readonly folds: readonly FoldResult[];
  /** over the hours of all folds together */
  readonly pooled: {
    readonly forecasts: number;
    readonly blend: AccuracyByLead;
    readonly members: Readonly<Record<string, AccuracyByLead>>;
  };
  /** by column: `blend` and each member */
  readonly spread: Readonly<Record<string, FoldSpread>>;
}

/**
 * Fits all members once a fold and scores their forecasts of every local midnight of its test part. A rolling fit
 * knows only what had been measured before its test part; a blocked fit knows nothing of the load of its block, before
 * and after which it learns. What a forecast reads is what was known at its own midnight.
 * @throws {InsufficientHistoryError} if the history is too short for so many folds
 * @throws {LoadcastError} CANCELLED
 */
export async function crossValidate(options: CrossValidationOptions): Promise<CrossValidation> {
  const { history } = options;
  const calendar = historyCalendar(history);
  const table = trainingTable(history, calendar);
  const folds = foldsOf(options, table);
  const names = options.members.map((member) => member.name);
  const results: FoldResult[] = [];
  const forecasts: PastForecast[] = [];
  for (const [index, fold] of folds.entries()) {
    options.onPhase?.(`fold ${index + 1} of ${folds.length}`);
    const { test, made, ...fit } = await testFold(options, table, calendar, fold, forecasts);
    forecasts.push(...made);
    results.push({ test, forecasts: made.length, ...fit, ...figures(made, history.load, names) });
  }
  return {
    scheme: options.scheme,
    folds: results,
    pooled: { forecasts: forecasts.length, ...figures(forecasts, history.load, names) },
    spread: {
      blend: spreadOf(results.map((fold) => fold.blend.all.mape)),
      ...Object.fromEntries(
        names.map((name) => [
          name,
          spreadOf(results.map((fold) => fold.members[name]?.all.mape ?? Number.NaN)),
        ]),
      ),
    },
  };
}

function foldsOf(options: CrossValidationOptions, table: FeatureTable): Fold[] {
  const { calendar, originIndex: rows } = table;
  const required = Math.max(...options.members.map((member) => member.requiredHours));
  if (options.scheme === 'rolling')
    return rollingOrigins(calendar, rows, {
      folds: options.folds,
      horizonHours: horizonOf(options.history),
      // what had not arrived at the cut is no training
      leastTraining: required + options.loadDelayHours,
      window: options.windowDays === null ? null : options.windowDays * 24,
    });
  const folds = blockedFolds(calendar, rows, {
    folds: options.folds,
    horizonHours: horizonOf(options.history),
    // before a rolling test part lies more than that
    first:
      Math.max(...options.members.map((member) => member.contextHours)) + options.loadDelayHours,
  });
  const longest = Math.max(...folds.map(({ test }) => test.to - test.from));
  if (rows - longest < required)
    throw new InsufficientHistoryError(
      required + longest,
      rows,
      `a fit without one of ${options.folds} blocks`,
    );
  return folds;
}

async function testFold(
  options: CrossValidationOptions,
  table: FeatureTable,
  calendar: CalendarTable,
  fold: Fold,
  earlier: readonly PastForecast[],
): Promise<
  Pick<FoldResult, 'test' | 'trainingHours' | 'fitSeconds' | 'failures'> & {
    readonly made: readonly PastForecast[];
  }
> {
  const { history, loadDelayHours, weather } = options;
  const instant = (row: number): number => table.startMs + row * hourMs;
  const test = { startMs: instant(fold.test.from), endMs: instant(fold.test.to) };
  const known = fold.excluded
    ? withoutLoad(history, test)
    : knownBetween(history, instant(fold.known.from), test.startMs - loadDelayHours * hourMs);
  const levels = levelsOf(known, calendar);
  const fitTable = trainingTable(known, calendar, levels);
  const excluded = fold.excluded ? rowsOf(fitTable, test) : null;
  const { fitted, seconds, failures } = await fitMembers(fitTable, {
    ...options,
    issueTimes: ['00:00'],
    validationStart: null,
    steps: {},
    ...(excluded ? { excluded } : {}),
  });
  try {
    const made = outOfSampleForecasts({
      everything: history,
      fitted,
      levels,
      origins: originsOf(options, fold, test),
      loadDelayHours,
      weather,
      calendar,
      // Errors of earlier rolling folds were known by now; those of other blocks are of fits that knew what comes.
      past: fold.excluded ? [] : earlier,
    });
    const trainingHours = fitTable.originIndex - (excluded ? excluded.to - excluded.from : 0);
    return { test, trainingHours, fitSeconds: seconds, failures, made };
  } finally {
    for (const member of fitted) member.dispose();
  }
}

/**
 * Local midnights of the test part. Behind a block lies what the fit has seen: there the whole horizon stays inside;
 * a rolling fit has seen nothing after.
 */
function originsOf({ history }: CrossValidationOptions, fold: Fold, test: Interval): number[] {
  const horizonHours = horizonOf(history);
  const untilMs = fold.excluded
    ? test.endMs
    : Math.min(endMs(history.load), test.endMs + horizonHours * hourMs);
  return dailyOrigins(history.place.zone, test.startMs, untilMs, ['00:00'], horizonHours).filter(
    (originMs) => originMs < test.endMs,
  );
}

function knownBetween(history: History, fromMs: number, untilMs: number): History {
  const before = historyBefore(history, untilMs);
  const startMs = Math.max(before.load.startMs, Math.min(fromMs, endMs(before.load)));
  return { ...before, load: sliceHours(before.load, startMs, endMs(before.load)) };
}

/** The history as if the load of an interval had never been measured: cleaning and imputation cannot see it either. */
function withoutLoad(history: History, { startMs, endMs: untilMs }: Interval): History {
  const row = (instantMs: number): number =>
    Math.max(0, Math.round((instantMs - history.load.startMs) / hourMs));
  const values = history.load.values.slice().fill(Number.NaN, row(startMs), row(untilMs));
  return { ...history, load: { startMs: history.load.startMs, values } };
}

function rowsOf({ startMs }: FeatureTable, interval: Interval): RowRange {
  const row = (instantMs: number): number => Math.round((instantMs - startMs) / hourMs);
  return { from: row(interval.startMs), to: row(interval.endMs) };
}

function figures(
  forecasts: readonly PastForecast[],
  load: HourlySeries,
  names: readonly string[],
): Pick<FoldResult, 'blend' | 'members'> {
  const scored = scorePastForecasts(forecasts, load);
  return {
    blend: scoreByLead(scored, (forecast) => forecast.blendMw),
    members: Object.fromEntries(
      names.map((name) => [name, scoreByLead(scored, (forecast) => forecast.memberMw[name])]),
    ),
  };
}

function spreadOf(mapes: readonly number[]): FoldSpread {
  const known = mapes.filter(Number.isFinite);
  const mean = finiteMean(known);
  const squares = known.reduce((sum, mape) => sum + (mape - mean) ** 2, 0);
  return {
    mean,
    deviation: known.length > 1 ? Math.sqrt(squares / (known.length - 1)) : Number.NaN,
    least: known.length > 0 ? Math.min(...known) : Number.NaN,
    most: known.length > 0 ? Math.max(...known) : Number.NaN,
  };
}
