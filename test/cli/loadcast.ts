import { vi } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process, with its output caught. */
export async function loadcast(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const settings = { LOADCAST_HOME: '', LOADCAST_LOG_LEVEL: '', PORT: '', ...env };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const written = { out: '', err: '' };
  const catchInto =
    (key: 'out' | 'err') =>
    (text: string | Uint8Array, ...rest: unknown[]): boolean => {
      written[key] += String(text);
      for (const each of rest) if (typeof each === 'function') each();
      return true;
    };
  vi.spyOn(process.stdout, 'write').mockImplementation(catchInto('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(catchInto('err'));
  const code = await runCli(['node', 'loadcast', ...args], process.env);
  vi.restoreAllMocks();
  return { code, ...written };
}
