import { Option } from 'commander';
import { LoadcastError, messageOf } from '../core/errors.js';
import { writeWholeFile } from '../jobs/write-whole-file.js';

/** Value of `--json [file]`: a path, true for standard output, undefined without the option. */
export type JsonTarget = string | true | undefined;

export function jsonOption(): Option {
  return new Option('--json [file]', 'write the result as JSON to a file, or to standard output');
}

/**
 * Writes a result as JSON where `--json` asks for it; NaN becomes null.
 * A file appears whole: it is written beside its place and renamed.
 * @throws {LoadcastError} UNREADABLE_FILE if the file cannot be written
 */
export async function writeJson(target: JsonTarget, result: unknown): Promise<void> {
  if (target === undefined) return;
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (target === true) {
    await new Promise<void>((resolve) => {
      process.stdout.write(text, () => {
        resolve();
      });
    });
    return;
  }
  try {
    await writeWholeFile(target, text);
  } catch (error) {
    throw new LoadcastError('UNREADABLE_FILE', `${target} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Prints for a person: to standard output, or to standard error where that belongs to the JSON. */
export function printLine(target: JsonTarget, line: string): void {
  (target === true ? process.stderr : process.stdout).write(`${line}\n`);
}
