import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** True if the very process that wrote the lock still runs, whoever owns it; a later one with its id does not count. */
export function isHeld(lock) {
  if (!lock || !Number.isInteger(lock.pid) || lock.pid <= 0) return false;
  try {
    process.kill(lock.pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  const ticks = startTicks(lock.pid);
  return ticks === undefined || lock.startTicks === undefined || ticks === lock.startTicks;
}

/** When the kernel started a process, field 22 of /proc/PID/stat (proc(5)); undefined where there is no procfs. */
function startTicks(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold spaces: fields are counted after it.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return undefined;
  }
}

/** The JSON object of a lock file, or null if there is none that can be read. */
export function readLock(file) {
  try {
    const lock = JSON.parse(readFileSync(file, 'utf8'));
    return typeof lock === 'object' ? lock : null;
  } catch {
    return null;
  }
}

/**
 * Takes a lock file that names this process; waits while a living process holds it.
 * @param onWait called once, with the id of the holder, before the first wait
 * @returns a function that gives the lock back
 */
export async function takeLock(file, onWait) {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  const holding = {
    pid: process.pid,
    startedAtMs: Date.now(),
    startTicks: startTicks(process.pid),
  };
  writeFileSync(own, JSON.stringify(holding));
  try {
    for (let waited = false; ;) {
      // A hard link appears whole or not at all, so nobody ever reads a half-written lock.
      try {
        linkSync(own, file);
        break;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = readLock(file);
      if (isHeld(holder)) {
        if (!waited) onWait(holder.pid);
        waited = true;
        await new Promise((resolve) => {
          setTimeout(resolve, 250);
        });
      } else {
        removeDeadLock(file, own);
      }
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => {
    if (readLock(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** Renames before it removes: of two waiters that see the same dead lock, one must not take away the other's new one. */
function removeDeadLock(file, own) {
  const aside = `${own}.dead`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  const holder = readLock(aside);
  if (isHeld(holder)) {
    try {
      linkSync(aside, file);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}
