import { describe, expect, it } from 'vitest';
import { hourMs } from '../../../src/core/time.js';
import { aBundle, anAccuracy, anEvaluation, aSeries } from '../samples.js';
import type { TestedStore } from '../store-contract.js';

const start = Date.UTC(2024, 0, 1);

export function describeResults(tested: TestedStore): void {
  describe('evaluations', () => {
    it('come back with NaN as NaN and null as null', async () => {
      const evaluation = anEvaluation();
      expect(evaluation.blend.day3.mape).toBeNaN();
      expect(evaluation.anomaly?.faults[0]?.gain).toBeNull();
      await tested.store.saveEvaluation(evaluation);
      expect(await tested.store.listEvaluations('mill', 5)).toEqual([evaluation]);
      const without = { ...evaluation, id: 'e2', createdAtMs: 2_000, anomaly: null };
      await tested.store.saveEvaluation(without);
      expect(await tested.store.listEvaluations('mill', 1)).toEqual([without]);
    });
  });

  describe('bundles', () => {
    it('come back with their card', async () => {
      await tested.store.saveBundle(aBundle('b1', 'champion'));
      expect(await tested.store.championBundle('mill')).toEqual(aBundle('b1', 'champion'));
    });

    it('have one champion: the new one retires the one before it', async () => {
      await tested.store.saveBundle(aBundle('b1', 'champion'));
      await tested.store.saveBundle(aBundle('b2', 'candidate'));
      expect((await tested.store.championBundle('mill'))?.id).toBe('b1');
      await tested.store.saveBundle(aBundle('b2', 'champion'));
      expect((await tested.store.championBundle('mill'))?.id).toBe('b2');
      await tested.store.saveBundle(aBundle('b1', 'champion'));
      expect((await tested.store.championBundle('mill'))?.id).toBe('b1');
    });

    it('change their state only', async () => {
      const bundle = aBundle('b1', 'champion');
      await tested.store.saveBundle(bundle);
      const other = { ...bundle, card: { ...bundle.card, test: anAccuracy(9) } };
      await expect(tested.store.saveBundle(other)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await tested.store.championBundle('mill')).toEqual(bundle);
    });

    it('are listed by series, newest first, in their present states', async () => {
      await tested.store.saveSeries(aSeries({ id: 'dairy' }));
      const older = { ...aBundle('z', 'champion'), createdAtMs: 1_000 };
      const newer = { ...aBundle('a', 'champion'), createdAtMs: 3_000 };
      const between = { ...aBundle('m', 'candidate'), createdAtMs: 2_000 };
      const others = { ...aBundle('d', 'champion'), seriesId: 'dairy' };
      for (const bundle of [older, newer, between, others]) await tested.store.saveBundle(bundle);
      expect(await tested.store.listBundles('mill')).toEqual([
        newer,
        between,
        { ...older, state: 'retired' },
      ]);
      expect(await tested.store.listBundles('dairy')).toEqual([others]);
      expect(await tested.store.listBundles('nobody')).toEqual([]);
    });
  });

  it('keeps imports with their issues, newest first', async () => {
    const summary = {
      source: 'load.csv',
      rows: 3,
      rejected: 1,
      added: 2,
      unchanged: 0,
      revised: 0,
      firstMs: start,
      endMs: start + 2 * hourMs,
      issues: [
        { kind: 'rejected-row', line: 4, validAtMs: null, count: 1, reason: 'no time: "x"' },
        { kind: 'gap', line: null, validAtMs: start, count: 2, reason: 'missing' },
      ],
    } as const;
    await tested.store.saveImport('mill', 10, summary);
    await tested.store.saveImport('mill', 20, {
      ...summary,
      source: 'b.csv',
      firstMs: null,
      issues: [],
    });
    expect(await tested.store.listImports('mill', 9)).toEqual([
      { ...summary, atMs: 20, source: 'b.csv', firstMs: null, issues: [] },
      { ...summary, atMs: 10 },
    ]);
    expect(await tested.store.listImports('mill', 1)).toHaveLength(1);
  });
}
