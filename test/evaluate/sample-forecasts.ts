import type { Forecast, ForecastValue } from '../../src/core/forecast.js';
import { hourMs } from '../../src/core/time.js';

/** A forecast of the given points; its quantiles stand 5, 10, 20 % around them. */
export function sampleForecast(
  issuedAtMs: number,
  pointMw: (lead: number, startMs: number) => number,
  changes: Partial<Forecast> & {
    readonly memberMw?: (lead: number) => Readonly<Record<string, number | null>>;
    readonly quantilesMw?: (point: number, lead: number) => readonly number[];
  } = {},
): Forecast {
  const { memberMw, quantilesMw, ...rest } = changes;
  const values = Array.from({ length: 72 }, (_, leadHours): ForecastValue => {
    const startMs = issuedAtMs + leadHours * hourMs;
    const point = pointMw(leadHours, startMs);
    return {
      startMs,
      leadHours,
      pointMw: point,
      quantilesMw:
        quantilesMw?.(point, leadHours) ??
        [0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2].map((factor) => factor * point),
      memberMw: memberMw?.(leadHours) ?? {},
      memberWeight: {},
      temperatureC: null,
      quality: 'full',
    };
  });
  return {
    id: `sample-${issuedAtMs}`,
    seriesId: 'sample',
    issuedAtMs,
    createdAtMs: issuedAtMs,
    kind: 'replay',
    quality: 'full',
    reason: null,
    dataCutoffMs: issuedAtMs,
    temperatureSource: 'actual',
    bundleId: null,
    members: [],
    values,
    ...rest,
  };
}
