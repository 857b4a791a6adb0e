import { describe, expect, it } from 'vitest';
import type { CalendarEntry } from '../../../src/core/calendar-entry.js';
import { dayMs, hourMs } from '../../../src/core/time.js';
import { aForecast, aSeries } from '../samples.js';
import type { TestedStore } from '../store-contract.js';

const start = Date.UTC(2024, 6, 1);

const school: CalendarEntry = {
  kind: 'school',
  name: 'Winter holidays',
  region: 'AU-VIC',
  share: 1 / 3,
  startMs: start,
  endMs: start + 14 * dayMs,
};
const outage: CalendarEntry = {
  kind: 'outage',
  name: 'Line 3',
  effectMw: -12.5,
  masked: false,
  startMs: start - hourMs,
  endMs: start + hourMs,
};
const addition = { atMs: 1_000, author: 'ada', source: 'days.csv', reason: 'works calendar' };

export function describeCalendarEntries(tested: TestedStore): void {
  describe('calendar entries', () => {
    it('come back as they were added, ascending by start, after a restart too', async () => {
      const { store } = tested;
      const counts = await store.addCalendarEntries('mill', [school, outage], addition);
      expect(counts).toEqual({ added: 2, unchanged: 0 });
      await tested.reopen();
      const [first, second, ...others] = await tested.store.readCalendarEntries('mill');
      expect(others).toEqual([]);
      expect([first?.entry, second?.entry]).toEqual([outage, school]);
      expect(first).toMatchObject({
        seriesId: 'mill',
        author: 'ada',
        source: 'days.csv',
        reason: 'works calendar',
        createdAtMs: 1_000,
        withdrawnAtMs: null,
        withdrawnBy: null,
      });
      expect(first?.id).not.toBe(second?.id);
    });

    it('that say the same as standing ones change nothing, also within one addition', async () => {
      const { store } = tested;
      await store.addCalendarEntries('mill', [outage, outage], addition);
      const again = { ...addition, atMs: 2_000, author: 'ben' };
      const other = { ...outage, effectMw: -13 };
      expect(await store.addCalendarEntries('mill', [outage, other], again)).toEqual({
        added: 1,
        unchanged: 1,
      });
      expect(await store.readCalendarEntries('mill')).toHaveLength(2);
    });

    it('stand from their creation until they are withdrawn, and can be added anew', async () => {
      const { store } = tested;
      await store.addCalendarEntries('mill', [outage], addition);
      const id = (await store.readCalendarEntries('mill'))[0]?.id ?? -1;
      const withdrawn = await store.withdrawCalendarEntry('mill', id, {
        atMs: 5_000,
        author: 'ben',
      });
      expect(withdrawn).toMatchObject({ id, withdrawnAtMs: 5_000, withdrawnBy: 'ben' });
      const known = async (asOfMs?: number): Promise<number> =>
        (await store.readCalendarEntries('mill', { asOfMs })).length;
      expect(await Promise.all([999, 1_000, 4_999, 5_000, undefined].map(known))).toEqual([
        0, 1, 1, 0, 0,
      ]);
      expect(
        await store.addCalendarEntries('mill', [outage], { ...addition, atMs: 9_000 }),
      ).toEqual({ added: 1, unchanged: 0 });
      expect(await Promise.all([4_999, 8_999, 9_000].map(known))).toEqual([1, 0, 1]);
    });

    it('are withdrawn once, and by their own series', async () => {
      const { store } = tested;
      await store.saveSeries(aSeries({ id: 'dairy' }));
      await store.addCalendarEntries('mill', [outage], addition);
      const id = (await store.readCalendarEntries('mill'))[0]?.id ?? -1;
      const by = { atMs: 5_000, author: 'ben' };
      await expect(store.withdrawCalendarEntry('dairy', id, by)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: `Series "dairy" has no calendar entry ${id}.`,
      });
      await store.withdrawCalendarEntry('mill', id, by);
      await expect(store.withdrawCalendarEntry('mill', id, by)).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('1970-01-01T00:00:05Z already'),
      });
    });

    it('belong to their series', async () => {
      const { store } = tested;
      await store.saveSeries(aSeries({ id: 'dairy' }));
      await store.addCalendarEntries('mill', [outage], addition);
      expect(await store.readCalendarEntries('dairy')).toEqual([]);
      await expect(store.addCalendarEntries('nowhere', [outage], addition)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    it.each([
      ['without an end', { ...outage, endMs: outage.startMs }, 'not after its begin'],
      ['of no instant', { ...outage, startMs: Number.NaN }, 'no instant'],
      ['with a share above 1', { ...school, share: 1.5 }, 'share 1.5'],
      ['of no megawatts', { ...outage, effectMw: Number.NaN }, 'NaN MW'],
      ['that is not known and not masked', { ...outage, effectMw: null }, 'only be masked'],
    ])('%s are refused with all that came with them', async (_, bad, text) => {
      const { store } = tested;
      await expect(store.addCalendarEntries('mill', [school, bad], addition)).rejects.toMatchObject(
        { code: 'INVALID_INPUT', message: expect.stringContaining(text) },
      );
      expect(await store.readCalendarEntries('mill')).toEqual([]);
    });

    it('are as many as a file may hold', async () => {
      const many = Array.from({ length: 5_000 }, (_, day) => ({
        ...school,
        startMs: start + day * dayMs,
        endMs: start + (day + 1) * dayMs,
      }));
      expect(await tested.store.addCalendarEntries('mill', many, addition)).toMatchObject({
        added: 5_000,
      });
      expect(await tested.store.readCalendarEntries('mill')).toHaveLength(5_000);
    });
  });

  it('a forecast keeps what known events change, hour by hour', async () => {
    const plain = aForecast();
    const values = plain.values.map((value, lead) =>
      lead < 3 ? { ...value, eventMw: -0.1 * (lead + 1) } : value,
    );
    await tested.store.saveForecast({ ...plain, values });
    expect((await tested.store.latestForecast('mill'))?.values).toEqual(values);
  });
}
