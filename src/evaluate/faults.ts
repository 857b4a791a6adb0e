import type { History } from '../core/history.js';
import type { HourlySeries } from '../core/hourly.js';
import type { Random } from '../core/random.js';
import { hourMs } from '../core/time.js';

/** One class of fault in the inputs known at an issue time. */
export interface Fault {
  readonly name: string;
  readonly target: 'load' | 'temperature';
  readonly hours: (random: Random) => number;
  /** new value of a faulty hour; NaN removes it */
  readonly change: (value: number, first: number, random: Random) => number;
}

const fixed = (hours: number) => (): number => hours;

/** Spikes, missing, stuck and ×10 loads, and a biased thermometer: PROTOCOL section 2, anomaly sensitivity. */
export const faults: readonly Fault[] = [
  spike('spike ±50 %', 0.5),
  spike('spike ±100 %', 1),
  missing(3),
  missing(12),
  missing(24),
  { name: 'stuck 12 h', target: 'load', hours: fixed(12), change: (_value, first) => first },
  { name: '×10 for 6 h', target: 'load', hours: fixed(6), change: (value) => value * 10 },
  thermometer(5),
  thermometer(-5),
];

export interface FaultyHistory {
  readonly history: History;
  /** starts of the faulty hours */
  readonly hours: readonly number[];
  /** mean |change of input| over the faulty hours; null where values were removed */
  readonly meanChange: number | null;
}

/**
 * Puts one fault into a history.
 * @param endedAtMs end of the last faulty hour
 */
export function injectFault(
  history: History,
  fault: Fault,
  endedAtMs: number,
  random: Random,
): FaultyHistory {
  const series = history[fault.target];
  const values = series.values.slice();
  const last = Math.round((endedAtMs - series.startMs) / hourMs);
  const first = Math.max(0, last - fault.hours(random));
  const firstValue = values[first] ?? Number.NaN;
  const direction = random.uniform();
  let change = 0;
  for (let i = first; i < last; i++) {
    const before = values[i]!;
    values[i] = fault.change(before, firstValue, { ...random, uniform: () => direction });
    change += Math.abs(values[i]! - before);
  }
  const changed: HourlySeries = { startMs: series.startMs, values };
  const meanChange = change / (last - first);
  return {
    history: { ...history, [fault.target]: changed },
    hours: Array.from({ length: last - first }, (_, i) => series.startMs + (first + i) * hourMs),
    meanChange: Number.isFinite(meanChange) ? meanChange : null,
  };
}

function spike(name: string, share: number): Fault {
  return {
    name,
    target: 'load',
    hours: (random) => 1 + random.integer(3),
    // Down by 100 % is an hour of zero load.
    change: (value, _first, random) => value * (random.uniform() < 0.5 ? 1 + share : 1 - share),
  };
}

function missing(hours: number): Fault {
  return {
    name: `${hours} h missing`,
    target: 'load',
    hours: fixed(hours),
    change: () => Number.NaN,
  };
}

function thermometer(degrees: number): Fault {
  return {
    name: `temperature ${degrees > 0 ? '+' : '−'}${Math.abs(degrees)} °C for 24 h`,
    target: 'temperature',
    hours: fixed(24),
    change: (value) => value + degrees,
  };
}
