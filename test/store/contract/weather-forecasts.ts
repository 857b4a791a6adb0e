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
