import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { figuresOf, type YearFigures } from './accuracy/figures.js';
import {
  asText,
  bandTable,
  columnTable,
  dayTable,
  pathTable,
  summaryTable,
  weatherTable,
  weightTable,
} from './accuracy/leaderboard.js';
import { leaderboardPage } from './accuracy/page.js';
import { procedures, runAll, type DoneRun, type Procedure } from './accuracy/runs.js';
import { readStoredYear } from './accuracy/stored-year.js';
import { dataFile, dataSets, dataSetOf } from './data-sets.js';

/**
 * The procedures of docs/accuracy.md on the visible sets: back-tests of all members, the leaderboard, and a page.
 * `npm run benchmark:accuracy -- [--sets vic_elec,isone] [--procedures midnight,desk,desk-actual] [--years test|validation]
 * [--members all] [--seed 1] [--processes 2] [--threads 1] [--json FILE] [--html FILE]`
 *
 * Every forecast is kept in `benchmarks/out/accuracy`; what has been run with this build is not run again, so a stopped
 * run goes on. `validation` is the year before the test year: choices are made there.
 */

const folder = join('benchmarks', 'out', 'accuracy');
const judgement = z.object({
  project: z.object({ all: z.object({ nmae: z.number(), r2: z.number() }) }),
});
const { values: options } = parseArgs({
  options: {
    sets: { type: 'string', default: dataSets.map((set) => set.key).join(',') },
    procedures: { type: 'string', default: 'midnight' },
    years: { type: 'string', default: 'test' },
    members: { type: 'string', default: 'all' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    threads: { type: 'string', default: '1' },
    json: { type: 'string' },
    html: { type: 'string', default: join(folder, 'leaderboard.html') },
  },
});

const sets = options.sets.split(',').map((key) => dataSetOf(key));
const asked = options.procedures.split(',').map((name) => procedureOf(name));
const shift = options.years === 'validation' ? 1 : 0;
const done = await runAll(
  asked.flatMap((procedure) => sets.map((set) => ({ set, year: set.year - shift, procedure }))),
  {
    members: options.members,
    seed: options.seed,
    threads: options.threads,
    folder,
    processes: Number(options.processes),
  },
);
const all: YearFigures[] = [];
for (const run of done) {
  const year = await readStoredYear(run);
  const figures = figuresOf(year);
  all.push(figures);
  console.log(`\n${run.set.key} ${run.year}, ${run.procedure}, ${figures.origins} forecasts`);
  console.log(asText(columnTable('Blend and members', figures.columns)));
  console.log(asText(columnTable('Blended otherwise', [...figures.blends, ...figures.without])));
  console.log(asText(bandTable(figures)));
  console.log(asText(weightTable(figures)));
  console.log(asText(dayTable(figures)));
  if (run.procedure === 'midnight') await assertJudged(run, figures);
}
console.log(`\n${asText(summaryTable(all))}`);
console.log(`\n${asText(pathTable(all))}`);
const weather = weatherTable(all);
if (weather) console.log(`\n${asText(weather)}`);
await mkdir(dirname(options.html), { recursive: true });
await writeFile(options.html, leaderboardPage(all));
console.log(`\n${options.html} has the rest.`);
if (options.json) await writeFile(options.json, `${JSON.stringify({ results: all }, null, 2)}\n`);

function procedureOf(name: string): Procedure {
  const procedure = procedures.find((each) => each === name);
  if (procedure) return procedure;
  throw new Error(`No procedure "${name}"; there are ${procedures.join(', ')}.`);
}

/** The figures of the blend must be those of `tools/judge.py`, which computes them independently. */
async function assertJudged(
  { set, year, forecasts }: DoneRun,
  figures: YearFigures,
): Promise<void> {
  const text = `tools/judge.py --load-column ${set.loadColumn} --zone ${set.zone} --year ${year} --json`;
  const files = ['--truth', dataFile(set), '--forecasts', forecasts];
  const { stdout } = await promisify(execFile)('python3', [...text.split(' '), ...files], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const judged = judgement.parse(JSON.parse(stdout)).project.all;
  const own = figures.columns[0]!.all;
  for (const [name, theirs, ours] of [
    ['MAE / mean load', judged.nmae / 100, own.nmae],
    ['R²', judged.r2, own.r2],
  ] as const)
    if (Math.abs(theirs - ours) > 1e-5)
      // the judge rounds
      throw new Error(`${name} of ${set.key}: ${ours} here, ${theirs} by tools/judge.py.`);
}
