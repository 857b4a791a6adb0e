import type { InputNoise } from '../../neural/input-noise.js';

/**
 * What noise on each hour's load and temperature does to each input, in the order of `lstmColumns` and `fillSample`:
 * a mean over n hours sees 1 / √n of it, the calendar none. Each input is drawn by itself: that inputs which share hours
 * would err together is left out.
 * @param loadNoise        standard deviation, in z-scores of log load
 * @param temperatureNoise the same in z-scores of temperature; of no effect without temperature
 * @param added inputs besides those of the recipe: they have no noise either
 * @param isStacked nor have those of a base
 * @returns null if neither is above 0
 */
export function inputNoise(
  loadNoise: number,
  temperatureNoise: number,
  hasTemperature: boolean,
  added = 0,
  isStacked = false,
): InputNoise | null {
  if (loadNoise <= 0 && temperatureNoise <= 0) return null;
  const load = (hours: number): number => loadNoise / Math.sqrt(hours);
  const temperature = (...hours: readonly number[]): number[] =>
    hasTemperature ? hours.map((n) => temperatureNoise / Math.sqrt(n)) : [];
  return {
    // load, temperatures; hour of the day, weekend, holiday, what is added
    encoder: [load(1), ...temperature(1, 24, 72), ...none(4 + added + (isStacked ? 1 : 0))],
    decoder: [
      // temperatures; hour of the day, weekday, holidays, what is added, lead
      ...temperature(1, 24, 72),
      ...none(4 + 7 + 4 + added + 1),
      // lags of three days and a week, mean of seven days
      ...[1, 1, 1, 1, 7].map(load),
      ...temperature(1, 1),
      // means of a day and a week, last hour
      ...[24, 168, 1].map(load),
      ...none(isStacked ? 6 : 0),
    ],
  };
}

function none(features: number): number[] {
  return Array.from({ length: features }, () => 0);
}
