import type { Forecast, ForecastValue } from '../core/forecast.js';
import { valueAt, type HourlySeries } from '../core/hourly.js';
import { sameClockEarlier } from '../core/time.js';

const weeksBack = 8;

/**
 * The baseline of every comparison: same local clock hour 7 days before, further weeks back where that is missing or
 * was not yet known.
 * @returns aligned with the forecast's values, MW; NaN where eight weeks hold nothing
 */
export function seasonalNaive(
  load: HourlySeries,
  zone: string,
  forecast: Pick<Forecast, 'issuedAtMs' | 'dataCutoffMs'> & {
    readonly values: readonly Pick<ForecastValue, 'startMs'>[];
  },
): Float64Array {
  return Float64Array.from(forecast.values, ({ startMs }) => {
    for (let week = 1; week <= weeksBack; week++) {
      const earlierMs = sameClockEarlier(startMs, zone, 7 * week);
      if (earlierMs >= forecast.dataCutoffMs) continue;
      const value = valueAt(load, earlierMs);
      if (Number.isFinite(value)) return value;
    }
    return Number.NaN;
  });
}
