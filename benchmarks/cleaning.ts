import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sliceHours } from '../src/core/hourly.js';
import { createRandom } from '../src/core/random.js';
import { warningKinds } from '../src/core/load-mark.js';
import { mapeOfBacktest } from './backtest-mape.js';
import { readLabels } from './data-quality/labels.js';
import { loadFaultClasses, patientOf } from './data-quality/load-faults.js';
import { cutSeries, readSeries, seriesFiles, type LoadSeries } from './data-quality/load-series.js';

/**
 * What leaving doubtful loads out does to forecasts: back-tests of one year with the inspection and without it, of
 * north_macedonia as it is, and of vic_elec and isone with two seeded faults a month all over their years. MAPE over the
 * hours whose truth is sound.
 * `npm run benchmark:cleaning -- [--members all] [--seed 1] [--json FILE]`
 */

const { values: options } = parseArgs({
  options: {
    members: { type: 'string', default: 'all' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});

interface Case {
  readonly name: string;
  /** what the back-test reads */
  readonly series: LoadSeries;
  /** what it is scored by: NaN where nothing is known for sure */
  readonly truth: Float64Array;
  readonly year: number;
  readonly inspect: boolean;
}

const results: { readonly name: string; readonly inspect: boolean; readonly mape: number }[] = [];
const folder = await mkdtemp(join(tmpdir(), 'loadcast-cleaning-'));
try {
  for (const each of await cases()) {
    const mape = await backtestMape(each);
    results.push({ name: each.name, inspect: each.inspect, mape });
    console.log(
      `${each.name}, ${each.inspect ? 'doubtful loads left out' : 'loads as they are'}: MAPE ${mape.toFixed(2)} %`,
    );
  }
} finally {
  await rm(folder, { recursive: true });
}
if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);

async function cases(): Promise<Case[]> {
  const both = (each: Omit<Case, 'inspect'>): Case[] =>
    [false, true].map((inspect) => ({ ...each, inspect }));
  const found: Case[] = [];
  const macedonia = readSeries(seriesFiles.northMacedonia);
  if (macedonia)
    found.push(
      ...both({
        name: 'north_macedonia 2019',
        series: macedonia,
        truth: await unlabelled(macedonia),
        year: 2019,
      }),
    );
  for (const [file, from] of [
    [seriesFiles.victoria, '2012-01-01'],
    [seriesFiles.isone, '2011-01-01'],
  ] as const) {
    const whole = readSeries(file);
    if (!whole) continue;
    const series = cutSeries(whole, Date.parse(from), Date.parse('2015-01-02'));
    const spoilt = { ...series, values: withFaults(series) };
    const common = { truth: series.values, year: 2014 };
    found.push({ name: `${series.name} 2014, sound`, series, ...common, inspect: true });
    found.push(...both({ name: `${series.name} 2014, with faults`, series: spoilt, ...common }));
  }
  return found;
}

/** Loads of hours that no label doubts. */
async function unlabelled(series: LoadSeries): Promise<Float64Array> {
  const labels = await readLabels();
  const isBad = (ms: number): boolean =>
    labels.some(
      ({ kind, startMs, endMs }) =>
        (kind === 'day-month' ? new Date(ms).getUTCDate() <= 13 : !warningKinds.has(kind)) &&
        ms >= startMs &&
        ms < endMs,
    );
  const stepMs = series.minutes * 60_000;
  return series.values.map((value, row) =>
    isBad(series.startMs + row * stepMs) ? Number.NaN : value,
  );
}

/** Two faults a month, of kinds that spoil values for hours to days, each at a random place of its half-month. */
function withFaults(series: LoadSeries): Float64Array {
  const random = createRandom('faults for cleaning', Number(options.seed), series.name);
  const rows = series.values.length;
  const patient = patientOf(series, random, 0, rows);
  const kinds = loadFaultClasses.filter(({ each }) => each > 1);
  const stride = 15 * 24;
  for (let from = stride; from + 2 * stride < rows; from += stride)
    kinds[random.integer(kinds.length)]?.put(patient, from + random.integer(stride));
  return patient.values;
}

function backtestMape({ series, truth, year, inspect }: Case): Promise<number> {
  return mapeOfBacktest(folder, {
    place: series.place,
    columns: {
      load_mw: series.values,
      temperature_c: sliceHours(
        series.temperature,
        series.startMs,
        series.startMs + series.values.length * 3_600_000,
      ).values,
    },
    startMs: series.startMs,
    truth,
    from: `${year}-01-01`,
    to: `${year}-12-31`,
    options: ['--members', options.members, ...(inspect ? [] : ['--no-inspect'])],
  });
}
