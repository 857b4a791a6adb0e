import { performance } from 'node:perf_hooks';
import type { AccuracyByLead, TrendConsistency } from '../../core/evaluation.js';
import { LoadcastError } from '../../core/errors.js';
import type { Forecast } from '../../core/forecast.js';
import { horizonOf, type History, type TemperatureSource } from '../../core/history.js';
import { hourMs, isOnGrid, localInstants, plusLocalDays } from '../../core/time.js';
import { intervalsOf } from '../../core/within-hours.js';
import { accuracyByLead, blendColumn, memberColumn } from '../../evaluate/accuracy-by-lead.js';
import { backtest, refitInstants } from '../../evaluate/backtest.js';
import { trendConsistency } from '../../evaluate/trend.js';
import type { ScenarioReader } from '../../forecast/weather-scenarios.js';
import type { WeatherReader } from '../../forecast/weather.js';
import type { Member } from '../../models/member.js';
import type { TaskProgress } from '../../core/task-progress.js';
import { cleanHistory } from './clean-history.js';
import { createForecastWriter } from './forecasts-csv.js';

export interface BacktestRun {
  readonly history: History;
  /** end of the file's last interval: no horizon reaches beyond it */
  readonly fileEndMs: number;
  readonly weather: WeatherReader;
  readonly temperatureSource: TemperatureSource;
  /** other temperatures that may come; absent: none are known */
  readonly scenarios?: ScenarioReader | undefined;
  /** local dates, inclusive */
  readonly from: string;
  readonly to: string;
  readonly issueTimes: readonly string[];
  readonly loadDelayHours: number;
  readonly refits: number;
  readonly members: readonly Member[];
  /** whether doubtful loads are left out, as the service does */
  readonly inspect: boolean;
  readonly seed: number;
  readonly threads: number;
  /** CSV file to write, gzipped if it ends in `.gz` */
  readonly out: string;
  readonly onProgress?: (progress: TaskProgress) => void;
  readonly shouldStop?: () => boolean;
}

/** PROTOCOL section 5: the summary of a back-test. */
export interface BacktestSummary {
  readonly origins: number;
  readonly blend: AccuracyByLead;
  readonly members: Readonly<Record<string, AccuracyByLead>>;
  readonly trend: TrendConsistency;
  readonly qualities: Readonly<Record<string, number>>;
  /** distinct reasons of forecasts that were not full, with how many */
  readonly reasons: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

/**
 * Back-test over local days: every forecast that would have been issued, written to a file and scored.
 * @throws {LoadcastError} INVALID_INPUT if no issue time leaves a horizon inside days and file
 */
export async function runBacktest(run: BacktestRun): Promise<BacktestSummary> {
  const startedMs = performance.now();
  const { place, load, native } = run.history;
  const origins = backtestOrigins(run);
  const [fromMs, toMs] = [firstInstant(place.zone, run.from), firstInstant(place.zone, run.to)];
  const names = run.members.map((member) => member.name);
  const writer = await createForecastWriter(run.out, names);
  const forecasts: Forecast[] = [];
  const stream = backtest({
    seriesId: 'backtest',
    history: run.history,
    origins,
    refitsAtMs: refitInstants(fromMs, plusLocalDays(toMs, place.zone, 1), run.refits),
    weather: run.weather,
    temperatureSource: run.temperatureSource,
    ...(run.scenarios ? { scenarios: run.scenarios } : {}),
    members: run.members,
    seed: run.seed,
    threads: run.threads,
    issueTimes: run.issueTimes,
    loadDelayHours: run.loadDelayHours,
    ...(run.inspect ? { cleaned: cleanHistory } : {}),
    onPhase: (phase) => run.onProgress?.({ phase }),
    onStep: (member, step) =>
      run.onProgress?.({
        phase: `${forecasts.length} of ${origins.length} forecasts`,
        member,
        ...step,
      }),
    ...(run.shouldStop ? { shouldStop: run.shouldStop } : {}),
  });
  try {
    for await (const forecast of stream) {
      if (run.shouldStop?.()) throw new LoadcastError('CANCELLED', 'The back-test was stopped.');
      forecasts.push(forecast);
      await writer.write(forecast);
      if (forecasts.length % 10 === 0)
        run.onProgress?.({ phase: 'forecasts', step: forecasts.length, steps: origins.length });
    }
  } finally {
    await writer.end(); // what was issued before a failure is whole and can be read
  }
  // Scored as they are written; how the load moves is judged by the hour.
  const written = forecasts.map((forecast) => ({ ...forecast, values: intervalsOf(forecast) }));
  const actual = native ?? load;
  return {
    origins: origins.length,
    blend: accuracyByLead(written, actual, blendColumn),
    members: Object.fromEntries(
      names.map((name) => [name, accuracyByLead(written, actual, memberColumn(name))]),
    ),
    trend: trendConsistency(forecasts, load, place.zone),
    qualities: countBy(forecasts, (forecast) => forecast.quality),
    reasons: countBy(
      forecasts.filter((forecast) => forecast.reason !== null),
      (forecast) => forecast.reason ?? '',
    ),
    seconds: (performance.now() - startedMs) / 1000,
    peakMemoryMb: process.resourceUsage().maxRSS / 1024,
  };
}

function backtestOrigins(run: BacktestRun): number[] {
  const { zone } = run.history.place;
  const horizonHours = horizonOf(run.history);
  const lastMs = Math.min(run.fileEndMs, plusLocalDays(firstInstant(zone, run.to), zone, 1));
  const origins = run.issueTimes
    .flatMap((time) => localInstants(zone, run.from, run.to, time))
    .filter((instantMs) => instantMs + horizonHours * hourMs <= lastMs)
    .sort((a, b) => a - b);
  const odd = origins.find((instantMs) => !isOnGrid(instantMs, run.history.load.startMs));
  if (odd !== undefined)
    throw new LoadcastError(
      'INVALID_INPUT',
      `Issue time ${new Date(odd).toISOString()} is not the start of an hour of the loads, which begin ${new Date(run.history.load.startMs).toISOString()}.`,
    );
  if (origins.length === 0)
    throw new LoadcastError(
      'INVALID_INPUT',
      `No issue time from ${run.from} to ${run.to} leaves ${horizonHours} h inside these days and the file, which ends ${new Date(run.fileEndMs).toISOString()}.`,
    );
  return origins;
}

function firstInstant(zone: string, date: string): number {
  const [instantMs] = localInstants(zone, date, date);
  if (instantMs === undefined) throw new LoadcastError('INVALID_INPUT', `No day ${date}.`);
  return instantMs;
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}
