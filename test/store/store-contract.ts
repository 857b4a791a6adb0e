import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hourMs } from '../../src/core/time.js';
import type { Store } from '../../src/store/store.js';
import { describeCalendarEntries } from './contract/calendar-entries.js';
import { describeExtras } from './contract/extras.js';
import { describeForecasts } from './contract/forecasts.js';
import { describeJobRuns } from './contract/job-runs.js';
import { describeLoadMarks } from './contract/load-marks.js';
import { describeLoadStages } from './contract/load-stages.js';
import { describeOldRows } from './contract/old-rows.js';
import { describeReadings } from './contract/readings.js';
import { describeResults } from './contract/results.js';
import { describeSeries } from './contract/series.js';
import { describeWeatherForecasts } from './contract/weather-forecasts.js';
import { aForecast, aSeries } from './samples.js';

export interface TestedStore {
  readonly store: Store;
  /** closes the store and opens the same database again */
  reopen(): Promise<void>;
}

/** The rules that every database behind `Store` keeps. `open` gives an empty one, `discard` removes it. */
export function describeStoreContract(
  name: string,
  open: () => Promise<TestedStore & { discard(): Promise<void> }>,
): void {
  describe(`the store contract on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    const tested: TestedStore = {
      get store() {
        return opened.store;
      },
      reopen: () => opened.reopen(),
    };
    beforeEach(async () => {
      opened = await open();
      await opened.store.saveSeries(aSeries());
    });
    afterEach(() => opened.discard());

    describeSeries(tested);
    describeReadings(tested);
    describeExtras(tested);
    describeLoadStages(tested);
    describeLoadMarks(tested);
    describeWeatherForecasts(tested);
    describeCalendarEntries(tested);
    describeForecasts(tested);
    describeResults(tested);
    describeJobRuns(tested);
    describeOldRows(tested);

    it('serves reads while a bulk write is under way, and writers wait for each other', async () => {
      const { store } = tested;
      await store.saveForecast(aForecast());
      const readings = Array.from({ length: 60_000 }, (_, i) => ({
        startMs: i * hourMs,
        minutes: 60,
        value: i,
      }));
      let writing = true;
      const bulk = store.writeLoad('mill', readings, { kind: 'assumed' }).finally(() => {
        writing = false;
      });
      const other = store.writeTemperature('mill', readings.slice(0, 10), { kind: 'assumed' });
      await store.latestForecast('mill');
      expect(writing).toBe(true);
      expect(await store.readLoad('mill')).toEqual([]);
      expect(await bulk).toMatchObject({ added: 60_000 });
      expect(await other).toMatchObject({ added: 10 });
    });
  });
}
