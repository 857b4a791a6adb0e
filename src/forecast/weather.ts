import { usualHorizonHours } from '../core/horizon.js';
import { horizonOf, type History } from '../core/history.js';
import { sliceHours, valueAt, type HourlySeries } from '../core/hourly.js';
import { finiteMean } from '../core/metrics.js';
import { createRandom } from '../core/random.js';
import { hourMs } from '../core/time.js';
import { substituteExtras } from '../features/extras.js';
import { fillWeather } from '../features/weather.js';

const errorCorrelation = 0.95;
/** °C on lead day 1, 2, 3 as the protocol has them, and on the further ones of a longer horizon */
const errorDeviationC = [0.9, 1.3, 1.8, 2.2, 2.6, 3, 3.4];

/** Gives the temperature of the horizon of one issue time, or null where nothing is known. */
export type WeatherReader = (issuedAtMs: number) => HourlySeries | null;

/** The temperature as it came: ex post, flatters every forecast alike. */
export function actualWeather(
  temperature: HourlySeries,
  horizonHours = usualHorizonHours,
): WeatherReader {
  return (issuedAtMs) => sliceHours(temperature, issuedAtMs, issuedAtMs + horizonHours * hourMs);
}

/**
 * The protocol's error model: actual temperature plus AR(1) noise, seeded by seed, zone and issue time alone.
 * @see PROTOCOL section 1 in docs/accuracy.md
 */
export function modelWeather(
  temperature: HourlySeries,
  zone: string,
  seed: number,
  horizonHours = usualHorizonHours,
): WeatherReader {
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

/** A forecast run of temperature: hours it says, and from when it could be used. Those of one run are members of an ensemble. */
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

/** Whether both are of one ensemble. */
export function isSameRun(a: TemperatureRun, b: TemperatureRun): boolean {
  return a.runAtMs === b.runAtMs && a.availableAtMs === b.availableAtMs;
}

/** Real forecast runs: hour by hour the newest run that was available at the issue time, of an ensemble its mean. */
export function runWeather(
  runs: readonly TemperatureRun[],
  horizonHours = usualHorizonHours,
): WeatherReader {
  const newestFirst = [...runs].sort((a, b) => b.runAtMs - a.runAtMs);
  return (issuedAtMs) => {
    const known = newestFirst.filter((run) => run.availableAtMs <= issuedAtMs);
    const values = Float64Array.from({ length: horizonHours }, (_, lead) => {
      const at = (run: TemperatureRun): number =>
        valueAt(run.temperature, issuedAtMs + lead * hourMs);
      const newest = known.find((run) => Number.isFinite(at(run)));
      if (!newest) return Number.NaN;
      return finiteMean(known.filter((run) => isSameRun(run, newest)).map(at));
    });
    return values.some(Number.isFinite) ? { startMs: issuedAtMs, values } : null;
  };
}

/**
 * Fills horizon hours without a temperature, or another input, by the usual course of those hours and the last known
 * departure from it, which fades (see `fillWeather`).
 * @returns the history with a whole horizon as far as anything past is known, and how many hours were substituted
 */
export function substituteWeather(history: History, issuedAtMs: number): SubstitutedWeather {
  const untilMs = issuedAtMs + horizonOf(history) * hourMs;
  const temperature = substituteTemperature(history.temperature, issuedAtMs, untilMs);
  const others = substituteExtras(history.extras ?? [], issuedAtMs, untilMs);
  return {
    history: {
      ...history,
      temperature: temperature.filled,
      ...(history.extras ? { extras: others.extras } : {}),
    },
    substitutedHours: temperature.substitutedHours,
    substitutedExtras: others.substituted,
  };
}

export interface SubstitutedWeather {
  readonly history: History;
  /** of the temperature */
  readonly substitutedHours: number;
  /** of other inputs, by name */
  readonly substitutedExtras: Readonly<Record<string, number>>;
}

/** Unchanged if no past temperature is known. */
function substituteTemperature(
  temperature: HourlySeries,
  issuedAtMs: number,
  untilMs: number,
): { filled: HourlySeries; substitutedHours: number } {
  const filled = sliceHours(temperature, temperature.startMs, untilMs);
  const first = Math.round((issuedAtMs - filled.startMs) / hourMs);
  if (!filled.values.subarray(0, Math.max(0, first)).some(Number.isFinite))
    return { filled: temperature, substitutedHours: 0 };
  return { filled, substitutedHours: fillWeather(filled.values, first) };
}
