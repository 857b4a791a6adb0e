import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** True if a process of that id exists, whoever owns it. */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
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
  writeFileSync(own, JSON.stringify({ pid: process.pid, startedAtMs: Date.now() }));
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
      if (holder && isAlive(holder.pid)) {
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
  if (holder && isAlive(holder.pid)) {
    try {
      linkSync(aside, file);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}
