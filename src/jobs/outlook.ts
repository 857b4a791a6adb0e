import { LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import { dayPaths, type DayPaths } from '../core/outlook.js';
import { hourPhaseMs, localDate, localInstants } from '../core/time.js';
import { hourlyMeans } from '../ingest/hourly-means.js';
import type { Series, Store } from '../store/store.js';
import { withoutMarked } from './quality/apply-marks.js';

/**
 * What the paths of a forecast say of its whole local days: peaks, energy, ramps, and whether a day may hold the peak of
 * its month.
 * @throws {LoadcastError} NOT_FOUND for a forecast of before there were paths
 */
export async function outlookOf(
  store: Store,
  series: Series,
  forecast: Forecast,
): Promise<DayPaths[]> {
  const { pathRanks, values, dataCutoffMs } = forecast;
  if (!pathRanks)
    throw new LoadcastError(
      'NOT_FOUND',
      `Forecast "${forecast.id}" was made before forecasts had paths; issue one anew with \`loadcast forecast\`.`,
    );
  const { zone } = series.place;
  const months = new Set(values.map(({ startMs }) => monthOf(startMs, zone)));
  const peaks = new Map<string, number>();
  for (const month of months)
    peaks.set(month, await peakSince(store, series, firstInstant(month, zone), dataCutoffMs));
  return dayPaths(
    forecast,
    pathRanks,
    zone,
    (startMs) => peaks.get(monthOf(startMs, zone)) ?? Number.NaN,
  );
}

/** Largest hour without those that are taken for faults, MW; NaN if none is known. */
async function peakSince(
  store: Store,
  series: Series,
  startMs: number,
  endMs: number,
): Promise<number> {
  if (endMs <= startMs) return Number.NaN;
  const interval = { startMs, endMs };
  const [readings, marks] = await Promise.all([
    store.readLoad(series.id, { interval }),
    store.listLoadMarks(series.id, { interval }),
  ]);
  const { hourly } = hourlyMeans(readings, hourPhaseMs(series.place.zone, startMs));
  const known = withoutMarked(hourly, marks).values.filter(Number.isFinite);
  return known.length > 0 ? known.reduce((a, b) => Math.max(a, b)) : Number.NaN;
}

/** `YYYY-MM` */
function monthOf(instantMs: number, zone: string): string {
  return localDate(instantMs, zone).slice(0, 7);
}

function firstInstant(month: string, zone: string): number {
  const [instantMs = Number.NaN] = localInstants(zone, `${month}-01`, `${month}-01`);
  return instantMs;
}
