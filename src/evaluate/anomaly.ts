import type { AnomalySensitivity, FaultResponse } from '../core/evaluation.js';
import type { Forecast } from '../core/forecast.js';
import type { History } from '../core/history.js';
import { valueAt, type HourlySeries } from '../core/hourly.js';
import { finiteMean } from '../core/metrics.js';
import { createRandom } from '../core/random.js';
import { hourMs } from '../core/time.js';
import { buildFeatureTable } from '../features/build-feature-table.js';
import type { Bundle } from '../forecast/bundle.js';
import { contextHours, issueForecast } from '../forecast/issue-forecast.js';
import { knownHistory } from '../forecast/known-history.js';
import type { WeatherReader } from '../forecast/weather.js';
import { faults, injectFault, type Fault } from './faults.js';

const endedHoursBefore = [0, 24] as const;
/** hours before the issue time that false alarms are counted over, on clean inputs */
const cleanHours = 168;

export interface AnomalyOptions {
  readonly everything: History;
  readonly bundle: Bundle;
  /** issue times to test, all with a known truth */
  readonly origins: readonly number[];
  readonly loadDelayHours: number;
  readonly weather: WeatherReader;
  readonly seed: number;
  readonly shouldStop?: () => boolean;
}

/** A forecast on faulty inputs beside its clean twin. */
interface Twin {
  readonly clean: Forecast;
  readonly faulty: Forecast;
  readonly meanInputChange: number | null;
  readonly faultHours: number;
  readonly found: number;
}

/**
 * Forecasts with seeded faults in the inputs known at the issue time, each compared with its clean twin against the
 * true load.
 * @see PROTOCOL section 2, anomaly sensitivity, in docs/accuracy.md
 */
export function anomalySensitivity(options: AnomalyOptions): AnomalySensitivity {
  const clean = options.origins.map((issuedAtMs) => {
    const history = knownAt(options, issuedAtMs);
    return { issuedAtMs, history, forecast: issue(options, issuedAtMs, history) };
  });
  const responses: FaultResponse[] = [];
  let faultHours = 0;
  let found = 0;
  for (const fault of faults) {
    for (const ended of endedHoursBefore) {
      if (options.shouldStop?.()) break;
      const twins = clean.map(({ issuedAtMs, history, forecast }) =>
        faultyTwin(options, { issuedAtMs, history, forecast }, fault, ended),
      );
      responses.push(describe(fault, ended, twins, options.everything.load));
      if (fault.target === 'load') {
        faultHours += twins.reduce((sum, twin) => sum + twin.faultHours, 0);
        found += twins.reduce((sum, twin) => sum + twin.found, 0);
      }
    }
  }
  const falseAlarms = clean.map(({ issuedAtMs, history }) => {
    const missing = missingHours(history.load, issuedAtMs);
    return markedHours(history, issuedAtMs).filter(
      (startMs) => startMs >= issuedAtMs - cleanHours * hourMs && !missing.has(startMs),
    ).length;
  });
  return {
    days: options.origins.length,
    faults: responses,
    detectionRecallPct: faultHours > 0 ? (100 * found) / faultHours : Number.NaN,
    falseAlarmsPerDay: finiteMean(falseAlarms) / (cleanHours / 24),
    passed: responses.length > 0 && responses.every((response) => response.nonFinite === 0),
  };
}

/** Issue times spread evenly over those given. */
export function spreadOrigins(origins: readonly number[], count: number): number[] {
  if (origins.length <= count) return [...origins];
  return Array.from(
    { length: count },
    (_, i) => origins[Math.floor((i * origins.length) / count)]!,
  );
}

function faultyTwin(
  options: AnomalyOptions,
  twin: { issuedAtMs: number; history: History; forecast: Forecast },
  fault: Fault,
  ended: number,
): Twin {
  const { issuedAtMs } = twin;
  const delay = fault.target === 'load' ? options.loadDelayHours : 0;
  const random = createRandom('fault', options.seed, fault.name, ended, issuedAtMs);
  const faulty = injectFault(twin.history, fault, issuedAtMs - (delay + ended) * hourMs, random);
  const marked = new Set(markedHours(faulty.history, issuedAtMs));
  return {
    clean: twin.forecast,
    faulty: issue(options, issuedAtMs, faulty.history),
    meanInputChange: faulty.meanChange,
    faultHours: faulty.hours.length,
    found: faulty.hours.filter((startMs) => marked.has(startMs)).length,
  };
}

function describe(
  fault: Fault,
  endedHours: number,
  twins: readonly Twin[],
  load: HourlySeries,
): FaultResponse {
  const share = (quality: Forecast['quality']): number =>
    (100 * twins.filter((twin) => twin.faulty.quality === quality).length) / twins.length;
  const inputChange = finiteMean(twins.map((twin) => twin.meanInputChange ?? Number.NaN));
  const outputChange = finiteMean(
    twins.flatMap((twin) =>
      twin.faulty.values.map((value, i) => Math.abs(value.pointMw - twin.clean.values[i]!.pointMw)),
    ),
  );
  return {
    fault: fault.name,
    endedHoursBefore: endedHours,
    forecasts: twins.length,
    errorRatio:
      finiteMean(twins.map((twin) => meanError(twin.faulty, load))) /
      finiteMean(twins.map((twin) => meanError(twin.clean, load))),
    gain: Number.isFinite(inputChange) && inputChange > 0 ? outputChange / inputChange : null,
    degradedPct: share('degraded'),
    fallbackPct: share('fallback'),
    nonFinite: twins.reduce((sum, twin) => sum + nonFiniteValues(twin.faulty), 0),
  };
}

function meanError(forecast: Forecast, load: HourlySeries): number {
  return finiteMean(
    forecast.values.map((value) => Math.abs(value.pointMw - valueAt(load, value.startMs))),
  );
}

function nonFiniteValues(forecast: Forecast): number {
  return forecast.values.filter(
    (value) => !Number.isFinite(value.pointMw) || !value.quantilesMw.every(Number.isFinite),
  ).length;
}

function knownAt(options: AnomalyOptions, issuedAtMs: number): History {
  return knownHistory(
    options.everything,
    issuedAtMs,
    options.loadDelayHours,
    options.weather(issuedAtMs),
  );
}

function issue(options: AnomalyOptions, issuedAtMs: number, history: History): Forecast {
  return issueForecast({
    seriesId: options.bundle.card.seriesId,
    kind: 'replay',
    history,
    issuedAtMs,
    createdAtMs: 0,
    temperatureSource: 'actual',
    reportingDelayHours: options.loadDelayHours,
    bundle: options.bundle,
  });
}

/** Starts of the hours that cleaning marked or filled before the issue time. */
function markedHours(history: History, issuedAtMs: number): number[] {
  const table = buildFeatureTable({
    history,
    issuedAtMs,
    endMs: issuedAtMs,
    startMs: Math.max(history.load.startMs, issuedAtMs - contextHours * hourMs),
  });
  return Array.from(table.loadImputed.subarray(0, table.originIndex).entries())
    .filter(([, imputed]) => imputed === 1)
    .map(([row]) => table.startMs + row * hourMs);
}

function missingHours(load: HourlySeries, issuedAtMs: number): Set<number> {
  const missing = new Set<number>();
  for (let startMs = issuedAtMs - cleanHours * hourMs; startMs < issuedAtMs; startMs += hourMs) {
    if (!Number.isFinite(valueAt(load, startMs))) missing.add(startMs);
  }
  return missing;
}
