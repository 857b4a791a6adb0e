import { finiteMean } from '../../src/core/metrics.js';
import { dayMs, localDate, sameClockEarlier } from '../../src/core/time.js';
import { valueAt } from '../../src/core/hourly.js';
import { specialDays } from '../../src/features/special-days.js';
import type { DayHour, StoredYear } from './stored-year.js';

/** A local day with large errors on its first lead day, and what was out of the ordinary about it. */
export interface WorstDay {
  readonly date: string;
  readonly weekday: string;
  readonly mape: number;
  /** mean of forecast / actual − 1, % */
  readonly biasPct: number;
  /** °C, mean of the day, and what it differs from the mean of the seven days before */
  readonly temperatureC: number;
  readonly temperatureChangeC: number;
  /** mean load beside the same weekday of the week before, % */
  readonly loadChangePct: number;
  /** MAPE of each member */
  readonly members: Readonly<Record<string, number>>;
  readonly remarks: readonly string[];
}

const days = 10;
const unusualTemperatureC = 5;
const unusualLoadPct = 10;

/** The ten days with the largest error on their first lead day, the worst first. */
export function worstDays(year: StoredYear, blend: readonly DayHour[][]): WorstDay[] {
  const { zone } = year.run.set;
  const scored = blend.map((hours, i) => {
    const first = hours.filter((hour) => hour.day === 1 && Number.isFinite(hour.actualMw));
    return { i, hours: first, mape: mapeOf(first, (hour) => hour.forecastMw) };
  });
  const worst = scored
    .filter(({ hours, mape }) => hours.length >= 12 && Number.isFinite(mape))
    .sort((a, b) => b.mape - a.mape)
    .slice(0, days);
  const special = specialDays(year.history.place, {
    startMs: year.forecasts[0]!.issuedAtMs - 3 * dayMs,
    endMs: year.forecasts.at(-1)!.issuedAtMs + 6 * dayMs,
  });
  return worst.map(({ i, hours, mape }) => {
    const forecast = year.forecasts[i]!;
    const date = localDate(hours[Math.floor(hours.length / 2)]!.startMs, zone);
    const members = Object.fromEntries(
      year.members.map((name) => [
        name,
        mapeOf(hours, ({ leadHours }) => forecast.memberMw[name]![leadHours]!),
      ]),
    );
    const temperatureC = finiteMean(hours.map((hour) => hour.temperatureC));
    const before = Array.from({ length: 7 * 24 }, (_, hour) =>
      valueAt(year.history.temperature, hours[0]!.startMs - (hour + 1) * (dayMs / 24)),
    );
    const weekAgo = hours.map(({ startMs }) =>
      valueAt(year.history.load, sameClockEarlier(startMs, zone, 7)),
    );
    const load = finiteMean(hours.map((hour) => hour.actualMw));
    const facts = {
      date,
      weekday: new Date(date).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' }),
      mape,
      biasPct: 100 * finiteMean(hours.map((hour) => hour.forecastMw / hour.actualMw - 1)),
      temperatureC,
      temperatureChangeC: temperatureC - finiteMean(before),
      loadChangePct: 100 * (load / finiteMean(weekAgo) - 1),
      members,
    };
    const named = [-1, 0, 1].flatMap((shift) => {
      const at = new Date(Date.parse(date) + shift * dayMs).toISOString().slice(0, 10);
      const when = shift === 0 ? '' : shift < 0 ? 'after ' : 'before ';
      return special
        .filter((day) => day.date === at)
        .map((day) => `${when}${day.names[0] ?? day.kind}`);
    });
    return { ...facts, remarks: [...named, ...remarksOn(facts)] };
  });
}

function remarksOn(day: Omit<WorstDay, 'remarks'>): string[] {
  const remarks: string[] = [];
  if (Math.abs(day.temperatureChangeC) >= unusualTemperatureC)
    remarks.push(
      `${Math.abs(day.temperatureChangeC).toFixed(0)} °C ${day.temperatureChangeC > 0 ? 'warmer' : 'colder'} than the week before`,
    );
  if (Math.abs(day.loadChangePct) >= unusualLoadPct)
    remarks.push(
      `load ${Math.abs(day.loadChangePct).toFixed(0)} % ${day.loadChangePct > 0 ? 'above' : 'below'} a week ago`,
    );
  const modelled = Object.entries(day.members).filter(
    ([name, mape]) => name !== 'naive' && Number.isFinite(mape),
  );
  const best = Math.min(...modelled.map(([, mape]) => mape));
  if (best > 0.75 * day.mape) remarks.push('no member saw it');
  else {
    const [name = ''] = modelled.find(([, mape]) => mape === best) ?? [];
    remarks.push(`${name} came nearest, ${best.toFixed(1)} %`);
  }
  return remarks;
}

function mapeOf(hours: readonly DayHour[], forecastMw: (hour: DayHour) => number): number {
  return 100 * finiteMean(hours.map((hour) => Math.abs(forecastMw(hour) / hour.actualMw - 1)));
}
