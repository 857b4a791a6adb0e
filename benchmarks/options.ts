import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/core/errors.js';
import { createLstmMember } from '../src/models/lstm/lstm.js';
import { lstmOptions, recipeOf } from '../src/models/lstm/lstm-options.js';
import { dataSets, type DataSet } from './data-sets.js';
import {
  decodeForecasts,
  encodeForecasts,
  isSameRun,
  readRuns,
  writeRuns,
  type Mape,
  type Run,
} from './options/runs.js';
import { optionTable, type OptionRow } from './options/table.js';
import { fitBefore, readValidationYear, type ValidationYear } from './options/validation-year.js';
import { variants, type Variant } from './options/variants.js';

/**
 * What each option of the LSTM brings on the year before the test year, one network a seed, all with the same rows and
 * by the recipe's own number of steps; no test year is looked at:
 * `npm run benchmark:options -- [--sets vic_elec,isone] [--seeds 3] [--threads 2] [--options base,units64] [--json FILE]`.
 * What stands in FILE is not run again, so a run that was stopped goes on.
 */

const { values: options } = parseArgs({
  options: {
    sets: { type: 'string', default: 'vic_elec,isone' },
    seeds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    options: { type: 'string', default: variants.map(({ name }) => name).join(',') },
    json: { type: 'string' },
  },
});

const threads = Number(options.threads);
const seeds = Array.from({ length: Number(options.seeds) }, (_, index) => index + 1);
const sets = options.sets.split(',').map((key) => named(dataSets, key, (set) => set.key));
const asked = new Set(
  options.options.split(',').map((name) => named(variants, name, (each) => each.name)),
);
const chosen = variants.filter((variant) => asked.has(variant));
const runs = await readRuns(options.json);
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;

for (const set of sets) {
  const year = await readValidationYear(set);
  for (const variant of chosen) {
    for (const seed of seeds) await runOnce(set, year, variant, seed);
  }
  const rows = chosen.map((variant) => rowOf(set, variant));
  const base = rows.find((row) => row.option === variants[0]?.name);
  const all = [...rows, ...ensembleRows(set, year)];
  console.log(
    `\n${set.key} ${year.year}, ${year.origins.length} forecasts, ${year.training.originIndex} h before:\n`,
  );
  console.log(optionTable(all, base));
}

async function runOnce(
  set: DataSet,
  year: ValidationYear,
  variant: Variant,
  seed: number,
): Promise<void> {
  const key = { set: set.key, option: variant.name, seed, recipe: recipeText(variant) };
  if (runs.some((run) => isSameRun(run, key))) return;
  const run: Run = { ...key, result: await result(year, variant, seed) };
  runs.push(run);
  await writeRuns(options.json, { machine, threads, runs });
  const said =
    'failure' in run.result
      ? run.result.failure
      : `MAPE ${run.result.mape.all.toFixed(3)} %, ${run.result.seconds.toFixed(1)} s`;
  console.log(`${set.key} ${variant.name}, seed ${seed}: ${said}`);
}

async function result(
  year: ValidationYear,
  variant: Variant,
  seed: number,
): Promise<Run['result']> {
  const member = createLstmMember(recipe(variant));
  try {
    const { fitted, seconds } = await fitBefore(year, member, {
      seed,
      threads,
      validates: variant.validates ?? false,
    });
    const pointMw = year.predict(fitted);
    fitted.dispose();
    const [curve] = fitted.curves;
    return {
      mape: mapeOf(year, pointMw),
      seconds,
      parameters: Number(fitted.facts['parameters']),
      steps: curve?.points.at(-1)?.step ?? 0,
      bestStep: curve?.bestStep ?? null,
      ...(variant === variants[0] ? { forecasts: encodeForecasts(pointMw) } : {}),
    };
  } catch (error) {
    return { failure: messageOf(error) }; // one that explodes is a result as well
  }
}

/** One network a seed, so that the spread of the seeds is seen. */
function recipe({ lstm }: Variant) {
  return recipeOf(lstmOptions.parse({ ...lstm, seeds: 1 }));
}

function recipeText(variant: Variant): string {
  return JSON.stringify({ ...recipe(variant), validates: variant.validates ?? false });
}

function rowOf(set: DataSet, variant: Variant): OptionRow {
  const own = ownRuns(set, variant);
  return {
    option: variant.name,
    runs: own.flatMap(({ seed, result: done }) =>
      'failure' in done ? [] : [{ ...done, seeds: [seed] }],
    ),
    failures: own.flatMap(({ result: done }) => ('failure' in done ? [done.failure] : [])),
  };
}

function ownRuns(set: DataSet, variant: Variant): Run[] {
  const text = recipeText(variant);
  return seeds.flatMap((seed) => {
    const key = { set: set.key, option: variant.name, seed, recipe: text };
    return runs.filter((run) => isSameRun(run, key));
  });
}

/** Means of the forecasts of every two and of every three networks of the base; nothing is trained for them. */
function ensembleRows(set: DataSet, year: ValidationYear): OptionRow[] {
  const [base] = variants;
  const networks = (base ? ownRuns(set, base) : []).flatMap(({ seed, result: done }) =>
    'failure' in done || done.forecasts === undefined
      ? []
      : [{ ...done, seed, pointMw: decodeForecasts(done.forecasts) }],
  );
  return [2, 3].flatMap((size) => {
    const groups = subsets(networks, size);
    if (groups.length === 0) return [];
    const row: OptionRow = {
      option: `mean of ${size} seeds`,
      runs: groups.map((group) => ({
        seeds: group.map(({ seed }) => seed),
        mape: mapeOf(year, meanOf(group.map(({ pointMw }) => pointMw))),
        seconds: sum(group.map(({ seconds }) => seconds)),
        parameters: sum(group.map(({ parameters }) => parameters)),
        steps: sum(group.map(({ steps }) => steps)),
      })),
      failures: [],
    };
    return [row];
  });
}

function mapeOf(year: ValidationYear, pointMw: Float64Array): Mape {
  const { all, day1, day2, day3 } = year.score(pointMw);
  return { all: all.mape, day1: day1.mape, day2: day2.mape, day3: day3.mape };
}

function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) =>
    subsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]),
  );
}

function meanOf(columns: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(columns[0]?.length ?? 0);
  for (const column of columns)
    for (let i = 0; i < mean.length; i++)
      mean[i] = (mean[i] ?? 0) + (column[i] ?? NaN) / columns.length;
  return mean;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function named<T>(all: readonly T[], name: string, nameOf: (item: T) => string): T {
  const found = all.find((item) => nameOf(item) === name);
  if (found) return found;
  throw new Error(`There is no "${name}"; there are ${all.map(nameOf).join(', ')}.`);
}
