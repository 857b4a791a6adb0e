import { readFileSync } from 'node:fs';

/**
 * One process of this machine. `startTicks` (Linux): when the kernel started it, in clock ticks since boot: tells a
 * process from a later one with the same id, whatever happens to the clock on the wall.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks?: number;
}

export function thisProcess(): ProcessIdentity {
  const ticks = startTicks(process.pid);
  return { pid: process.pid, ...(ticks === null ? {} : { startTicks: ticks }) };
}

/** True if that very process still runs, not a later one with its id. */
export function isAlive({ pid, startTicks: ticks }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false;
  }
  const found = startTicks(pid);
  return found === null || ticks === undefined || found === ticks;
}

/** Whether an error of the operating system has this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Field 22 of /proc/PID/stat (proc(5)); null where there is no procfs. */
function startTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in field 2 may hold spaces and brackets; the fields after its last bracket do not.
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    return Number.isFinite(ticks) ? ticks : null;
  } catch {
    return null;
  }
}
