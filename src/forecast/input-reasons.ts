import { horizonOf, type History } from '../core/history.js';
import { sliceHours } from '../core/hourly.js';
import type { LevelShift } from '../core/level-shift.js';
import { dayMs, hourMs, isoUtc } from '../core/time.js';
import type { FeatureTable } from '../features/feature-table.js';
import type { SubstitutedWeather } from './weather.js';

/** substituted hours this close to the issue time make a forecast degraded */
const recentHours = 168;
/** for so long after a change of level its size is still being learned */
const recentShiftDays = 14;

export interface KnownInputs {
  readonly history: History;
  readonly issuedAtMs: number;
  /** hours that values usually arrive late: no reason for alarm */
  readonly reportingDelayHours: number;
}

/**
 * What was missing, late or implausible in the inputs of a forecast, in words; empty where they were whole.
 * @param table null where the history is too short for one
 * @param weather what of the horizon had to be substituted
 */
export function inputReasons(
  inputs: KnownInputs,
  table: FeatureTable | null,
  { substitutedHours, substitutedExtras }: Omit<SubstitutedWeather, 'history'>,
  shifts: readonly LevelShift[] = [],
): string[] {
  if (!table) return ['less than a week of load is known in the last ten weeks'];
  const reasons: string[] = [];
  const horizonHours = horizonOf(inputs.history);
  const firstRow = Math.max(0, table.originIndex - recentHours);
  const lateFromRow = Math.max(firstRow, table.originIndex - inputs.reportingDelayHours);
  const loadHours = count(table.loadImputed.subarray(firstRow, lateFromRow), (one) => one === 1);
  if (loadHours > 0)
    reasons.push(
      `${loadHours} h of load in the last week were missing, late or implausible and were substituted`,
    );
  const temperature = sliceHours(
    inputs.history.temperature,
    table.startMs + firstRow * hourMs,
    table.startMs + lateFromRow * hourMs,
  ).values;
  const temperatureHours = count(temperature, (value) => !Number.isFinite(value));
  if (table.hasTemperature && temperatureHours > 0)
    reasons.push(
      `${temperatureHours} h of temperature in the last week were missing or late and were substituted`,
    );
  for (const { startMs, logRatio } of shifts)
    if (startMs > inputs.issuedAtMs - recentShiftDays * dayMs)
      reasons.push(
        `the level of the load changed by ${(100 * (Math.exp(logRatio) - 1)).toFixed(0)} % at ${isoUtc(startMs)}; the loads before were brought to the new one`,
      );
  if (substitutedHours > 0)
    reasons.push(
      `no temperature forecast for ${substitutedHours} of ${horizonHours} h: climatology stands in; give rows with a temperature after the last load, or coordinates and a network for Open-Meteo`,
    );
  for (const { name } of table.extras) {
    const hours = substitutedExtras[name] ?? 0;
    if (hours > 0)
      reasons.push(
        `${hours} of ${horizonHours} h without "${name}": its usual values stand in; give rows with it after the last load`,
      );
  }
  return reasons;
}

function count(values: Float64Array | Uint8Array, test: (value: number) => boolean): number {
  let n = 0;
  for (const value of values) if (test(value)) n++;
  return n;
}
