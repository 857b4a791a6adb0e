import { describe, expect, it } from 'vitest';
import { aSeries } from '../samples.js';
import type { TestedStore } from '../store-contract.js';

const start = Date.UTC(2024, 0, 1);

export function describeSeries(tested: TestedStore): void {
  describe('series', () => {
    it('come back as they were saved, after a restart too', async () => {
      expect(await tested.store.findSeries('mill')).toEqual(aSeries());
      await tested.reopen();
      expect(await tested.store.listSeries()).toEqual([aSeries()]);
    });

    it('change in place and keep their creation time', async () => {
      const place = { zone: 'Europe/Paris', holidayRegion: null };
      await tested.store.saveSeries(
        aSeries({ place, latitude: null, longitude: null, loadKind: 'net', createdAtMs: 9 }),
      );
      expect(await tested.store.findSeries('mill')).toEqual(
        aSeries({ place, latitude: null, longitude: null, loadKind: 'net' }),
      );
    });

    it('that are unknown are null to a reader and an error to a writer', async () => {
      expect(await tested.store.findSeries('nowhere')).toBeNull();
      expect(await tested.store.readLoad('nowhere')).toEqual([]);
      await expect(
        tested.store.writeLoad('nowhere', [{ startMs: start, minutes: 60, value: 1 }], {
          kind: 'assumed',
        }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no series "nowhere".' });
    });

    it.each([
      ['an id with capitals', aSeries({ id: 'Mill 1' }), '"Mill 1"'],
      ['an unknown zone', aSeries({ place: { zone: 'Mars/Base', holidayRegion: null } }), 'Mars'],
      ['a resolution that does not divide the hour', aSeries({ resolutionMinutes: 45 }), '45 min'],
    ])('with %s are refused', async (_, series, text) => {
      await expect(tested.store.saveSeries(series)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining(text),
      });
    });
  });
}
