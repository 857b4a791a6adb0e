import type { NativeLoad } from '../core/native-load.js';
import type { Reading } from '../core/reading.js';
import { intervalMeans } from './hourly-means.js';

/** Length of the intervals that loads of a resolution are forecast in: 15 or 30 minutes, else hours. */
export function forecastMinutes(resolutionMinutes: number): 15 | 30 | 60 {
  if (15 % resolutionMinutes === 0) return 15;
  return 30 % resolutionMinutes === 0 ? 30 : 60;
}

/**
 * Loads on the grid that they are forecast on. Readings of longer intervals, as from before a series became finer, say
 * nothing of the course within the hour and are left out.
 * @param phaseMs where hours begin within the UTC hour
 * @param resolutionMinutes of the series
 * @returns null where forecasts are of hours
 */
export function nativeLoad(
  readings: readonly Reading[],
  phaseMs: number,
  resolutionMinutes: number,
): NativeLoad | null {
  const minutes = forecastMinutes(resolutionMinutes);
  const fine = minutes === 60 ? [] : readings.filter((reading) => reading.minutes <= minutes);
  if (fine.length === 0) return null;
  const { startMs, values } = intervalMeans(fine, phaseMs, minutes * 60_000);
  return { startMs, minutes, values };
}
