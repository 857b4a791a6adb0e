import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const lockModule = pathToFileURL(resolve(import.meta.dirname, '../../scripts/process-lock.mjs'));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-lock-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Takes the lock, appends `in`, holds it for a moment, appends `out`. */
async function holdInProcess(): Promise<number | null> {
  const code = `
    import { appendFileSync } from 'node:fs';
    import { takeLock } from ${JSON.stringify(lockModule.href)};
    const giveBack = await takeLock('a/b.lock', () => {});
    appendFileSync('log', 'in ');
    await new Promise((resolve) => setTimeout(resolve, 50));
    appendFileSync('log', 'out ');
    giveBack();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((settle) => {
    child.on('exit', settle);
  });
}

test('several processes hold the lock one after the other and leave nothing behind', async () => {
  const codes = await Promise.all(Array.from({ length: 4 }, holdInProcess));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(await readFile(join(folder, 'log'), 'utf8')).toBe('in out '.repeat(4));
  expect(await readdir(join(folder, 'a'))).toEqual([]);
});

test('the lock of a dead process is taken over, by one at a time', async () => {
  await holdInProcess();
  // A process that ended without giving back: no process has this id, it is above the system's maximum.
  await writeFile(join(folder, 'a', 'b.lock'), JSON.stringify({ pid: 2 ** 30 }));
  await Promise.all(Array.from({ length: 3 }, holdInProcess));
  expect(await readFile(join(folder, 'log'), 'utf8')).toBe('in out '.repeat(4));
});

test('a lock file that cannot be read counts as dead', async () => {
  await holdInProcess();
  await writeFile(join(folder, 'a', 'b.lock'), '');
  expect(await holdInProcess()).toBe(0);
});

test.runIf(existsSync('/proc/self/stat'))(
  'the lock of an earlier process with the same id counts as dead',
  async () => {
    await holdInProcess();
    await writeFile(
      join(folder, 'a', 'b.lock'),
      JSON.stringify({ pid: process.pid, startTicks: 1 }),
    );
    expect(await holdInProcess()).toBe(0);
  },
);
