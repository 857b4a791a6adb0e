import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const scripts = resolve(import.meta.dirname, '../../scripts');

/**
 * A project of our scripts with a package manager and a build that only write down that they ran: the real ones take
 * minutes, and `.ci/run` runs them in a fresh clone.
 */
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'loadcast-install-'));
  for (const name of ['ensure-installed.mjs', 'install-stamp.mjs', 'process-lock.mjs'])
    await cp(join(scripts, name), join(root, 'scripts', name));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  await writeFile(join(root, 'tsconfig.json'), '{}');
  await writeFile(join(root, 'package-lock.json'), '{ "version": 1 }');
  await mkdir(join(root, 'src'));
  await writeFile(join(root, 'src', 'main.ts'), '');
  await writeFile(
    join(root, 'scripts', 'build.mjs'),
    `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
     import { writeStamp } from './install-stamp.mjs';
     appendFileSync('log', 'build ');
     mkdirSync('dist', { recursive: true });
     writeFileSync('dist/main.js', '');
     writeFileSync('dist/.built', '');
     if (process.argv.includes('--stamp')) writeStamp('.');`,
  );
  await mkdir(join(root, 'npm'));
  await writeFile(
    join(root, 'npm', 'npm-cli.js'),
    `import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
     import { spawnSync } from 'node:child_process';
     appendFileSync('log', process.argv[2] + ' ');
     rmSync('node_modules', { recursive: true, force: true });
     mkdirSync('node_modules');
     if (process.env.FAIL) process.exit(9);
     await new Promise((resolve) => setTimeout(resolve, 100));
     if (!process.env.IGNORE_SCRIPTS) spawnSync(process.execPath, ['scripts/build.mjs', '--stamp']);`,
  );
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function ensureInstalled(
  env: Record<string, string> = {},
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['scripts/ensure-installed.mjs'], {
    cwd: root,
    env: {
      ...process.env,
      npm_execpath: join(root, 'npm', 'npm-cli.js'),
      LOADCAST_HOME: '',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const code = await new Promise<number | null>((settle) => {
    child.on('close', settle);
  });
  return { code, said };
}

/** Each step that was run so far. */
async function steps(): Promise<string> {
  return existsSync(join(root, 'log')) ? (await readFile(join(root, 'log'), 'utf8')).trim() : '';
}

/** Dates a path after the last build. */
async function touch(path: string): Promise<void> {
  const later = new Date(Date.now() + 5_000);
  await utimes(join(root, path), later, later);
}

async function serverRuns(pid: number): Promise<void> {
  await mkdir(join(root, 'var'), { recursive: true });
  const lock = { pid, port: 8080, startedAtMs: 0 };
  await writeFile(join(root, 'var', 'loadcast.lock'), JSON.stringify(lock));
}

describe('ensure-installed', () => {
  test('installs a fresh clone once, then does nothing', async () => {
    const first = await ensureInstalled();
    expect(first).toMatchObject({ code: 0 });
    expect(first.said).toContain('compiling SQLite takes about 2 minutes');
    expect(await ensureInstalled()).toEqual({ code: 0, said: '' });
    expect(await steps()).toBe('ci build');
  });

  test('installs again when the lock file has changed', async () => {
    await ensureInstalled();
    await writeFile(join(root, 'package-lock.json'), '{ "version": 2 }');
    await ensureInstalled();
    expect(await steps()).toBe('ci build ci build');
  });

  test.each(['src', 'src/main.ts', 'tsconfig.json', 'scripts/build.mjs'])(
    'builds again, without an install, when %s is newer than the build',
    async (path) => {
      await ensureInstalled();
      await touch(path);
      expect((await ensureInstalled()).code).toBe(0);
      expect(await steps()).toBe('ci build build');
    },
  );

  test('two at once install once', async () => {
    const both = await Promise.all([ensureInstalled(), ensureInstalled()]);
    expect(both.map((each) => each.code)).toEqual([0, 0]);
    expect(await steps()).toBe('ci build');
  });

  test('waits while another npm command installs, and says for whom', async () => {
    const lock = join(root, '.cache', 'install.lock');
    await mkdir(join(root, '.cache'));
    await writeFile(lock, JSON.stringify({ pid: process.pid }));
    setTimeout(() => void rm(lock), 2_000);
    const { code, said } = await ensureInstalled();
    expect(code).toBe(0);
    expect(said).toContain(`another npm command (process ${process.pid})`);
  });

  test('a failed install is told and tried again the next time', async () => {
    const failed = await ensureInstalled({ FAIL: '1' });
    expect(failed.code).toBe(1);
    expect(failed.said).toContain('error: npm ci ended with code 9');
    expect((await ensureInstalled()).code).toBe(0);
    expect(await steps()).toBe('ci ci build');
  });

  test('builds itself where npm ignores scripts', async () => {
    expect((await ensureInstalled({ IGNORE_SCRIPTS: '1' })).code).toBe(0);
    expect(await steps()).toBe('ci build');
  });

  test.each(['package-lock.json', 'src/main.ts'])(
    'never exchanges files under a running server: a new %s ends with its process id and port',
    async (path) => {
      await ensureInstalled();
      await serverRuns(process.pid);
      await writeFile(join(root, path), '{ "version": 2 }');
      await touch(path);
      const refused = await ensureInstalled();
      expect(refused.code).toBe(1);
      expect(refused.said).toContain(`process ${process.pid} at http://127.0.0.1:8080`);
      expect(await steps()).toBe('ci build');
    },
  );

  test('the lock of a server that is gone does not hinder', async () => {
    await ensureInstalled();
    await serverRuns(2 ** 30);
    await touch('src/main.ts');
    expect((await ensureInstalled()).code).toBe(0);
    expect(await steps()).toBe('ci build build');
  });
});
