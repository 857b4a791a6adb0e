import { gunzipSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { quantileLevels } from '../../src/core/forecast.js';
import { usualHorizonHours as horizonHours } from '../../src/core/horizon.js';
import type { History } from '../../src/core/history.js';
import { endMs, sliceHours, valueAt } from '../../src/core/hourly.js';
import { hourMs, localDate, plusLocalDays } from '../../src/core/time.js';
import {
  scorePastForecasts,
  type PastForecast,
  type ScoredForecast,
} from '../../src/ensemble/past-forecast.js';
import type { ScoredHour } from '../../src/evaluate/breakdown.js';
import { seasonalNaive } from '../../src/evaluate/seasonal-naive.js';
import { trackRecord } from '../../src/forecast/track-record.js';
import { readHistory } from '../data-sets.js';
import type { DoneRun, Procedure } from './runs.js';

/** A forecast of a back-test as its file has it. */
export interface StoredForecast extends PastForecast {
  /** row-major, shape (horizon, 7) */
  readonly quantilesMw: Float64Array;
  /** of each member by lead day */
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

/** A year of forecasts with what came. */
export interface StoredYear {
  readonly run: DoneRun;
  readonly history: History;
  readonly forecasts: readonly StoredForecast[];
  readonly members: readonly string[];
  /** for each forecast the ones before it, scored with what was known at its issue time */
  readonly pasts: readonly (readonly ScoredForecast[])[];
}

export async function readStoredYear(run: DoneRun): Promise<StoredYear> {
  const [header = '', ...lines] = gunzipSync(await readFile(run.forecasts))
    .toString()
    .trim()
    .split('\n');
  const names = header.split(',');
  const members = names.flatMap((name) => /^member_(.+)_mw$/.exec(name)?.[1] ?? []);
  const rows = lines.map((line) => line.split(','));
  const column = (name: string, of: readonly string[][]): Float64Array => {
    const at = names.indexOf(name);
    return Float64Array.from(of, (cells) => (cells[at] === '' ? Number.NaN : Number(cells[at])));
  };
  const forecasts = Array.from({ length: rows.length / horizonHours }, (_, i): StoredForecast => {
    const own = rows.slice(i * horizonHours, (i + 1) * horizonHours);
    const quantiles = quantileLevels.map((level) => column(`q${level}`, own));
    const weightOf = (name: string): number[] => {
      const weights = column(`weight_${name}`, own);
      return [0, 24, 48].map((lead) => weights[lead]!);
    };
    return {
      issuedAtMs: Date.parse(own[0]![names.indexOf('issued_at')]!),
      blendMw: column('forecast_mw', own),
      memberMw: Object.fromEntries(members.map((name) => [name, column(`member_${name}_mw`, own)])),
      quantilesMw: Float64Array.from({ length: horizonHours * quantileLevels.length }, (__, k) => {
        const lead = Math.floor(k / quantileLevels.length);
        return quantiles[k % quantileLevels.length]![lead]!;
      }),
      weights: Object.fromEntries(members.map((name) => [name, weightOf(name)])),
    };
  });
  const history = await readHistory(run.set);
  return { run, history, forecasts, members, pasts: pastsOf(run, history, forecasts) };
}

/** Weights and quantiles look back no further. */
const memoryForecasts = 220;

function pastsOf(
  run: DoneRun,
  { load }: History,
  forecasts: readonly StoredForecast[],
): ScoredForecast[][] {
  return forecasts.map(({ issuedAtMs }, i) => {
    const untilMs = Math.min(endMs(load), issuedAtMs - loadDelayMs(run));
    const earlier = forecasts.slice(Math.max(0, i - memoryForecasts), i);
    return scorePastForecasts(
      trackRecord([], earlier, issuedAtMs),
      sliceHours(load, load.startMs, untilMs),
    );
  });
}

/** How late loads are at the desk. */
function loadDelayMs({ procedure }: DoneRun): number {
  return procedure === 'midnight' ? 0 : hourMs;
}

/** A column of forecasts that is compared: points of each forecast, and quantiles where it has them. */
export interface ForecastColumn {
  /** MW, one for each forecast of the year, shape (horizon,) */
  readonly pointsMw: readonly Float64Array[];
  readonly quantilesMw: readonly Float64Array[] | null;
}

export function blendOf({ forecasts }: StoredYear): ForecastColumn {
  return {
    pointsMw: forecasts.map((forecast) => forecast.blendMw),
    quantilesMw: forecasts.map((forecast) => forecast.quantilesMw),
  };
}

export function memberOf({ forecasts }: StoredYear, name: string): ForecastColumn {
  return { pointsMw: forecasts.map(({ memberMw }) => memberMw[name]!), quantilesMw: null };
}

/** Same local hour a week ago, from what was known. */
export function naiveOf({ forecasts, history, run }: StoredYear): ForecastColumn {
  const pointsMw = forecasts.map(({ issuedAtMs }) => {
    const values = Array.from({ length: horizonHours }, (_, lead) => ({
      startMs: issuedAtMs + lead * hourMs,
    }));
    const asked = { issuedAtMs, dataCutoffMs: issuedAtMs - loadDelayMs(run), values };
    return seasonalNaive(history.load, run.set.zone, asked);
  });
  return { pointsMw, quantilesMw: null };
}

/** A scored hour with the day that it counts for: lead day 1–3, at the desk day 1 for D+1 and 2 for D+2. */
export interface DayHour extends ScoredHour {
  readonly day: number;
}

/** The hours of each forecast that the procedure scores. */
export function scoredHours(year: StoredYear, column: ForecastColumn): DayHour[][] {
  const { history, forecasts, run } = year;
  const levels = quantileLevels.length;
  return forecasts.map(({ issuedAtMs }, i) => {
    const dayOf = dayCounter(issuedAtMs, run.procedure, run.set.zone);
    return Array.from({ length: horizonHours }, (_, leadHours) => leadHours).flatMap(
      (leadHours): DayHour[] => {
        const startMs = issuedAtMs + leadHours * hourMs;
        const day = dayOf(leadHours, startMs);
        if (day === null) return [];
        const quantiles = column.quantilesMw?.[i]?.subarray(
          leadHours * levels,
          (leadHours + 1) * levels,
        );
        return [
          {
            startMs,
            leadHours,
            day,
            actualMw: valueAt(history.load, startMs),
            forecastMw: column.pointsMw[i]![leadHours]!,
            quantilesMw: quantiles ? [...quantiles] : null,
            temperatureC: valueAt(history.temperature, startMs),
          },
        ];
      },
    );
  });
}

function dayCounter(
  issuedAtMs: number,
  procedure: Procedure,
  zone: string,
): (leadHours: number, startMs: number) => number | null {
  if (procedure === 'midnight') return (leadHours) => Math.floor(leadHours / 24) + 1;
  const days = [1, 2].map((n) => localDate(plusLocalDays(issuedAtMs, zone, n), zone));
  return (_, startMs) => {
    const day = days.indexOf(localDate(startMs, zone)) + 1;
    return day === 0 ? null : day;
  };
}
