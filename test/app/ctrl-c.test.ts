import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadcast } from '../cli/loadcast.js';
import { writeLoadCsv } from '../cli/load-csv.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-ctrl-c-'));
});
afterEach(() => rm(folder, { recursive: true }));

function serveFrom(home: string) {
  return spawn(
    process.execPath,
    ['--import', fileURLToPath(import.meta.resolve('tsx')), resolve('src/main.ts'), 'serve'],
    { env: { ...process.env, LOADCAST_HOME: home, PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

test('Ctrl-C during training ends the service with code 0 within three seconds and without a stack', async () => {
  const home = join(folder, 'home');
  const csv = join(folder, 'feeder.csv');
  await writeLoadCsv(csv, 60);
  const imported = await loadcast(['import', csv, '--series', 'Feeder', '--zone', 'UTC'], {
    LOADCAST_HOME: home,
  });
  expect(imported.code).toBe(0);

  const child = serveFrom(home);
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => (said.out += String(text)));
  const training = new Promise<void>((seen, failed) => {
    child.stderr.on('data', (text) => {
      said.err += String(text);
      if (said.err.includes('Train models of Feeder')) seen();
    });
    child.on('exit', () => {
      failed(new Error(`ended before it trained: ${said.err}`));
    });
  });
  const ended = new Promise<number | null>((settle) => child.on('exit', settle));
  try {
    await training;
    expect(said.out).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
    // Well into the training thread's work, its own workers included.
    await new Promise((wait) => setTimeout(wait, 2_500));
    const askedMs = performance.now();
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(performance.now() - askedMs).toBeLessThan(3_000);
  } finally {
    child.kill('SIGKILL');
  }
  expect(said.err).toContain('stopping …');
  expect(said.err).not.toMatch(/\n\s+at |error|rejection/i);
  expect(existsSync(join(home, 'loadcast.lock'))).toBe(false);
});

test('Ctrl-C as soon as it holds its home ends it in order', async () => {
  const lock = join(folder, 'loadcast.lock');
  const child = serveFrom(folder);
  const ended = new Promise<number | null>((settle) => child.on('exit', settle));
  try {
    while (!existsSync(lock) && child.exitCode === null) await new Promise(setImmediate);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
  expect(existsSync(lock)).toBe(false);
});
