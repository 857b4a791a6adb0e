import type { Forecast, ForecastValue } from '../core/forecast.js';
import { valueAt, type HourlySeries } from '../core/hourly.js';
import { dayPaths, type DayPaths } from '../core/outlook.js';
import { contains, hourMs } from '../core/time.js';
import { localDays } from './local-labels.js';

/** The key numbers of one local day of the horizon. A day that the horizon cuts is not `whole`. */
export interface DayOutlook {
  readonly startMs: number;
  readonly endMs: number;
  readonly whole: boolean;
  readonly hours: number;
  readonly peak: HourValue;
  /** 10 % and 90 % quantile of the day's peak, MW; without paths, of the peak hour */
  readonly peakBandMw: readonly [number, number];
  /** what the paths say; null for a day that the horizon cuts, and without paths */
  readonly paths: DayPaths | null;
  readonly lowest: HourValue;
  readonly energyMwh: number;
  /** what came, where every hour of the day is known by now; else null */
  readonly actual: { readonly peak: HourValue; readonly energyMwh: number } | null;
}

export interface HourValue {
  readonly startMs: number;
  readonly mw: number;
}

/** @param actual load of the horizon where known, or null */
export function dayOutlooks(
  forecast: Forecast,
  actual: HourlySeries | null,
  zone: string,
): DayOutlook[] {
  const known = forecast.pathRanks
    ? dayPaths(forecast, forecast.pathRanks, zone, () => Number.NaN)
    : [];
  const end = (forecast.values.at(-1)?.startMs ?? forecast.issuedAtMs) + hourMs;
  return localDays(forecast.values[0]?.startMs ?? end, end, zone).flatMap((day) => {
    const values = forecast.values.filter((value) => contains(day, value.startMs));
    const peakValue = values.reduce<ForecastValue | null>(
      (best, value) => (best === null || value.pointMw > best.pointMw ? value : best),
      null,
    );
    if (!peakValue) return [];
    const paths = known.find(({ startMs }) => startMs === day.startMs) ?? null;
    const points = values.map((value) => ({ startMs: value.startMs, mw: value.pointMw }));
    return [
      {
        startMs: day.startMs,
        endMs: day.endMs,
        whole: day.whole,
        hours: values.length,
        peak: { startMs: peakValue.startMs, mw: peakValue.pointMw },
        peakBandMw: paths
          ? ([paths.peakMw[0], paths.peakMw[2]] as const)
          : ([
              peakValue.quantilesMw[1] ?? Number.NaN,
              peakValue.quantilesMw[5] ?? Number.NaN,
            ] as const),
        paths,
        lowest: extreme(points, -1),
        energyMwh: energy(points),
        actual: actual && actualOf(points, actual),
      },
    ];
  });
}

function actualOf(
  points: readonly HourValue[],
  actual: HourlySeries,
): { peak: HourValue; energyMwh: number } | null {
  const came = points.map(({ startMs }) => ({ startMs, mw: valueAt(actual, startMs) }));
  if (!came.every((hour) => Number.isFinite(hour.mw))) return null;
  return { peak: extreme(came, 1), energyMwh: energy(came) };
}

/** @param sign 1 for the highest, −1 for the lowest; the earliest of equals */
function extreme(points: readonly HourValue[], sign: 1 | -1): HourValue {
  return points.reduce((best, point) => (sign * point.mw > sign * best.mw ? point : best));
}

/** Each value is the mean of one hour, so MW add up to MWh. */
function energy(points: readonly HourValue[]): number {
  return points.reduce((sum, point) => sum + point.mw, 0);
}
