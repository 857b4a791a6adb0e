import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import knex from 'knex';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import type { Store } from '../../src/store/store.js';
import { aSeries } from './samples.js';

let folder: string;
let file: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loadcast-store-'));
  file = path.join(folder, 'loadcast.sqlite');
  store = await openSqliteStore({ file });
  await store.saveSeries(aSeries());
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const deadPid = (): number => spawnSync(process.execPath, ['-e', '0']).pid;
const livingPid = process.ppid;

/** A run as another process would have left it in the table. */
async function leaveRun(pid: number, startTicks: number | null): Promise<string> {
  const { id } = await store.startJobRun('retrain', 'mill', 10);
  const connection = { filename: file };
  const database = knex({ client: 'sqlite3', connection, useNullAsDefault: true });
  const changes = { process_id: pid, process_start_ticks: startTicks };
  await database('job_run').where({ id }).update(changes);
  await database.destroy();
  return id;
}

describe('a job run', () => {
  it('of a living process goes on', async () => {
    await leaveRun(livingPid, null);
    expect(await store.abandonRunningJobs(50)).toBe(0);
    expect(await store.listJobRuns(5)).toMatchObject([{ state: 'running', processId: livingPid }]);
  });

  it.each([
    ['a process that is gone', deadPid, 1],
    ['an earlier process with our id', () => process.pid, null],
  ] as const)('of %s is abandoned, once', async (_, pid, startTicks) => {
    await leaveRun(pid(), startTicks);
    expect(await store.abandonRunningJobs(50)).toBe(1);
    expect(await store.listJobRuns(5)).toMatchObject([
      { state: 'abandoned', startedAtMs: 10, finishedAtMs: 50 },
    ]);
    expect(await store.abandonRunningJobs(60)).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')(
    'of a process whose id another one has now is abandoned',
    async () => {
      await leaveRun(livingPid, 1);
      expect(await store.abandonRunningJobs(50)).toBe(1);
    },
  );

  it('of a process that is gone does not keep the same job from running', async () => {
    const left = await leaveRun(deadPid(), 1);
    await store.startJobRun('retrain', 'mill', 20);
    expect(await store.listJobRuns(5)).toMatchObject([
      { state: 'running', startedAtMs: 20, processId: process.pid },
      { id: left, state: 'abandoned', finishedAtMs: 20 },
    ]);
  });

  it('that was taken for abandoned is stored with its end all the same', async () => {
    const id = await leaveRun(deadPid(), 1);
    await store.abandonRunningJobs(20);
    await store.finishJobRun(id, 30, null);
    expect(await store.listJobRuns(5)).toMatchObject([{ state: 'succeeded', finishedAtMs: 30 }]);
  });
});
