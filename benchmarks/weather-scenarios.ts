import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Forecast } from '../src/core/forecast.js';
import type { History } from '../src/core/history.js';
import { sliceHours, valueAt } from '../src/core/hourly.js';
import { accuracy, finiteMean } from '../src/core/metrics.js';
import { createRandom } from '../src/core/random.js';
import { hourMs, localInstants } from '../src/core/time.js';
import { backtest } from '../src/evaluate/backtest.js';
import { dailyOrigins } from '../src/forecast/split-run.js';
import type { ScenarioReader } from '../src/forecast/weather-scenarios.js';
import { membersByName } from '../src/models/all-members.js';
import { asText } from './accuracy/leaderboard.js';
import { dataSetOf, readHistory } from './data-sets.js';

/**
 * What an ensemble of weather forecasts brings to the bands, on the year before the test year. No real ensembles of those
 * years are at hand: eight members are made whose errors are as large as what they are averaged over turns out to be off,
 * and that is more on some days than on others. Without the members the bands know nothing of that.
 * `npm run benchmark:weather-scenarios -- [--sets vic_elec,france] [--members additive,prophet] [--json FILE]`
 */

const { values: options } = parseArgs({
  options: {
    sets: { type: 'string', default: 'vic_elec,france' },
    members: { type: 'string', default: 'additive,prophet' },
    json: { type: 'string' },
  },
});

const ensembleMembers = 8;
const correlation = 0.95;
/** °C on lead day 1, 2, 3, on a day as sure as usual */
const deviationC = [0.9, 1.3, 1.8];
/** of the log of how unsure days are */
const volatility = 0.7;
/** forecasts that bands learn from first */
const learning = 60;

const cases: { readonly name: string; readonly columns: readonly string[] }[] = [];
for (const key of options.sets.split(',')) {
  const set = dataSetOf(key);
  const history = await readHistory(set);
  const scenarios = ensembleOf(history);
  for (const isUsed of [false, true]) {
    const forecasts = await issued(history, set.year - 1, scenarios, isUsed);
    const scored = forecasts.slice(learning);
    const byDoubt = [...scored].sort((a, b) => doubtOf(a) - doubtOf(b));
    const third = Math.ceil(byDoubt.length / 3);
    const parts = [0, 1, 2].map((part) => byDoubt.slice(part * third, (part + 1) * third));
    cases.push({
      name: `${key} ${isUsed ? 'with' : 'without'} the members`,
      columns: [scored, ...parts].map((part) => {
        const { pinballPct, coverage1090 } = figures(part, history);
        return `${pinballPct.toFixed(4)} · ${coverage1090.toFixed(1)}`;
      }),
    });
    console.error(`${cases.at(-1)?.name}: ${cases.at(-1)?.columns.join('  ')}`);
  }
}
console.log(
  asText({
    title: 'Pinball loss, % of mean load, and coverage of the 10–90 band',
    header: ['', 'all days', 'surest third', 'middle third', 'least sure third'],
    rows: cases.map(({ name, columns }) => [name, ...columns]),
  }),
);
if (options.json) await writeFile(options.json, `${JSON.stringify({ cases }, null, 2)}\n`);

/** How unsure the weather of an issue time is; 1 as usual. */
function doubtOf({ issuedAtMs }: Pick<Forecast, 'issuedAtMs'>): number {
  return Math.exp(volatility * createRandom('doubt', issuedAtMs).normal());
}

function ensembleOf({ temperature }: History): ScenarioReader {
  return (issuedAtMs) => {
    const doubt = doubtOf({ issuedAtMs });
    const random = createRandom('ensemble', issuedAtMs);
    const noise = (): Float64Array => {
      let state = random.normal();
      return Float64Array.from({ length: 72 }, (_, lead) => {
        state = correlation * state + Math.sqrt(1 - correlation ** 2) * random.normal();
        return state * doubt * deviationC[Math.floor(lead / 24)]!;
      });
    };
    const actual = sliceHours(temperature, issuedAtMs, issuedAtMs + 72 * hourMs).values;
    const centre = noise();
    return Array.from({ length: ensembleMembers }, () =>
      noise().map((error, lead) => actual[lead]! + centre[lead]! + error),
    );
  };
}

async function issued(
  history: History,
  year: number,
  scenarios: ScenarioReader,
  isUsed: boolean,
): Promise<Forecast[]> {
  const { zone } = history.place;
  const [fromMs = 0] = localInstants(zone, `${year}-01-01`, `${year}-01-01`);
  const [untilMs = 0] = localInstants(zone, `${year + 1}-01-01`, `${year + 1}-01-01`);
  const forecasts: Forecast[] = [];
  for await (const forecast of backtest({
    seriesId: 'ensemble',
    history,
    origins: dailyOrigins(zone, fromMs, untilMs, ['00:00']),
    refitsAtMs: [fromMs],
    weather: (issuedAtMs) => {
      const members = scenarios(issuedAtMs);
      const values = Float64Array.from({ length: 72 }, (_, lead) =>
        finiteMean(members.map((member) => member[lead]!)),
      );
      return { startMs: issuedAtMs, values };
    },
    ...(isUsed ? { scenarios } : {}),
    temperatureSource: 'model',
    members: membersByName(options.members.split(',')),
    seed: 1,
    threads: 2,
    issueTimes: ['00:00'],
    loadDelayHours: 0,
  }))
    forecasts.push(forecast);
  return forecasts;
}

function figures(forecasts: readonly Forecast[], { load }: History) {
  const values = forecasts.flatMap((forecast) => forecast.values);
  return accuracy(
    values.map(({ startMs }) => valueAt(load, startMs)),
    values.map(({ pointMw }) => pointMw),
    values.flatMap(({ quantilesMw }) => [...quantilesMw]),
  );
}
