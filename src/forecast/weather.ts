import { horizonHours } from '../core/forecast.js';
import type { History } from '../core/history.js';
import { sliceHours, valueAt, type HourlySeries } from '../core/hourly.js';
import { createRandom } from '../core/random.js';
import { hourMs } from '../core/time.js';
import { fillTemperature } from '../features/temperature.js';

const errorCorrelation = 0.95;
/** °C on lead day 1, 2, 3 */
const errorDeviationC = [0.9, 1.3, 1.8];

/** Gives the temperature of the horizon of one issue time, or null where nothing is known. */
export type WeatherReader = (issuedAtMs: number) => HourlySeries | null;

/** The temperature as it came: ex post, flatters every forecast alike. */
export function actualWeather(temperature: HourlySeries): WeatherReader {
  return (issuedAtMs) => sliceHours(temperature, issuedAtMs, issuedAtMs + horizonHours * hourMs);
}

/**
 * The protocol's error model: actual temperature plus AR(1) noise, seeded by seed, zone and issue time alone.
 * @see PROTOCOL section 1 in docs/accuracy.md
 */
export function modelWeather(temperature: HourlySeries, zone: string, seed: number): WeatherReader {
  return (issuedAtMs) => {
    const random = createRandom('weather', seed, zone, issuedAtMs);
    const horizon = sliceHours(temperature, issuedAtMs, issuedAtMs + horizonHours * hourMs);
    let noise = random.normal();
    const innovation = Math.sqrt(1 - errorCorrelation ** 2);
    for (let lead = 0; lead < horizonHours; lead++) {
      if (lead > 0) noise = errorCorrelation * noise + innovation * random.normal();
      horizon.values[lead]! += noise * errorDeviationC[Math.floor(lead / 24)]!;
    }
    return horizon;
  };
}

/** A forecast run of temperature: hours it says, and from when it could be used. */
export interface TemperatureRun {
  readonly availableAtMs: number;
  readonly runAtMs: number;
  readonly temperature: HourlySeries;
}

/** For each issue time the first of several readers that knows all of its horizon, else the last one. */
export function firstWhole(...readers: readonly WeatherReader[]): WeatherReader {
  return (issuedAtMs) => {
    let horizon: HourlySeries | null = null;
    for (const reader of readers) {
      horizon = reader(issuedAtMs);
      if (horizon?.values.every(Number.isFinite)) return horizon;
    }
    return horizon;
  };
}

/** Real forecast runs: hour by hour the newest run that was available at the issue time. */
export function runWeather(runs: readonly TemperatureRun[]): WeatherReader {
  const newestFirst = [...runs].sort((a, b) => b.runAtMs - a.runAtMs);
  return (issuedAtMs) => {
    const known = newestFirst.filter((run) => run.availableAtMs <= issuedAtMs);
    const values = Float64Array.from({ length: horizonHours }, (_, lead) => {
      for (const run of known) {
        const value = valueAt(run.temperature, issuedAtMs + lead * hourMs);
        if (Number.isFinite(value)) return value;
      }
      return Number.NaN;
    });
    return values.some(Number.isFinite) ? { startMs: issuedAtMs, values } : null;
  };
}

/**
 * Fills horizon hours without a temperature by the usual course of those hours and the last known departure from it,
 * which fades (see `fillTemperature`).
 * @returns the history with a whole horizon, and how many hours were substituted; unchanged if no past temperature is known
 */
export function substituteTemperature(
  history: History,
  issuedAtMs: number,
): { history: History; substitutedHours: number } {
  const { temperature } = history;
  const untilMs = issuedAtMs + horizonHours * hourMs;
  const filled = sliceHours(temperature, temperature.startMs, untilMs);
  const first = Math.round((issuedAtMs - filled.startMs) / hourMs);
  if (!filled.values.subarray(0, Math.max(0, first)).some(Number.isFinite))
    return { history, substitutedHours: 0 };
  const substitutedHours = fillTemperature(filled.values, first);
  return { history: { ...history, temperature: filled }, substitutedHours };
}
