import type { Forecast } from './forecast.js';
import { sortedQuantile } from './metrics.js';
import { pathsFromRanks } from './paths.js';
import { hourMs, localDate, plusLocalDays, startOfLocalDay } from './time.js';

/** 10, 50 and 90 % quantile over the paths. */
export type Band = readonly [low: number, middle: number, high: number];

/** What the paths of a forecast say of one local day that lies wholly inside it. */
export interface DayPaths {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly startMs: number;
  /** largest hour, MW */
  readonly peakMw: Band;
  /** hours that may be the peak (the first of equals), the likeliest first */
  readonly peakHours: readonly { readonly startMs: number; readonly probability: number }[];
  /** MWh */
  readonly energyMwh: Band;
  /** largest rise and largest fall over three hours that end on the day, MW */
  readonly rampUpMw: Band;
  readonly rampDownMw: Band;
  /**
   * Probability that the day's peak lies above every load of its calendar month so far and every other day of the month
   * that the forecast holds; null if nothing of the month is known and the forecast holds no other day of it
   */
  readonly monthPeakProbability: number | null;
}

const rampHours = 3;

/**
 * Figures that hours by themselves cannot give.
 * @param ranks as `pathRanks` returns them
 * @param monthPeakMw largest known load of the local month that contains an instant, MW; NaN where none is known
 */
export function dayPaths(
  forecast: Pick<Forecast, 'values'>,
  ranks: Uint8Array,
  zone: string,
  monthPeakMw: (startMs: number) => number,
): DayPaths[] {
  const { values } = forecast;
  const paths = pathsFromRanks(values, ranks);
  const days = wholeDays(forecast, zone);
  const peaks = days.map(({ from, to }) =>
    paths.map((path) => path.subarray(from, to).reduce((a, b) => Math.max(a, b))),
  );
  return days.map(({ date, from, to }, day) => {
    const hoursOfPeaks = paths.map(
      (path, i) => from + path.subarray(from, to).indexOf(peaks[day]![i]!),
    );
    const changes = paths.map((path) =>
      Float64Array.from({ length: to - from }, (_, i) => {
        const at = from + i;
        return at < rampHours ? Number.NaN : path[at]! - path[at - rampHours]!;
      }).filter(Number.isFinite),
    );
    return {
      date,
      startMs: values[from]!.startMs,
      peakMw: band(peaks[day]!),
      peakHours: shares(hoursOfPeaks).map(({ item, share }) => ({
        startMs: values[item]!.startMs,
        probability: share,
      })),
      energyMwh: band(paths.map((path) => path.subarray(from, to).reduce((a, b) => a + b))),
      rampUpMw: band(changes.map((change) => change.reduce((a, b) => Math.max(a, b)))),
      rampDownMw: band(changes.map((change) => change.reduce((a, b) => Math.min(a, b)))),
      monthPeakProbability: monthPeak(days, peaks, day, monthPeakMw(values[from]!.startMs)),
    };
  });
}

interface WholeDay {
  readonly date: string;
  readonly from: number;
  readonly to: number;
}

function wholeDays({ values }: Pick<Forecast, 'values'>, zone: string): WholeDay[] {
  const first = values[0]?.startMs;
  const last = values.at(-1)?.startMs;
  if (first === undefined || last === undefined) return [];
  const index = (instantMs: number): number => Math.round((instantMs - first) / hourMs);
  const days: WholeDay[] = [];
  const today = startOfLocalDay(first, zone);
  for (let startMs = today < first ? plusLocalDays(first, zone, 1) : today; ;) {
    const endMs = plusLocalDays(startMs, zone, 1);
    if (endMs > last + hourMs) return days;
    days.push({ date: localDate(startMs, zone), from: index(startMs), to: index(endMs) });
    startMs = endMs;
  }
}

function monthPeak(
  days: readonly WholeDay[],
  peaks: readonly (readonly number[])[],
  day: number,
  knownMw: number,
): number | null {
  const month = days[day]!.date.slice(0, 7);
  const others = [...days.keys()].filter(
    (other) => other !== day && days[other]!.date.startsWith(month),
  );
  if (!Number.isFinite(knownMw) && others.length === 0) return null;
  const highest = peaks[day]!.filter(
    (peak, path) => !(peak <= knownMw) && others.every((other) => peak > peaks[other]![path]!),
  );
  return highest.length / peaks[day]!.length;
}

function band(values: readonly number[]): Band {
  const ascending = Float64Array.from(values).sort();
  const at = (level: number): number => sortedQuantile(ascending, level);
  return [at(0.1), at(0.5), at(0.9)];
}

/** Each item with its share, the largest first. */
function shares(items: readonly number[]): { readonly item: number; readonly share: number }[] {
  const counts = new Map<number, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts]
    .map(([item, count]) => ({ item, share: count / items.length }))
    .sort((a, b) => b.share - a.share || a.item - b.item);
}
