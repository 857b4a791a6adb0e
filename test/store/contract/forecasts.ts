import { describe, expect, it } from 'vitest';
import { dayMs } from '../../../src/core/time.js';
import { aBundle, aForecast } from '../samples.js';
import type { TestedStore } from '../store-contract.js';

const start = Date.UTC(2024, 0, 1);

export function describeForecasts(tested: TestedStore): void {
  describe('forecasts', () => {
    it('come back exactly, members, weights and qualities included, after a restart too', async () => {
      const forecast = aForecast();
      await tested.store.saveForecast(forecast);
      expect(await tested.store.findForecast(forecast.id)).toEqual(forecast);
      await tested.reopen();
      expect(await tested.store.latestForecast('mill')).toEqual(forecast);
    });

    it('come back with the course within their hours and their paths', async () => {
      const forecast = aForecast({
        pathRanks: Uint8Array.from({ length: 72 * 200 }, (_, i) => i % 200),
        withinHours: {
          minutes: 15,
          deviationMw: Float64Array.from({ length: 288 }, (_, i) => (i % 4) / 3 - 0.5),
          widening: Float64Array.from({ length: 72 }, (_, lead) => 1 + lead / 700),
        },
      });
      await tested.store.saveForecast(forecast);
      expect(await tested.store.findForecast(forecast.id)).toEqual(forecast);
      expect(await tested.store.latestForecast('mill')).toEqual(forecast);
    });

    it('are vintages: the same id again is a conflict and changes nothing', async () => {
      await tested.store.saveForecast(aForecast());
      await expect(
        tested.store.saveForecast(aForecast({ reason: 'rewritten' })),
      ).rejects.toMatchObject({
        code: 'CONFLICT',
      });
      expect((await tested.store.findForecast('f1'))?.reason).toBe(aForecast().reason);
    });

    it('with a value that is not finite are refused, and nothing of them is stored', async () => {
      const [first, ...others] = aForecast().values;
      if (!first) throw new Error('the sample has values');
      for (const broken of [
        { ...first, pointMw: Number.NaN },
        { ...first, quantilesMw: [1, 2, Number.NaN, 4, 5, 6, 7] },
        { ...first, memberMw: { lstm: Number.POSITIVE_INFINITY } },
        { ...first, memberWeight: { lstm: Number.NaN } },
        { ...first, temperatureC: Number.NaN },
      ])
        await expect(
          tested.store.saveForecast(aForecast({ values: [...others, broken] })),
        ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      expect(await tested.store.latestForecast('mill')).toBeNull();
    });

    it('of a bundle that is not stored are refused', async () => {
      await expect(tested.store.saveForecast(aForecast({ bundleId: 'b9' }))).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('b9'),
      });
      await tested.store.saveBundle(aBundle('b9', 'champion'));
      await tested.store.saveForecast(aForecast({ bundleId: 'b9' }));
    });

    it('are newest by issue time, then by creation, before a bound', async () => {
      const save = (id: string, day: number, createdAtMs: number) =>
        tested.store.saveForecast(aForecast({ id, issuedAtMs: start + day * dayMs, createdAtMs }));
      await save('old', 0, 900);
      await save('new', 2, 100);
      await save('newer', 2, 200);
      await save('middle', 1, 800);
      expect((await tested.store.latestForecast('mill'))?.id).toBe('newer');
      expect((await tested.store.latestForecast('mill', start + 2 * dayMs))?.id).toBe('middle');
      expect(await tested.store.latestForecast('mill', start)).toBeNull();
      const list = (from: number, to: number) =>
        tested.store.listForecasts('mill', {
          startMs: start + from * dayMs,
          endMs: start + to * dayMs,
        });
      expect((await list(0, 3)).map((forecast) => forecast.id)).toEqual(['old', 'middle', 'newer']);
      expect((await list(0, 2)).map((forecast) => forecast.id)).toEqual(['old', 'middle']);
    });

    it('of a long time are listed whole, each with its own values', async () => {
      const [value] = aForecast().values;
      if (!value) throw new Error('the sample has values');
      const saved = Array.from({ length: 250 }, (_, day) =>
        aForecast({
          id: `f${day}`,
          issuedAtMs: start + day * dayMs,
          values: [
            { ...value, startMs: start + day * dayMs, pointMw: day },
            { ...value, startMs: start + (day + 1) * dayMs, pointMw: day + 0.5 },
          ],
        }),
      );
      for (const forecast of saved) await tested.store.saveForecast(forecast);
      const interval = { startMs: start, endMs: start + 250 * dayMs };
      expect(await tested.store.listForecasts('mill', interval)).toEqual(saved);
      expect(await tested.store.listForecasts('mill', interval, 0)).toEqual([]);
    });

    it('are found in milliseconds among a year of them', async () => {
      for (let day = 0; day < 60; day++)
        await tested.store.saveForecast(
          aForecast({ id: `f${day}`, issuedAtMs: start + day * dayMs }),
        );
      await tested.store.latestForecast('mill');
      const times: number[] = [];
      for (let i = 0; i < 9; i++) {
        const began = performance.now();
        await tested.store.latestForecast('mill');
        times.push(performance.now() - began);
      }
      expect(times.sort((a, b) => a - b)[4]).toBeLessThan(50);
    });
  });
}
