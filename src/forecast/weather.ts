import { horizonHours } from '../core/forecast.js';
import type { History } from '../core/history.js';
import { sliceHours, valueAt, type HourlySeries } from '../core/hourly.js';
import { createRandom } from '../core/random.js';
import { dayMs, hourMs } from '../core/time.js';

const errorCorrelation = 0.95;
/** holes in a weather forecast up to this length are bridged by a straight line */
const longestGapHours = 3;
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
 * Fills horizon hours without a temperature: holes of up to three hours by a straight line, the rest by climatology,
 * the mean of that hour of the day on the days of the year around it (± 10 days, any year of the past; else the last 14
 * days), shifted by the mean error of climatology over the last known day, which fades with a time constant of one day.
 * @returns the history with a whole horizon, and how many hours were substituted; unchanged if no past temperature is known
 */
export function substituteTemperature(
  history: History,
  issuedAtMs: number,
): { history: History; substitutedHours: number } {
  const { temperature } = history;
  const past = sliceHours(
    temperature,
    temperature.startMs,
    Math.max(temperature.startMs, issuedAtMs),
  );
  if (!past.values.some(Number.isFinite)) return { history, substitutedHours: 0 };
  const untilMs = issuedAtMs + horizonHours * hourMs;
  const filled = sliceHours(temperature, temperature.startMs, untilMs);
  const first = Math.round((issuedAtMs - filled.startMs) / hourMs);
  let substitutedHours = interpolateShortGaps(filled.values, first);
  const lastErrorC = recentClimatologyError(past, issuedAtMs);
  for (let lead = 0; lead < horizonHours; lead++) {
    if (Number.isFinite(filled.values[first + lead])) continue;
    filled.values[first + lead] =
      climatologyC(past, issuedAtMs + lead * hourMs) + lastErrorC * Math.exp(-(lead + 1) / 24);
    substitutedHours++;
  }
  return { history: { ...history, temperature: filled }, substitutedHours };
}

/** Fills gaps of at most three hours between two known hours by a straight line, from row `first` on. */
function interpolateShortGaps(values: Float64Array, first: number): number {
  let filled = 0;
  for (let row = Math.max(1, first); row < values.length; row++) {
    const before = values[row - 1]!;
    if (Number.isFinite(values[row]) || !Number.isFinite(before)) continue;
    const length = values.subarray(row, row + longestGapHours + 1).findIndex(Number.isFinite);
    if (length < 0) continue;
    const after = values[row + length]!;
    for (let i = 0; i < length; i++)
      values[row + i] = before + ((after - before) * (i + 1)) / (length + 1);
    filled += length;
  }
  return filled;
}

/** Mean of past minus climatology over the last 24 known hours of the last two days. */
function recentClimatologyError(past: HourlySeries, issuedAtMs: number): number {
  let sum = 0;
  let n = 0;
  for (let back = 1; back <= 48 && n < 24; back++) {
    const actual = valueAt(past, issuedAtMs - back * hourMs);
    if (!Number.isFinite(actual)) continue;
    sum += actual - climatologyC(past, issuedAtMs - back * hourMs);
    n++;
  }
  return n > 0 ? sum / n : 0;
}

function climatologyC(past: HourlySeries, instantMs: number): number {
  const pastEndMs = past.startMs + past.values.length * hourMs;
  const around: number[] = [];
  for (let year = 1; instantMs - year * 365.25 * dayMs > past.startMs - 10 * dayMs; year++) {
    // Whole days back keep the hour of the day in UTC, which is what the sun follows.
    const centre = instantMs - Math.round(year * 365.25) * dayMs;
    for (let day = -10; day <= 10; day++) around.push(valueAt(past, centre + day * dayMs));
  }
  const seasonal = finite(around);
  if (seasonal.length > 0) return mean(seasonal);
  const sameHour = pastEndMs - ((((pastEndMs - instantMs) % dayMs) + dayMs) % dayMs);
  const recent = Array.from({ length: 14 }, (_, day) =>
    valueAt(past, sameHour - (day + 1) * dayMs),
  );
  const known = finite(recent);
  return known.length > 0 ? mean(known) : mean(finite(past.values));
}

function finite(values: ArrayLike<number>): number[] {
  return Array.from(values).filter(Number.isFinite);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
