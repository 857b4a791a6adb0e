import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';

/** What a child process took. */
export interface MeasuredRun {
  readonly seconds: number;
  readonly peakMemoryMb: number;
  readonly output: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** SIGKILL after so long */
  readonly killAfterMs?: number;
}

/**
 * Runs a command and watches its memory (Linux: VmHWM, the peak that the kernel keeps; elsewhere NaN).
 * @throws {Error} with its output if it fails, but for being killed as was asked
 */
export async function measuredRun(
  command: string,
  args: readonly string[],
  { env = {}, killAfterMs }: RunOptions = {},
): Promise<MeasuredRun> {
  const startedMs = performance.now();
  const child = spawn(command, args, { env: { ...process.env, ...env } });
  let output = '';
  child.stdout.on('data', (text) => (output += String(text)));
  child.stderr.on('data', (text) => (output += String(text)));
  let peakMemoryMb = Number.NaN;
  const watch = setInterval(() => {
    void peakMemory(child.pid).then((mb) => (peakMemoryMb = Number.isNaN(mb) ? peakMemoryMb : mb));
  }, 100);
  const killer =
    killAfterMs === undefined ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => {
    clearInterval(watch);
    if (killer) clearTimeout(killer);
  });
  const killed = killAfterMs !== undefined && code === null;
  if (code !== 0 && !killed)
    throw new Error(`${command} ended with ${code}: ${output.slice(-500)}`);
  return { seconds: (performance.now() - startedMs) / 1_000, peakMemoryMb, output };
}

async function peakMemory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmHWM:\s*(\d+)/m.exec(status)?.[1];
  return kib === undefined ? Number.NaN : Number(kib) / 1_024;
}
