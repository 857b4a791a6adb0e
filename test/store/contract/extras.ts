import { describe, expect, it } from 'vitest';
import { hourMs } from '../../../src/core/time.js';
import { aSeries } from '../samples.js';
import type { TestedStore } from '../store-contract.js';

const start = Date.UTC(2024, 0, 1);
const at = (hour: number, value: number, minutes = 60) => ({
  startMs: start + hour * hourMs,
  minutes,
  value,
});
const assumed = { kind: 'assumed' } as const;

export function describeExtras(tested: TestedStore): void {
  describe('extra inputs', () => {
    it('of different names and series lie apart, each with its versions', async () => {
      const { store } = tested;
      await store.saveSeries(aSeries({ id: 'other', name: 'Other' }));
      expect(await store.listExtras('mill')).toEqual([]);
      await store.writeExtra('mill', 'wind', [at(0, 3), at(1, 4)], { kind: 'received', atMs: 5 });
      await store.writeExtra('mill', 'cloud', [at(0, 80)], assumed);
      await store.writeExtra('other', 'sun', [at(0, 1)], assumed);
      const counts = await store.writeExtra('mill', 'wind', [at(0, 3), at(1, 5), at(2, 6)], {
        kind: 'received',
        atMs: 7,
      });
      expect(counts).toEqual({ added: 1, unchanged: 1, revised: 1 });
      expect(await store.listExtras('mill')).toEqual(['cloud', 'wind']);
      expect(await store.readExtra('mill', 'wind')).toEqual([at(0, 3), at(1, 5), at(2, 6)]);
      expect(await store.readExtra('mill', 'wind', { knownAtMs: 6 })).toEqual([at(0, 3), at(1, 4)]);
      expect(await store.readExtra('mill', 'cloud')).toEqual([at(0, 80)]);
      expect(await store.readExtra('mill', 'sun')).toEqual([]);
      expect(await store.extraSpan('mill', 'wind')).toEqual({
        firstMs: start,
        lastMs: start + 2 * hourMs,
      });
      expect(await store.extraSpan('mill', 'sun')).toBeNull();
    });

    it('come as means of their hours, many at once', async () => {
      const quarters = Array.from({ length: 4 * 48 }, (_, i) => at(i / 4, i, 15));
      await tested.store.writeExtra('mill', 'sun', quarters, assumed);
      const hours = await tested.store.readExtra('mill', 'sun', { hourPhaseMs: 0 });
      expect(hours).toEqual(Array.from({ length: 48 }, (_, i) => at(i, 4 * i + 1.5)));
    });

    it('of no series, and values that are none, are refused', async () => {
      const { store } = tested;
      await expect(store.writeExtra('none', 'sun', [at(0, 1)], assumed)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(store.writeExtra('mill', 'sun', [at(0, Number.NaN)], assumed)).rejects.toThrow(
        '"sun" of series "mill" of 2024-01-01T00:00:00Z is NaN; leave missing values out.',
      );
    });
  });
}
