import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sliceHours } from '../src/core/hourly.js';
import { createRandom } from '../src/core/random.js';
import { hourMs } from '../src/core/time.js';
import { mapeOfBacktest } from './backtest-mape.js';
import { cutSeries, readSeries, seriesFiles, type LoadSeries } from './data-quality/load-series.js';

/**
 * What extra inputs do to the forecast of a net load. No data set at hand has any, so that photovoltaics behind the meter
 * are simulated: clear-sky irradiance by the sun's elevation, a cloudiness that wanders from hour to hour, a capacity
 * that grows month by month. Back-tests of half a year without them, with irradiance and capacity (ex post: a forecast of
 * irradiance is worse), and with a column of noise, which should change nothing.
 * `npm run benchmark:extra-inputs -- [--members all] [--json FILE]`
 */

const { values: options } = parseArgs({
  options: { members: { type: 'string', default: 'all' }, json: { type: 'string' } },
});

interface Sky {
  readonly latitude: number;
  readonly longitude: number;
  /** MW in the first month, and what each month adds */
  readonly capacityMw: number;
  readonly growthMw: number;
}

const cases = [
  {
    file: seriesFiles.victoria,
    from: '2012-01-01',
    sky: { latitude: -37.8, longitude: 145, capacityMw: 800, growthMw: 40 },
  },
  {
    file: seriesFiles.isone,
    from: '2011-01-01',
    sky: { latitude: 42.4, longitude: -71.5, capacityMw: 1500, growthMw: 80 },
  },
] as const;
const variants = [
  ['none', []],
  ['irradiance and capacity', ['irradiance', 'capacity']],
  ['noise', ['noise']],
] as const;

const results: { readonly name: string; readonly extras: string; readonly mape: number }[] = [];
const folder = await mkdtemp(join(tmpdir(), 'loadcast-extra-inputs-'));
try {
  for (const { file, from, sky } of cases) {
    const whole = readSeries(file);
    if (!whole) continue;
    const series = cutSeries(whole, Date.parse(from), Date.parse('2014-07-05'));
    const columns = netLoad(series, sky);
    for (const [extras, names] of variants) {
      const mape = await mapeOfBacktest(folder, {
        place: series.place,
        startMs: series.startMs,
        columns,
        truth: columns.load_mw,
        from: '2014-01-01',
        to: '2014-06-30',
        options: [
          ...`--members ${options.members} --weather model --refits 2`.split(' '),
          ...(names.length > 0 ? ['--extra-columns', names.join(',')] : []),
        ],
      });
      results.push({ name: series.name, extras, mape });
      console.log(`${series.name} net of PV, extra inputs ${extras}: MAPE ${mape.toFixed(2)} %`);
    }
  }
} finally {
  await rm(folder, { recursive: true });
}
if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);

function netLoad(series: LoadSeries, sky: Sky) {
  const { startMs, values } = series;
  const random = createRandom('cloudiness', series.name);
  const middle = (row: number): Date => new Date(startMs + (row + 0.5) * hourMs);
  let clearness = 0.65;
  const irradiance = values.map((_, row) => {
    const wandered = 0.93 * clearness + 0.07 * 0.65 + 0.09 * random.normal();
    clearness = Math.min(1, Math.max(0.1, wandered));
    return Math.round(1000 * clearness * sineOfElevation(middle(row), sky));
  });
  const first = middle(0);
  const capacity = values.map((_, row) => {
    const now = middle(row);
    const months = 12 * (now.getUTCFullYear() - first.getUTCFullYear()) + now.getUTCMonth();
    return sky.capacityMw + sky.growthMw * months;
  });
  return {
    load_mw: values.map((mw, row) => mw - (0.85 * capacity[row]! * irradiance[row]!) / 1000),
    temperature_c: sliceHours(series.temperature, startMs, startMs + values.length * hourMs).values,
    irradiance,
    capacity,
    noise: values.map(() => random.normal()),
  };
}

/** Of the sun, 0 below the horizon (declination after Cooper, 1969; the equation of time is left out). */
function sineOfElevation(at: Date, { latitude, longitude }: Sky): number {
  const radians = Math.PI / 180;
  const day = (at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 0)) / (24 * hourMs);
  const declination = 23.45 * radians * Math.sin((2 * Math.PI * (284 + day)) / 365);
  const solarHour = at.getUTCHours() + at.getUTCMinutes() / 60 + longitude / 15;
  const hourAngle = 15 * radians * (solarHour - 12);
  return Math.max(
    0,
    Math.sin(latitude * radians) * Math.sin(declination) +
      Math.cos(latitude * radians) * Math.cos(declination) * Math.cos(hourAngle),
  );
}
