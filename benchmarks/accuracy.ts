import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { dataFile, dataSets, type DataSet } from './data-sets.js';

/**
 * Midnight procedure of the protocol on the visible sets, every column judged by `tools/judge.py`:
 * `npm run benchmark:accuracy -- [--sets vic_elec,isone] [--members all] [--seed 1] [--threads 2] [--json FILE]`.
 */

const run = promisify(execFile);
const lead = z.object({ mape: z.number() }).transform((figures) => figures.mape);
const judgement = z.object({
  project: z.object({ all: lead, day1: lead, day2: lead, day3: lead }),
});
type Mape = z.infer<typeof judgement>['project'];
const summarySchema = z.object({
  blend: z.object({ all: z.object({ coverage1090: z.number(), pinballPct: z.number() }) }),
  members: z.record(z.string(), z.unknown()),
  seconds: z.number(),
  peakMemoryMb: z.number(),
});

interface SetResult {
  readonly set: string;
  readonly year: number;
  readonly lightgbmMape: number;
  readonly mape: Record<string, Mape>;
  readonly coverage1090: number;
  readonly pinballPct: number;
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

const { values: options } = parseArgs({
  options: {
    sets: { type: 'string', default: dataSets.map((set) => set.key).join(',') },
    members: { type: 'string', default: 'all' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});

const chosen = options.sets.split(',').map((key) => {
  const set = dataSets.find((candidate) => candidate.key === key);
  if (set) return set;
  throw new Error(`No set "${key}"; there are ${dataSets.map((s) => s.key).join(', ')}.`);
});
const results: SetResult[] = [];
for (const set of chosen) {
  const result = await measure(set);
  results.push(result);
  printResult(result);
}
if (options.json) await writeFile(options.json, `${JSON.stringify({ results }, null, 2)}\n`);

async function measure(set: DataSet): Promise<SetResult> {
  const folder = await mkdtemp(join(tmpdir(), 'loadcast-accuracy-'));
  try {
    const forecasts = join(folder, 'forecasts.csv.gz');
    const summaryFile = join(folder, 'summary.json');
    await backtest(set, forecasts, summaryFile);
    const summary = summarySchema.parse(JSON.parse(await readFile(summaryFile, 'utf8')));
    const judged: Record<string, Mape> = { blend: await judge(set, forecasts) };
    for (const member of Object.keys(summary.members))
      judged[member] = await judge(set, await memberFile(forecasts, member, folder));
    return {
      set: set.key,
      year: set.year,
      lightgbmMape: set.lightgbmMape,
      mape: judged,
      coverage1090: summary.blend.all.coverage1090,
      pinballPct: summary.blend.all.pinballPct,
      seconds: summary.seconds,
      peakMemoryMb: summary.peakMemoryMb,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function backtest(set: DataSet, out: string, summary: string): Promise<void> {
  const text = `run --silent loadcast -- backtest --time-column timestamp --temperature-column temperature_c
    --load-column ${set.loadColumn} --zone ${set.zone} --holidays ${set.holidays}
    --from ${set.year}-01-01 --to ${set.year}-12-31
    --members ${options.members} --seed ${options.seed} --threads ${options.threads}`;
  const args = [...text.split(/\s+/), '--file', dataFile(set), '--out', out, '--json', summary];
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The back-test of ${set.key} ended with code ${code}.`));
    });
  });
}

/** The same file with one member's column as the forecast. */
async function memberFile(forecasts: string, member: string, folder: string): Promise<string> {
  const [header = '', ...rows] = gunzipSync(await readFile(forecasts))
    .toString()
    .trim()
    .split('\n');
  const column = header.split(',').indexOf(`member_${member}_mw`);
  const lines = rows.map((row) => {
    const cells = row.split(',');
    return `${cells[0]},${cells[1]},${cells[column]}`;
  });
  const file = join(folder, `${member}.csv`);
  await writeFile(file, ['issued_at,valid_at,forecast_mw', ...lines, ''].join('\n'));
  return file;
}

async function judge(set: DataSet, forecasts: string): Promise<Mape> {
  const text = `tools/judge.py --load-column ${set.loadColumn} --zone ${set.zone} --year ${set.year} --json`;
  const { stdout } = await run('python3', [
    ...text.split(' '),
    '--truth',
    dataFile(set),
    '--forecasts',
    forecasts,
  ]);
  return judgement.parse(JSON.parse(stdout)).project;
}

function printResult(result: SetResult): void {
  console.log(`\n${result.set} ${result.year}: MAPE % judged by tools/judge.py (all · 1/2/3)`);
  for (const [column, mape] of Object.entries(result.mape))
    console.log(
      `  ${column.padEnd(9)} ${mape.all.toFixed(3)} · ${mape.day1.toFixed(2)}/${mape.day2.toFixed(2)}/${mape.day3.toFixed(2)}`,
    );
  console.log(
    `  coverage 10–90 ${result.coverage1090.toFixed(1)} %, pinball ${result.pinballPct.toFixed(3)} %, ${result.seconds.toFixed(0)} s, ${result.peakMemoryMb.toFixed(0)} MB; LightGBM of the protocol ${result.lightgbmMape}`,
  );
}
