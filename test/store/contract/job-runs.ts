import { describe, expect, it } from 'vitest';
import { aSeries } from '../samples.js';
import type { TestedStore } from '../store-contract.js';

export function describeJobRuns(tested: TestedStore): void {
  describe('job runs', () => {
    it('of one job and series never run twice at once', async () => {
      const run = await tested.store.startJobRun('forecast', 'mill', 10);
      expect(run).toMatchObject({ job: 'forecast', seriesId: 'mill', state: 'running' });
      await expect(tested.store.startJobRun('forecast', 'mill', 11)).rejects.toMatchObject({
        code: 'CONFLICT',
        message: 'Job "forecast" of series "mill" is running already.',
      });
      await tested.store.startJobRun('forecast', null, 11);
      await expect(tested.store.startJobRun('forecast', null, 12)).rejects.toMatchObject({
        code: 'CONFLICT',
      });
      await tested.store.finishJobRun(run.id, 20, null);
      await tested.store.startJobRun('forecast', 'mill', 30);
    });

    it('of an unknown series are refused', async () => {
      await expect(tested.store.startJobRun('forecast', 'nowhere', 1)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    it('started at the same moment by many are won by one', async () => {
      const attempts = await Promise.allSettled(
        Array.from({ length: 8 }, () => tested.store.startJobRun('retrain', 'mill', 1)),
      );
      expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
    });

    it('end with their state and error, once', async () => {
      const run = await tested.store.startJobRun('ingest', 'mill', 10);
      await tested.store.finishJobRun(run.id, 20, `no answer ${'x'.repeat(5_000)}`);
      const [stored] = await tested.store.listJobRuns(5);
      expect(stored).toMatchObject({ state: 'failed', finishedAtMs: 20 });
      expect(stored?.error).toHaveLength(2_000);
      await expect(tested.store.finishJobRun(run.id, 30, null)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    it('are listed newest first, all or those of one series and of the whole program', async () => {
      await tested.store.saveSeries({ ...aSeries(), id: 'other', name: 'Other' });
      const subjects = ['mill', 'other', null, 'mill', 'other'];
      for (const [i, seriesId] of subjects.entries()) {
        const run = await tested.store.startJobRun('ingest', seriesId, i);
        await tested.store.finishJobRun(run.id, i, null);
      }
      const listed = async (limit: number, seriesId?: string): Promise<number[]> =>
        (await tested.store.listJobRuns(limit, seriesId)).map((run) => run.startedAtMs);
      expect(await listed(10)).toEqual([4, 3, 2, 1, 0]);
      expect(await listed(10, 'mill')).toEqual([3, 2, 0]);
      expect(await listed(2, 'mill')).toEqual([3, 2]);
    });

    it('name the process that runs them, and are left alone while it lives', async () => {
      await tested.store.startJobRun('ingest', 'mill', 10);
      await tested.reopen();
      expect(await tested.store.abandonRunningJobs(50)).toBe(0);
      expect(await tested.store.listJobRuns(5)).toMatchObject([
        { state: 'running', processId: process.pid, finishedAtMs: null },
      ]);
    });
  });
}
