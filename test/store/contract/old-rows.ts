import { describe, expect, it } from 'vitest';
import { dayMs, hourMs } from '../../../src/core/time.js';
import { aForecast, aSeries } from '../samples.js';
import type { TestedStore } from '../store-contract.js';

/** A run with its first hour and the last one before `endMs`. */
const run = (endMs: number, value: number, source: 'open-meteo' | 'file') => ({
  source,
  runAtMs: endMs - 9 * dayMs,
  availableAtMs: endMs - 9 * dayMs,
  readings: [9 * 24, 1].map((hours) => ({ startMs: endMs - hours * hourMs, minutes: 60, value })),
});

export function describeOldRows(tested: TestedStore): void {
  describe('rows that are forgotten', () => {
    const before = Date.UTC(2024, 0, 1);

    it('are job runs that ended and started before, of whatever series', async () => {
      const { store } = tested;
      for (const [seriesId, startedAtMs] of [
        ['mill', before - 1],
        [null, before - 2],
        ['mill', before],
      ] as const) {
        const { id } = await store.startJobRun('ingest', seriesId, startedAtMs);
        await store.finishJobRun(id, startedAtMs + 1, null);
      }
      await store.startJobRun('retrain', 'mill', before - 3);
      expect(await store.forgetBefore('mill', before)).toEqual({
        jobRuns: 2,
        weatherHours: 0,
        extraVersions: 0,
      });
      expect(
        (await store.listJobRuns(5)).map(({ job, startedAtMs }) => [job, startedAtMs]),
      ).toEqual([
        ['ingest', before],
        ['retrain', before - 3],
      ]);
    });

    it('are fetched weather runs of that series whose last hour lies before, whole or not at all', async () => {
      const { store } = tested;
      await store.saveSeries(aSeries({ id: 'other', name: 'Other' }));
      const old = before - hourMs;
      await store.writeWeatherRun('mill', run(old, 1, 'open-meteo'));
      await store.writeWeatherRun('mill', run(before + 2 * dayMs, 2, 'open-meteo'));
      await store.writeWeatherRun('mill', run(before - dayMs, 3, 'file'));
      await store.writeWeatherRun('other', run(old, 4, 'open-meteo'));
      expect(await store.forgetBefore('mill', before)).toEqual({
        jobRuns: 0,
        weatherHours: 2,
        extraVersions: 0,
      });
      const values = async (id: string): Promise<number[]> =>
        (await store.readWeatherForecast(id)).readings.map(({ value }) => value);
      expect(await values('mill')).toEqual([3, 2, 3, 2]);
      expect(await values('other')).toEqual([4, 4]);
    });

    it('are versions of extra inputs that newer ones superseded, of that series and hours before', async () => {
      const { store } = tested;
      await store.saveSeries(aSeries({ id: 'other', name: 'Other' }));
      const values = (value: number) =>
        [-2, -1, 0].map((hour) => ({ startMs: before + hour * hourMs, minutes: 60, value }));
      for (const [round, atMs] of [1, 2, 3].entries()) {
        await store.writeExtra('mill', 'sun', values(round), { kind: 'received', atMs });
        await store.writeExtra('other', 'sun', values(round), { kind: 'received', atMs });
      }
      await store.writeExtra('mill', 'wind', values(9), { kind: 'received', atMs: 1 });
      expect(await store.forgetBefore('mill', before)).toMatchObject({ extraVersions: 4 });
      const first = { knownAtMs: 1 };
      expect(await store.readExtra('mill', 'sun')).toEqual(values(2));
      expect(await store.readExtra('mill', 'sun', first)).toEqual(values(0).slice(2));
      expect(await store.readExtra('mill', 'wind', first)).toEqual(values(9));
      expect(await store.readExtra('other', 'sun', first)).toEqual(values(0));
    });

    it('are none of the loads, temperatures and forecasts', async () => {
      const { store } = tested;
      const readings = [{ startMs: 0, minutes: 60, value: 1 }];
      await store.writeLoad('mill', readings, { kind: 'assumed' });
      await store.writeTemperature('mill', readings, { kind: 'assumed' });
      await store.saveForecast(aForecast());
      await store.forgetBefore('mill', Date.UTC(2100, 0, 1));
      expect(await store.readLoad('mill')).toEqual(readings);
      expect(await store.readTemperature('mill')).toEqual(readings);
      expect(await store.latestForecast('mill')).toEqual(aForecast());
    });
  });
}
