import type { Command, CommandOptions } from 'commander';
import { openWorkplace, type Workplace } from '../app.js';
import { loadConfig } from '../config.js';
import { LoadcastError } from '../core/errors.js';
import type { JobControl } from '../jobs/job-services.js';
import { runStored } from '../queue/run-stored.js';
import type { Series } from '../store/store.js';
import { jsonOption } from './json-output.js';
import { runWatched } from './run-watched.js';

/** A command that works on one series. */
export function seriesCommand(
  program: Command,
  name: string,
  description: string,
  options: CommandOptions = {},
): Command {
  return program
    .command(name, options)
    .description(description)
    .argument('[series]', 'the series; may be left out where there is only one')
    .option('--series <name>', 'the same as an option')
    .addOption(jsonOption());
}

/** Opens the home folder for one command, and closes it whatever happens. */
export async function withWorkplace<T>(work: (workplace: Workplace) => Promise<T>): Promise<T> {
  const config = await loadConfig({ cwd: process.cwd(), env: process.env });
  const workplace = await openWorkplace({
    // A command prints its own errors: its log only repeats them.
    config: { ...config, logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel },
    exclusive: false,
  });
  try {
    return await work(workplace);
  } finally {
    await workplace.close();
  }
}

/**
 * The series that a command means: the named one, or the only one there is.
 * @throws {LoadcastError} NOT_FOUND or INVALID_INPUT, naming those that there are
 */
export async function chosenSeries(
  { store }: Workplace,
  name: string | undefined,
): Promise<Series> {
  const all = await store.listSeries();
  const names = all.map((series) => series.name).join(', ');
  if (name !== undefined) {
    const found = all.find((series) => series.name === name || series.id === name);
    if (found) return found;
    throw new LoadcastError(
      'NOT_FOUND',
      `There is no series "${name}"; ${all.length > 0 ? `there are: ${names}` : 'import a file with `loadcast import` first'}.`,
    );
  }
  const [only] = all;
  if (only && all.length === 1) return only;
  throw new LoadcastError(
    all.length === 0 ? 'NOT_FOUND' : 'INVALID_INPUT',
    all.length === 0
      ? 'There is no series yet; import a file with `loadcast import`.'
      : `Say which series with --series; there are: ${names}.`,
  );
}

/**
 * Runs one piece of a series' work as a stored job run with progress shown, so that it never runs beside the same job
 * of a service. Ctrl-C ends it.
 */
export async function runSeriesJob<T>(
  workplace: Workplace,
  job: string,
  series: Series,
  title: string,
  work: (control: JobControl) => Promise<T>,
): Promise<T> {
  const { store, services } = workplace;
  return runStored({ store, nowMs: services.nowMs, job, seriesId: series.id }, () =>
    runWatched(title, work),
  );
}
