import { CommanderError } from 'commander';
import { LoadcastError, messageOf } from '../core/errors.js';
import { exitCodes } from './exit-codes.js';
import { createProgram } from './program.js';

/**
 * Runs one command line to its end.
 * @param argv as `process.argv`: two entries, then the arguments
 * @returns the exit code; errors are printed to standard error, with their stack only at log level debug or trace
 */
export async function runCli(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  try {
    await createProgram().parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`${describeError(error, env['LOADCAST_LOG_LEVEL'])}\n`);
    return error instanceof LoadcastError ? exitCodes[error.code] : 1;
  }
}

function describeError(error: unknown, logLevel: string | undefined): string {
  const detailed = logLevel === 'debug' || logLevel === 'trace';
  if (!detailed || !(error instanceof Error)) return `error: ${messageOf(error)}`;
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `error: ${stackOf(error)}${cause}`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
