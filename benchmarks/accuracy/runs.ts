import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { dataFile, type DataSet } from '../data-sets.js';

/**
 * midnight: issued at local midnight, all loads known, temperature as it came. desk: issued at 09:00, loads known until
 * 08:00, temperature of the horizon with the errors of a forecast. desk-actual: the same with the temperature as it came.
 */
export const procedures = ['midnight', 'desk', 'desk-actual'] as const;
export type Procedure = (typeof procedures)[number];

const procedureArgs: Readonly<Record<Procedure, readonly string[]>> = {
  midnight: [],
  desk: ['--issue-times', '09:00', '--load-delay-hours', '1', '--weather', 'model'],
  'desk-actual': ['--issue-times', '09:00', '--load-delay-hours', '1'],
};

/** One back-test: a year of a set by one procedure. */
export interface Run {
  readonly set: DataSet;
  readonly year: number;
  readonly procedure: Procedure;
}

export interface RunOptions {
  readonly members: string;
  readonly seed: string;
  readonly threads: string;
  /** of everything that was ever run */
  readonly folder: string;
  readonly processes: number;
}

/** A run that has ended. */
export interface DoneRun extends Run {
  /** CSV of its forecasts */
  readonly forecasts: string;
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

const summarySchema = z.object({ seconds: z.number(), peakMemoryMb: z.number() });

/**
 * Runs the back-tests that have not been run with this build of the program and these options, several at once; the
 * stored forecasts of the others are taken as they are. A run that was stopped leaves nothing behind.
 * @throws {Error} naming the run that failed, after the others have ended
 */
export async function runAll(runs: readonly Run[], options: RunOptions): Promise<DoneRun[]> {
  const build = (await hashOfBuild()).slice(0, 12);
  const folder = join(options.folder, build, `${options.members}-seed-${options.seed}`);
  await mkdir(folder, { recursive: true });
  const waiting = [...runs.entries()];
  const done: DoneRun[] = [];
  const failures: string[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, run] = next;
      try {
        done[index] = await runOnce(run, folder, options);
      } catch (error) {
        failures.push(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: options.processes }, worker));
  if (failures.length > 0) throw new Error(failures.join('\n'));
  return done;
}

async function runOnce(run: Run, folder: string, options: RunOptions): Promise<DoneRun> {
  const name = `${run.set.key}-${run.year}-${run.procedure}`;
  const forecasts = join(folder, `${name}.csv.gz`);
  const summary = join(folder, `${name}.json`);
  if (!existsSync(summary)) {
    console.error(`${name} starts`);
    const parts = [forecasts, summary].map((file) => file.replace(name, `${name}.part`));
    await backtest(run, options, parts[0]!, parts[1]!);
    await rename(parts[0]!, forecasts);
    await rename(parts[1]!, summary); // last: where it stands, the run is whole
  }
  const { seconds, peakMemoryMb } = summarySchema.parse(
    JSON.parse(await readFile(summary, 'utf8')),
  );
  console.error(`${name}: ${seconds.toFixed(0)} s, ${peakMemoryMb.toFixed(0)} MB`);
  return { ...run, forecasts, seconds, peakMemoryMb };
}

function backtest(run: Run, options: RunOptions, out: string, summary: string): Promise<void> {
  const { set, year, procedure } = run;
  const text = `dist/main.js backtest --time-column timestamp --temperature-column temperature_c
    --load-column ${set.loadColumn} --zone ${set.zone} --holidays ${set.holidays}
    --from ${year}-01-01 --to ${year}-12-31
    --members ${options.members} --seed ${options.seed} --threads ${options.threads}`;
  const files = ['--file', dataFile(set), '--out', out, '--json', summary];
  const args = [...text.split(/\s+/), ...procedureArgs[procedure], ...files];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-2000);
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else
        reject(new Error(`The back-test of ${set.key} ${year} ended with code ${code}: ${said}`));
    });
  });
}

/** SHA-256 of the built program. */
async function hashOfBuild(): Promise<string> {
  const hash = createHash('sha256');
  const files = await readdir('dist', { recursive: true });
  for (const file of files.sort()) {
    if (!/\.(js|wasm)$/.test(file)) continue;
    hash.update(file).update(await readFile(join('dist', file)));
  }
  return hash.digest('hex');
}
