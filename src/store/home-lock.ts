import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LoadcastError, messageOf } from '../core/errors.js';
import { hasCode, isAlive, thisProcess, type ProcessIdentity } from './process-identity.js';

/** What `loadcast.lock` holds, as JSON. `scripts/` reads `pid`, `port` and `startTicks` of the same file. */
interface Holder extends ProcessIdentity {
  readonly port?: number;
  readonly startedAtMs: number;
}

export interface HomeLock {
  /** Tells the others where this process listens. */
  announcePort(port: number): void;
  release(): void;
}

/**
 * Takes a home folder for this process alone, until `release` or the end of the process.
 * The lock of a process that is gone is taken over.
 * @param folder made where missing
 * @throws {LoadcastError} ALREADY_RUNNING with the process id and address of the holder,
 * UNREADABLE_FILE if the folder cannot be written
 */
export function lockHome(folder: string): HomeLock {
  const file = path.join(folder, 'loadcast.lock');
  let own: Holder = { ...thisProcess(), startedAtMs: Date.now() };
  try {
    mkdirSync(folder, { recursive: true });
    take(file, own);
  } catch (error) {
    if (error instanceof LoadcastError) throw error;
    throw new LoadcastError('UNREADABLE_FILE', `Cannot lock ${folder}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  const release = (): void => {
    process.removeListener('exit', release);
    if (isSame(readHolder(file), own)) rmSync(file, { force: true });
  };
  // An exit at once, as by a second Ctrl-C, takes it along.
  process.on('exit', release);
  return {
    announcePort(port) {
      own = { ...own, port };
      const written = writeAside(file, own);
      renameSync(written, file);
    },
    release,
  };
}

function take(file: string, own: Holder): void {
  const written = writeAside(file, own);
  try {
    // A hard link appears whole or not at all, so nobody ever reads a half-written lock.
    while (!linked(written, file)) {
      const holder = readHolder(file);
      if (holder && isAlive(holder)) throw alreadyRunning(file, holder);
      removeDead(file);
    }
  } finally {
    rmSync(written, { force: true });
  }
}

function writeAside(file: string, own: Holder): string {
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, JSON.stringify(own));
  return aside;
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Renames before it removes: of two that see the same dead lock, one must not take away the other's new one. */
function removeDead(file: string): void {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const holder = readHolder(aside);
  if (holder && isAlive(holder)) linked(aside, file);
  rmSync(aside, { force: true });
}

function readHolder(file: string): Holder | null {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isHolder(parsed) ? parsed : null;
  } catch (error) {
    // Gone meanwhile, or no JSON: nobody holds it.
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return null;
    throw error;
  }
}

function isHolder(parsed: unknown): parsed is Holder {
  return (
    typeof parsed === 'object' &&
    parsed !== null &&
    'pid' in parsed &&
    typeof parsed.pid === 'number' &&
    Number.isInteger(parsed.pid) &&
    parsed.pid > 0
  );
}

function isSame(a: Holder | null, b: Holder): boolean {
  return a !== null && a.pid === b.pid && a.startedAtMs === b.startedAtMs;
}

function alreadyRunning(file: string, holder: Holder): LoadcastError {
  const where = holder.port === undefined ? '' : ` at http://127.0.0.1:${holder.port}`;
  return new LoadcastError(
    'ALREADY_RUNNING',
    `loadcast is running already (process ${holder.pid}${where}) on ${path.dirname(file)}. ` +
      'Use that one, stop it first, or set LOADCAST_HOME to another folder. ' +
      `If that process is not loadcast, delete ${file}.`,
  );
}
