import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Forecast } from '../src/core/forecast.js';
import type { History } from '../src/core/history.js';
import { endMs, valueAt } from '../src/core/hourly.js';
import { dayMs, hourMs, isoUtc, localInstants } from '../src/core/time.js';
import { backtest } from '../src/evaluate/backtest.js';
import { dailyOrigins, historyBefore, historyCalendar } from '../src/forecast/split-run.js';
import { actualWeather } from '../src/forecast/weather.js';
import { membersByName } from '../src/models/all-members.js';
import { findLevelShifts } from '../src/models/level/level-shifts.js';
import { asText } from './accuracy/leaderboard.js';
import { dataSetOf, readHistory } from './data-sets.js';

/**
 * How soon forecasts follow a lasting change of the load's level: from a day of the year before the test year on, at ten
 * in the morning, all loads are multiplied by a factor; forecasts by models of before, beside those of the load as it was.
 * `npm run benchmark:level-shift -- [--sets vic_elec,gefcom2012,france] [--factors 0.7,1.25] [--day 04-20]
 * [--members additive,prophet,lstm-stacked] [--threads 2] [--json FILE]`
 * With `--alarms` instead: which shifts are told of the loads as they were, on each of the last 700 days.
 */

const { values: options } = parseArgs({
  options: {
    sets: { type: 'string', default: 'vic_elec,gefcom2012,france' },
    factors: { type: 'string', default: '0.7,1.25' },
    day: { type: 'string', default: '04-20' },
    members: { type: 'string', default: 'additive,prophet,lstm-stacked' },
    threads: { type: 'string', default: '2' },
    alarms: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

/** Days after the shift on which forecasts are issued: half-open. */
const spans = [
  [-14, 0],
  [1, 2],
  [2, 3],
  [3, 5],
  [5, 10],
  [10, 20],
  [20, 45],
] as const;

interface Case {
  readonly set: string;
  /** 1: the load as it was */
  readonly factor: number;
  /** MAPE of the blend, and coverage of its 10–90 band, by span */
  readonly mape: readonly number[];
  readonly coverage: readonly number[];
}

if (options.alarms) {
  await printAlarms();
  process.exit();
}

const members = membersByName(options.members.split(','));
const cases: Case[] = [];
for (const key of options.sets.split(',')) {
  const set = dataSetOf(key);
  const everything = await readHistory(set);
  const day = `${set.year - 1}-${options.day}`;
  const [midnightMs = 0] = localInstants(set.zone, day, day);
  for (const factor of [1, ...options.factors.split(',').map(Number)]) {
    const shiftMs = midnightMs + 10 * hourMs;
    const { startMs, values } = everything.load;
    const history = {
      ...everything,
      load: {
        startMs,
        values: values.map((mw, i) => (startMs + i * hourMs >= shiftMs ? factor * mw : mw)),
      },
    };
    const forecasts = await issued(history, midnightMs);
    const figures = spans.map(([from, to]) =>
      scored(
        forecasts.filter(({ issuedAtMs }) => {
          const days = (issuedAtMs - midnightMs) / dayMs;
          return days >= from - 0.1 && days < to - 0.1;
        }),
        history,
      ),
    );
    cases.push({
      set: key,
      factor,
      mape: figures.map(({ mape }) => mape),
      coverage: figures.map(({ coverage }) => coverage),
    });
    console.error(`${key} × ${factor}: ${figures.map(({ mape }) => mape.toFixed(2)).join(' ')}`);
  }
}

console.log(
  asText({
    title: 'MAPE of all 72 hours, %, and coverage of the 10–90 band, by the days after the shift',
    header: [
      '',
      ...spans.map(([from, to]) => (to - from === 1 ? `${from}` : `${from} to ${to - 1}`)),
    ],
    rows: cases.map(({ set, factor, mape, coverage }) => [
      factor === 1 ? `${set} as it was` : `${set} × ${factor}`,
      ...mape.map((value, i) => `${value.toFixed(2)} · ${coverage[i]!.toFixed(0)}`),
    ]),
  }),
);
if (options.json) await writeFile(options.json, `${JSON.stringify({ spans, cases }, null, 2)}\n`);

async function printAlarms(): Promise<void> {
  for (const key of options.sets.split(',')) {
    const set = dataSetOf(key);
    const history = await readHistory(set);
    const calendar = historyCalendar(history);
    const untilMs = endMs(history.load);
    const days = new Map<string, number>();
    let looked = 0;
    for (let atMs = untilMs - 700 * dayMs; atMs <= untilMs; atMs += dayMs) {
      looked++;
      for (const { startMs } of findLevelShifts(historyBefore(history, atMs), calendar)) {
        const start = isoUtc(startMs);
        if (atMs - startMs < 30 * dayMs) days.set(start, (days.get(start) ?? 0) + 1);
      }
    }
    const told = [...days].map(([start, count]) => `${start} on ${count} days`).join(', ');
    console.log(`${key}, ${looked} days: ${told || 'none'}`);
  }
}

/** Forecasts of the midnights around the shift, by models of a fortnight before. */
async function issued(history: History, midnightMs: number): Promise<Forecast[]> {
  const fromMs = midnightMs - 14 * dayMs;
  const { zone } = history.place;
  const forecasts: Forecast[] = [];
  for await (const forecast of backtest({
    seriesId: 'shift',
    history,
    origins: dailyOrigins(zone, fromMs, midnightMs + 48 * dayMs, ['00:00']),
    refitsAtMs: [fromMs],
    weather: actualWeather(history.temperature),
    temperatureSource: 'actual',
    members,
    seed: 1,
    threads: Number(options.threads),
    issueTimes: ['00:00'],
    loadDelayHours: 0,
  }))
    forecasts.push(forecast);
  return forecasts;
}

function scored(
  forecasts: readonly Forecast[],
  { load }: History,
): { readonly mape: number; readonly coverage: number } {
  const hours = forecasts
    .flatMap(({ values }) => values)
    .map(({ startMs, pointMw, quantilesMw }) => {
      const actualMw = valueAt(load, startMs);
      const isInside = actualMw >= quantilesMw[1]! && actualMw <= quantilesMw[5]!;
      return { error: Math.abs(pointMw / actualMw - 1), isInside };
    })
    .filter(({ error }) => Number.isFinite(error));
  return {
    mape: (100 * hours.reduce((sum, { error }) => sum + error, 0)) / hours.length,
    coverage: (100 * hours.filter(({ isInside }) => isInside).length) / hours.length,
  };
}
