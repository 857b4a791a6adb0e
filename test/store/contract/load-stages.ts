import { describe, expect, it } from 'vitest';
import { hourMs } from '../../../src/core/time.js';
import type { TestedStore } from '../store-contract.js';

const start = Date.UTC(2024, 0, 1);
const at = (hour: number, value: number, minutes = 60) => ({
  startMs: start + hour * hourMs,
  minutes,
  value,
});
const operational = (atMs: number) => ({ kind: 'received', atMs }) as const;
const settlement = (atMs: number) => ({ kind: 'received', atMs, stage: 'settlement' }) as const;

export function describeLoadStages(tested: TestedStore): void {
  describe('settled loads', () => {
    it('replace operational ones from when they came; both can still be read', async () => {
      const { store } = tested;
      await store.writeLoad('mill', [at(0, 10), at(1, 11), at(2, 12)], operational(5));
      const counts = await store.writeLoad('mill', [at(0, 10.5), at(1, 11)], settlement(9));
      expect(counts).toEqual({ added: 0, unchanged: 0, revised: 2 });
      expect(await store.readLoad('mill')).toEqual([at(0, 10.5), at(1, 11), at(2, 12)]);
      expect(await store.readLoad('mill', { knownAtMs: 8 })).toEqual([
        at(0, 10),
        at(1, 11),
        at(2, 12),
      ]);
      expect(await store.readLoad('mill', { stage: 'settlement' })).toEqual([
        at(0, 10.5),
        at(1, 11),
      ]);
      for (const hourPhaseMs of [{}, { hourPhaseMs: 0 }])
        expect(await store.readLoad('mill', { stage: 'operational', ...hourPhaseMs })).toEqual([
          at(0, 10),
          at(1, 11),
          at(2, 12),
        ]);
    });

    it('stay when operational ones come later, whatever their length', async () => {
      const { store } = tested;
      const many = Array.from({ length: 60 }, (_, hour) => at(hour, hour));
      await store.writeLoad('mill', many, settlement(5));
      const quarters = Array.from({ length: 4 }, (_, i) => at(3 + i / 4, 99, 15));
      const counts = await store.writeLoad('mill', [at(0, 7), ...quarters], operational(9));
      expect(counts).toEqual({ added: 3, unchanged: 2, revised: 0 });
      expect(await store.readLoad('mill')).toEqual(many);
      expect(await store.readLoad('mill', { hourPhaseMs: 0 })).toEqual(many);
      await store.writeLoad('mill', [at(0, 8)], settlement(11));
      expect((await store.readLoad('mill'))[0]).toEqual(at(0, 8));
    });

    it('that are settled again with the same value change nothing', async () => {
      await tested.store.writeLoad('mill', [at(0, 1)], settlement(5));
      expect(await tested.store.writeLoad('mill', [at(0, 1)], settlement(6))).toEqual({
        added: 0,
        unchanged: 1,
        revised: 0,
      });
    });
  });
}
