import { describe, expect, it } from 'vitest';
import { hourMs } from '../../../src/core/time.js';
import type { TestedStore } from '../store-contract.js';

const start = Date.UTC(2024, 0, 1);
const run = (runHour: number, availableHour: number, hours: readonly number[], value: number) =>
  ({
    source: 'open-meteo',
    runAtMs: start + runHour * hourMs,
    availableAtMs: start + availableHour * hourMs,
    readings: hours.map((hour) => ({ startMs: start + hour * hourMs, minutes: 60, value })),
  }) as const;
async function valuesAt({ store }: TestedStore, knownHour: number) {
  const { readings } = await store.readWeatherForecast('mill', {
    knownAtMs: start + knownHour * hourMs,
  });
  return readings.map((reading) => [(reading.startMs - start) / hourMs, reading.value]);
}

export function describeWeatherForecasts(tested: TestedStore): void {
  describe('weather forecasts', () => {
    it('are taken hour by hour from the newest run that was available', async () => {
      await tested.store.writeWeatherRun('mill', run(0, 2, [1, 2, 3], 10));
      await tested.store.writeWeatherRun('mill', run(6, 9, [2, 3, 4], 20));
      expect(await valuesAt(tested, 1)).toEqual([]);
      expect(await valuesAt(tested, 8)).toEqual([
        [1, 10],
        [2, 10],
        [3, 10],
      ]);
      expect(await valuesAt(tested, 9)).toEqual([
        [1, 10],
        [2, 20],
        [3, 20],
        [4, 20],
      ]);
      const late = run(3, 12, [4], 15);
      await tested.store.writeWeatherRun('mill', late);
      expect(await valuesAt(tested, 13)).toEqual([
        [1, 10],
        [2, 20],
        [3, 20],
        [4, 20],
      ]);
    });

    it('are listed run by run, newest first, each as it was known', async () => {
      const { store } = tested;
      await store.writeWeatherRun('mill', run(0, 2, [1, 2, 3], 10));
      await store.writeWeatherRun('mill', run(6, 9, [2, 3, 4], 20));
      await store.writeWeatherRun('mill', run(6, 10, [3], 21));
      const list = async (sinceHour: number, knownHour: number) =>
        (
          await store.listWeatherRuns('mill', start + sinceHour * hourMs, {
            interval: { startMs: start + 2 * hourMs, endMs: start + 4 * hourMs },
            knownAtMs: start + knownHour * hourMs,
          })
        ).map(({ runAtMs, readings }) => [
          (runAtMs - start) / hourMs,
          ...readings.map(({ value }) => value),
        ]);
      expect(await list(0, 8)).toEqual([[0, 10, 10]]);
      expect(await list(0, 9)).toEqual([
        [6, 20, 20],
        [0, 10, 10],
      ]);
      expect(await list(1, 10)).toEqual([[6, 20, 21]]);
    });

    it('of an ensemble are kept member by member, and once where nothing has changed', async () => {
      const { store } = tested;
      const members = [
        [1, 2.5],
        [3, -4.25],
      ].map((celsius) =>
        celsius.map((value, hour) => ({ startMs: start + hour * hourMs, minutes: 60, value })),
      );
      const first = { runAtMs: start, availableAtMs: start + hourMs, members };
      expect(await store.latestWeatherEnsemble('mill', start)).toBeNull();
      expect(await store.writeWeatherEnsemble('mill', first)).toBe(true);
      const again = { ...first, runAtMs: start + hourMs, availableAtMs: start + 2 * hourMs };
      expect(await store.writeWeatherEnsemble('mill', again)).toBe(false);
      const later = { ...again, members: [members[0]?.slice(1) ?? [], members[1] ?? []] };
      expect(await store.writeWeatherEnsemble('mill', later)).toBe(true);
      expect(await store.latestWeatherEnsemble('mill', start)).toEqual(later);
      expect(await store.latestWeatherEnsemble('mill', start, start + hourMs)).toEqual(first);
      expect(await store.latestWeatherEnsemble('mill', start + 2 * hourMs)).toBeNull();
      expect(await store.writeWeatherEnsemble('mill', { ...later, members: [[]] })).toBe(false);
    });

    it('of the same run add only what changed', async () => {
      const counts = async (value: number) =>
        tested.store.writeWeatherRun('mill', run(0, value, [1, 2], value));
      expect(await counts(5)).toEqual({ added: 2, unchanged: 0, revised: 0 });
      expect(await counts(5)).toEqual({ added: 0, unchanged: 2, revised: 0 });
      expect(await counts(6)).toEqual({ added: 0, unchanged: 0, revised: 2 });
      expect(await valuesAt(tested, 5)).toEqual([
        [1, 5],
        [2, 5],
      ]);
      expect(await valuesAt(tested, 6)).toEqual([
        [1, 6],
        [2, 6],
      ]);
    });

    it('name the source of the newest run among the hours read', async () => {
      expect(await tested.store.readWeatherForecast('mill')).toEqual({
        source: null,
        readings: [],
      });
      await tested.store.writeWeatherRun('mill', run(0, 1, [1], 10));
      await tested.store.writeWeatherRun('mill', { ...run(1, 2, [5], 11), source: 'file' });
      const interval = { startMs: start, endMs: start + 2 * hourMs };
      expect((await tested.store.readWeatherForecast('mill')).source).toBe('file');
      expect((await tested.store.readWeatherForecast('mill', { interval })).source).toBe(
        'open-meteo',
      );
    });
  });
}
