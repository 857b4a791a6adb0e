import { quantileLevels } from '../../src/core/forecast.js';
import { endMs, valueAt } from '../../src/core/hourly.js';
import { loadScaleOf } from '../../src/core/load-scale.js';
import { dayPaths, type Band } from '../../src/core/outlook.js';
import { hourMs } from '../../src/core/time.js';
import { pathRanks } from '../../src/ensemble/path-ranks.js';
import type { StoredForecast, StoredYear } from './stored-year.js';

/** How often what came lay inside the paths' band from 0.1 to 0.9, % of the whole local days of all forecasts. */
export interface PathFigures {
  readonly days: number;
  readonly peak: number;
  readonly energy: number;
  readonly rampUp: number;
  readonly rampDown: number;
  /** probability that the paths gave the hour that was the peak, mean, % */
  readonly peakHour: number;
  /** the same if each hour of the day were as likely as the next */
  readonly peakHourByChance: number;
}

const learningForecasts = 60;

/** The paths of the year's forecasts, made anew from what was known at each issue time. */
export function pathFigures({ forecasts, history, run, pasts }: StoredYear): PathFigures {
  const scale = loadScaleOf(history.load.values);
  const counts = { days: 0, peak: 0, energy: 0, rampUp: 0, rampDown: 0, peakHour: 0, chance: 0 };
  for (const [i, forecast] of forecasts.entries()) {
    if (i < learningForecasts) continue;
    const ranks = pathRanks(forecast, pasts[i]!, scale, [run.set.key, forecast.issuedAtMs]);
    const days = dayPaths({ values: valuesOf(forecast) }, ranks, run.set.zone, () => Number.NaN);
    for (const [d, day] of days.entries()) {
      const until = days[d + 1]?.startMs ?? forecast.issuedAtMs + 72 * hourMs;
      const hours = Math.round((Math.min(until, endMs(history.load)) - day.startMs) / hourMs);
      const at = (hour: number): number => valueAt(history.load, day.startMs + hour * hourMs);
      const load = Array.from({ length: Math.min(hours, 25) }, (_, hour) => at(hour));
      if (!load.every(Number.isFinite) || load.length === 0) continue;
      const changes = load.map((mw, hour) => mw - at(hour - 3)).slice(d === 0 ? 3 : 0);
      counts.days++;
      const peak = Math.max(...load);
      const energy = load.reduce((sum, mw) => sum + mw, 0);
      counts.peak += holds(day.peakMw, peak);
      counts.energy += holds(day.energyMwh, energy);
      counts.rampUp += holds(day.rampUpMw, Math.max(...changes));
      counts.rampDown += holds(day.rampDownMw, Math.min(...changes));
      const peakMs = day.startMs + load.indexOf(peak) * hourMs;
      counts.peakHour += day.peakHours.find(({ startMs }) => startMs === peakMs)?.probability ?? 0;
      counts.chance += 1 / load.length;
    }
  }
  const share = (count: number): number => (100 * count) / counts.days;
  return {
    days: counts.days,
    peak: share(counts.peak),
    energy: share(counts.energy),
    rampUp: share(counts.rampUp),
    rampDown: share(counts.rampDown),
    peakHour: share(counts.peakHour),
    peakHourByChance: share(counts.chance),
  };
}

function holds([low, , high]: Band, value: number): number {
  return value >= low && value <= high ? 1 : 0;
}

function valuesOf({ issuedAtMs, blendMw, quantilesMw }: StoredForecast) {
  const levels = quantileLevels.length;
  return Array.from(blendMw, (pointMw, lead) => ({
    startMs: issuedAtMs + lead * hourMs,
    leadHours: lead,
    pointMw,
    quantilesMw: [...quantilesMw.subarray(lead * levels, (lead + 1) * levels)],
    memberMw: {},
    memberWeight: {},
    temperatureC: null,
    quality: 'full' as const,
  }));
}
