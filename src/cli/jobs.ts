import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../config.js';
import { LoadcastError } from '../core/errors.js';
import { isoUtc } from '../core/time.js';
import { openSqliteStore } from '../store/sqlite-store.js';
import type { JobRun } from '../store/store.js';
import { jsonOption, printLine, writeJson, type JsonTarget } from './json-output.js';
import { wholeNumber } from './options.js';

interface JobsOptions {
  readonly limit: number;
  readonly json?: JsonTarget;
}

export function registerJobs(program: Command): void {
  program
    .command('jobs')
    .description('list the last runs of the scheduled jobs, newest first')
    .option('--limit <n>', 'how many', wholeNumber(1, 1000), 20)
    .addOption(jsonOption())
    .action(listJobs);
}

async function listJobs(options: JobsOptions): Promise<void> {
  const config = await loadConfig({ cwd: process.cwd(), env: process.env });
  const file = join(config.home, 'loadcast.sqlite');
  if (!existsSync(file))
    throw new LoadcastError(
      'NOT_FOUND',
      `There is no database at ${file}; run \`npm start\` first.`,
    );
  const store = await openSqliteStore({ file });
  try {
    const runs = await store.listJobRuns(options.limit);
    if (options.json === undefined && runs.length === 0)
      printLine(undefined, 'No job has run yet.');
    if (options.json !== true) for (const run of runs) printLine(options.json, describeRun(run));
    await writeJson(options.json, runs.map(jobRunJson));
  } finally {
    await store.close();
  }
}

function describeRun(run: JobRun): string {
  const seconds = run.finishedAtMs === null ? '' : ` in ${durationSeconds(run)?.toFixed(1)} s`;
  const error = run.error === null ? '' : `: ${run.error}`;
  const series = run.seriesId === null ? '' : ` of ${run.seriesId}`;
  return `${isoUtc(run.startedAtMs)}  ${run.job}${series}  ${run.state}${seconds}${error}`;
}

function jobRunJson(run: JobRun): object {
  return {
    id: run.id,
    job: run.job,
    seriesId: run.seriesId,
    state: run.state,
    startedAt: isoUtc(run.startedAtMs),
    finishedAt: run.finishedAtMs === null ? null : isoUtc(run.finishedAtMs),
    durationSeconds: durationSeconds(run),
    error: run.error,
    processId: run.processId,
  };
}

function durationSeconds(run: JobRun): number | null {
  return run.finishedAtMs === null ? null : (run.finishedAtMs - run.startedAtMs) / 1000;
}
