import { describe, expect, it } from 'vitest';
import type { NewLoadMark } from '../../../src/core/load-mark.js';
import { hourMs } from '../../../src/core/time.js';
import type { TestedStore } from '../store-contract.js';

const start = Date.UTC(2024, 0, 1);
const hour = (n: number) => start + n * hourMs;

const stuck: NewLoadMark = {
  startMs: hour(2),
  endMs: hour(5),
  kind: 'stuck',
  treatment: 'mask',
  reason: '3 h at 41.5 MW',
  madeBy: 'inspection',
  values: [
    { startMs: hour(2), loadMw: 41.5, substituteMw: 39.25 },
    { startMs: hour(3), loadMw: 41.5, substituteMw: null },
  ],
};
const believed: NewLoadMark = {
  ...stuck,
  kind: 'person',
  treatment: 'keep',
  reason: 'the works stood still',
  madeBy: 'person',
  values: [],
};

export function describeLoadMarks(tested: TestedStore): void {
  describe('marks of loads', () => {
    it('are listed with their values, ascending, as far as they touch an interval', async () => {
      const { store } = tested;
      const later = { ...stuck, startMs: hour(20), endMs: hour(21), values: [] };
      await store.changeLoadMarks('mill', { add: [later, stuck], withdraw: [] }, hour(30));
      const all = await store.listLoadMarks('mill');
      expect(all).toEqual([
        { ...stuck, id: expect.any(Number), madeAtMs: hour(30), withdrawnAtMs: null },
        { ...later, id: expect.any(Number), madeAtMs: hour(30), withdrawnAtMs: null },
      ]);
      const within = async (startMs: number, endMs: number) =>
        (await store.listLoadMarks('mill', { interval: { startMs, endMs } })).length;
      expect(await within(hour(0), hour(2))).toBe(0);
      expect(await within(hour(4), hour(20))).toBe(1);
      expect(await within(hour(4), hour(21))).toBe(2);
      expect(await within(hour(5), hour(20))).toBe(0);
    });

    it('are withdrawn but not forgotten: an earlier instant still sees them', async () => {
      const { store } = tested;
      await store.changeLoadMarks('mill', { add: [stuck], withdraw: [] }, 1_000);
      const [mark] = await store.listLoadMarks('mill');
      const id = mark?.id ?? 0;
      await store.changeLoadMarks('mill', { add: [believed], withdraw: [id] }, 2_000);
      const kinds = async (knownAtMs?: number) =>
        (await store.listLoadMarks('mill', knownAtMs === undefined ? {} : { knownAtMs })).map(
          ({ kind }) => kind,
        );
      expect(await kinds()).toEqual(['person']);
      expect(await kinds(999)).toEqual([]);
      expect(await kinds(1_000)).toEqual(['stuck']);
      expect(await kinds(1_999)).toEqual(['stuck']);
      expect(await kinds(2_000)).toEqual(['person']);
    });

    it('that are not in force cannot be withdrawn, and nothing of that change is stored', async () => {
      const { store } = tested;
      await store.changeLoadMarks('mill', { add: [stuck], withdraw: [] }, 1_000);
      await expect(
        store.changeLoadMarks('mill', { add: [believed], withdraw: [77] }, 2_000),
      ).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('77') });
      expect(await store.listLoadMarks('mill')).toHaveLength(1);
      await expect(
        store.changeLoadMarks('nobody', { add: [stuck], withdraw: [] }, 1),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });
}
