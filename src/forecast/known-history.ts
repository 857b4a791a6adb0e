import type { ExtraInput } from '../core/extra-input.js';
import { horizonOf, type History } from '../core/history.js';
import { endMs, sliceHours, type HourlySeries } from '../core/hourly.js';
import { nativeBefore } from '../core/native-load.js';
import { hourMs } from '../core/time.js';

/**
 * What was known at an issue time, cut out of everything known today: the one reader through which a back-test sees
 * its series, so that no forecast can use what came later. Only of further inputs it sees the horizon as it stands: what
 * was forecast of hours that are measured by now is not told apart.
 * @param everything loads and actual temperatures, whole
 * @param issuedAtMs the issue time; loads of hours that end by `issuedAtMs − loadDelayHours` are known
 * @param horizonTemperature temperature of the horizon as a forecast had it; null leaves it unknown
 */
export function knownHistory(
  everything: History,
  issuedAtMs: number,
  loadDelayHours: number,
  horizonTemperature: HourlySeries | null,
): History {
  const loadEndMs = issuedAtMs - loadDelayHours * hourMs;
  const load = sliceHours(
    everything.load,
    everything.load.startMs,
    Math.max(everything.load.startMs, Math.min(endMs(everything.load), loadEndMs)),
  );
  const { extras, native } = everything;
  const untilMs = issuedAtMs + horizonOf(everything) * hourMs;
  return {
    ...everything,
    load,
    ...(native ? { native: nativeBefore(native, loadEndMs) } : {}),
    ...(extras ? { extras: extrasUntil(extras, untilMs) } : {}),
    temperature: withHorizon(everything.temperature, issuedAtMs, untilMs, horizonTemperature),
  };
}

/** Further inputs cut at an instant. */
export function extrasUntil(extras: readonly ExtraInput[], untilMs: number): ExtraInput[] {
  return extras.map(({ name, hourly }) => ({
    name,
    hourly: sliceHours(hourly, hourly.startMs, untilMs),
  }));
}

/** Actual temperature before the issue time, the given one after it. */
function withHorizon(
  actual: HourlySeries,
  issuedAtMs: number,
  untilMs: number,
  horizon: HourlySeries | null,
): HourlySeries {
  const temperature = sliceHours(actual, actual.startMs, Math.max(actual.startMs, untilMs));
  const first = Math.max(0, Math.round((issuedAtMs - temperature.startMs) / hourMs));
  for (let row = first; row < temperature.values.length; row++) {
    const startMs = temperature.startMs + row * hourMs;
    const index = horizon ? Math.round((startMs - horizon.startMs) / hourMs) : -1;
    temperature.values[row] = horizon?.values[index] ?? Number.NaN;
  }
  return temperature;
}
