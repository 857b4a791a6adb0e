/** Whether forecasts are as fine as the loads are, as far as half and quarter hours go, or of hours. */
export const resolutions = ['native', 'hourly'] as const;
export type Resolution = (typeof resolutions)[number];

/**
 * Load at a resolution finer than an hour: index i covers `[startMs + i × minutes, …)`; NaN = missing. It starts with an
 * hour of the hour grid.
 */
export interface NativeLoad {
  readonly startMs: number;
  /** length of an interval: 15 or 30 */
  readonly minutes: number;
  /** MW, mean of the interval */
  readonly values: Float64Array;
}

/** Load of the interval that starts at `instantMs`; NaN outside the series. */
export function nativeAt({ startMs, minutes, values }: NativeLoad, instantMs: number): number {
  return values[Math.round((instantMs - startMs) / (minutes * 60_000))] ?? Number.NaN;
}

/** What was measured before an instant; shares its memory. */
export function nativeBefore(native: NativeLoad, untilMs: number): NativeLoad {
  const { startMs, minutes, values } = native;
  const length = Math.max(0, Math.floor((untilMs - startMs) / (minutes * 60_000)));
  return { ...native, values: values.subarray(0, length) };
}
