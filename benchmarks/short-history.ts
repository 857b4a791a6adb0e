import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { sliceHours, endMs } from '../src/core/hourly.js';
import type { Forecast } from '../src/core/forecast.js';
import { hourMs, localInstants } from '../src/core/time.js';
import { accuracyByLead, blendColumn, memberColumn } from '../src/evaluate/accuracy-by-lead.js';
import { backtest } from '../src/evaluate/backtest.js';
import { dailyOrigins } from '../src/forecast/split-run.js';
import { actualWeather } from '../src/forecast/weather.js';
import { membersByName } from '../src/models/all-members.js';
import { asText } from './accuracy/leaderboard.js';
import { dataSetOf, readHistory } from './data-sets.js';

/**
 * How good the blend is on a new series: trained on the last weeks before a day of the year before the test year, and
 * nothing else, then 28 midnight forecasts with weights learned as they come in; the temperature as it came.
 * `npm run benchmark:short-history -- [--sets vic_elec,gefcom2012,france] [--weeks 8,26,52] [--months 03,09]
 * [--members all] [--threads 2] [--json FILE]`
 */

const { values: options } = parseArgs({
  options: {
    sets: { type: 'string', default: 'vic_elec,gefcom2012,france' },
    weeks: { type: 'string', default: '8,26,52' },
    months: { type: 'string', default: '03,09' },
    members: { type: 'string', default: 'all' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});

interface Case {
  readonly set: string;
  readonly weeks: number;
  readonly firstDay: string;
  /** MAPE of all 72 hours by column */
  readonly mape: Readonly<Record<string, number>>;
}

const members = membersByName(options.members.split(','));
const cases: Case[] = [];
for (const key of options.sets.split(',')) {
  const set = dataSetOf(key);
  const everything = await readHistory(set);
  for (const weeks of options.weeks.split(',').map(Number))
    for (const month of options.months.split(',')) {
      const firstDay = `${set.year - 1}-${month}-01`;
      const [startMs = 0] = localInstants(set.zone, firstDay, firstDay);
      const fromMs = startMs - weeks * 168 * hourMs;
      const { load, temperature } = everything;
      const history = {
        ...everything,
        load: sliceHours(load, fromMs, endMs(load)),
        temperature: sliceHours(temperature, fromMs, endMs(temperature)),
      };
      const forecasts: Forecast[] = [];
      const issued = backtest({
        seriesId: key,
        history,
        origins: dailyOrigins(set.zone, startMs, startMs + 31 * 24 * hourMs, ['00:00']),
        refitsAtMs: [startMs],
        weather: actualWeather(temperature),
        temperatureSource: 'actual',
        members,
        seed: 1,
        threads: Number(options.threads),
        issueTimes: ['00:00'],
        loadDelayHours: 0,
      });
      for await (const forecast of issued) forecasts.push(forecast);
      const mapeOf = (column: Parameters<typeof accuracyByLead>[2]): number =>
        accuracyByLead(forecasts, load, column).all.mape;
      const mape = {
        blend: mapeOf(blendColumn),
        ...Object.fromEntries(members.map(({ name }) => [name, mapeOf(memberColumn(name))])),
      };
      cases.push({ set: key, weeks, firstDay, mape });
      console.error(`${key}, ${weeks} weeks before ${firstDay}: ${mape.blend.toFixed(2)} %`);
    }
}

const columns = ['blend', ...members.map(({ name }) => name)];
const means = [...new Set(cases.map(({ weeks }) => weeks))].map((weeks) => {
  const own = cases.filter((each) => each.weeks === weeks);
  const mean = (name: string): number =>
    own.reduce((sum, { mape }) => sum + (mape[name] ?? Number.NaN), 0) / own.length;
  return [`mean, ${weeks} weeks`, ...columns.map((name) => mean(name).toFixed(2))];
});
console.log(
  asText({
    title: 'MAPE of all 72 hours, %',
    header: ['', ...columns],
    rows: [
      ...cases.map(({ set, weeks, firstDay, mape }) => [
        `${set} ${firstDay}, ${weeks} weeks`,
        ...columns.map((name) => (mape[name] ?? Number.NaN).toFixed(2)),
      ]),
      ...means,
    ],
  }),
);
if (options.json) await writeFile(options.json, `${JSON.stringify({ cases }, null, 2)}\n`);
