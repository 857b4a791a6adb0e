import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadcast } from '../cli/loadcast.js';
import { writeLoadCsv } from '../cli/load-csv.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-resume-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Trains in a process of its own and kills it when `seen` says so. */
async function trainUntil(
  home: string,
  seen: (said: string) => boolean | Promise<boolean>,
): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--import', fileURLToPath(import.meta.resolve('tsx')), resolve('src/main.ts'), 'train'],
    { env: { ...process.env, LOADCAST_HOME: home }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (text) => (said += String(text)));
  const ended = once(child, 'exit');
  while (child.exitCode === null && !(await seen(said)))
    await new Promise((wait) => setTimeout(wait, 50));
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  return said;
}

test('a training that was killed is resumed by the next', async () => {
  const csv = join(folder, 'feeder.csv');
  const home = join(folder, 'home');
  await writeLoadCsv(csv, 60);
  const args = ['import', csv, '--series', 'Feeder', '--zone', 'UTC'];
  expect((await loadcast(args, { LOADCAST_HOME: home })).code).toBe(0);
  const first = await trainUntil(home, async () => {
    const files = await readdir(home, { recursive: true });
    return files.some((file) => file.endsWith('.checkpoint'));
  });
  expect(first).not.toContain('resumed');
  const second = await trainUntil(home, (said) => said.includes('resumed at step'));
  expect(second).toMatch(/Train models of Feeder: serving fit, lstm, resumed at step \d+0\n/);
}, 120_000);
