import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockHome } from '../../src/store/home-lock.js';

describe('the lock of a home folder', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(tmpdir(), 'loadcast-lock-')), 'home');
    file = path.join(folder, 'loadcast.lock');
  });
  afterEach(() => rmSync(path.dirname(folder), { recursive: true }));

  const written = (): unknown => JSON.parse(readFileSync(file, 'utf8'));
  const leaveBehind = (holder: unknown): void => {
    lockHome(folder).release();
    writeFileSync(file, typeof holder === 'string' ? holder : JSON.stringify(holder));
  };

  it('names the process, its start and, once known, its port, and leaves nothing behind', () => {
    const lock = lockHome(folder);
    expect(written()).toMatchObject({ pid: process.pid, startedAtMs: expect.any(Number) });
    expect(written()).not.toHaveProperty('port');
    lock.announcePort(8_080);
    expect(written()).toMatchObject({ pid: process.pid, port: 8_080 });
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a second holder and says which process holds it and what to do', () => {
    const lock = lockHome(folder);
    lock.announcePort(8_080);
    const message = new RegExp(`process ${process.pid} at http://127.0.0.1:8080.*LOADCAST_HOME`);
    expect(() => lockHome(folder)).toThrow(message);
    expect(() => lockHome(folder)).toThrow(expect.objectContaining({ code: 'ALREADY_RUNNING' }));
    lock.release();
    lockHome(folder).release();
  });

  it('of a living process of another program stands', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    await new Promise((resolve) => {
      child.once('spawn', resolve);
    });
    leaveBehind({ pid: child.pid, startedAtMs: 1 });
    expect(() => lockHome(folder)).toThrow(`process ${child.pid}`);
    child.kill();
  });

  it('goes with a process that exits at once', () => {
    const module = new URL('../../src/store/home-lock.ts', import.meta.url).href;
    const lockAndExit = `import(${JSON.stringify(module)}).then(({ lockHome }) => {
      lockHome(${JSON.stringify(folder)}).announcePort(8080);
      process.exit(3);
    })`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), '-e', lockAndExit],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([3, '']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a dead process is taken over', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    leaveBehind({ pid, startedAtMs: 1, port: 8_080 });
    const lock = lockHome(folder);
    expect(written()).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it.skipIf(process.platform !== 'linux')(
    'of a process whose id another one has now is taken over',
    () => {
      leaveBehind({ pid: process.pid, startedAtMs: 1, startTicks: 1 });
      const lock = lockHome(folder);
      expect(written()).not.toMatchObject({ startTicks: 1 });
      lock.release();
    },
  );

  it.each(['', 'not json', '{"pid":"7"}', 'null', '{"pid":-1}'])(
    'that names no process is taken over: %j',
    (text) => {
      leaveBehind(text);
      const lock = lockHome(folder);
      expect(written()).toMatchObject({ pid: process.pid });
      lock.release();
    },
  );

  it('released late does not remove the lock of a successor', () => {
    const lock = lockHome(folder);
    const successor = { pid: process.pid, startedAtMs: 5 };
    writeFileSync(file, JSON.stringify(successor));
    lock.release();
    expect(written()).toEqual(successor);
  });

  it('cannot be taken where the folder cannot be made', () => {
    writeFileSync(path.dirname(folder) + '/file', '');
    expect(() => lockHome(path.join(path.dirname(folder), 'file', 'home'))).toThrow(
      expect.objectContaining({ code: 'UNREADABLE_FILE' }),
    );
  });
});
