import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '../../src/core/time.js';
import { trainSeries } from '../../src/jobs/train-series.js';
import { lstmOptions } from '../../src/models/lstm/lstm-options.js';
import type { BundleRecord } from '../../src/store/store.js';
import { dataStartMs, openJobHome, storeSeries, type JobHome } from './job-home.js';

const small = lstmOptions.parse({ units: 8, headUnits: 8, seeds: 1, steps: { base: 20 } });

let home: JobHome;
beforeEach(async () => {
  home = await openJobHome();
});
afterEach(() => home.close());

function warmStartOf(bundle: BundleRecord): string | number | undefined {
  return bundle.card.members.find(({ name }) => name === 'lstm')?.facts['warm start'];
}

test('with training.warmStart the second training starts from the model of the first', async () => {
  const series = await storeSeries(home, 60);
  const nowMs = dataStartMs + 60 * dayMs;
  home.setNow(nowMs);
  const services = { ...home.services, lstm: small, warmStart: true };
  const first = await trainSeries(services, series);
  expect(warmStartOf(first)).toBeUndefined();
  home.setNow(nowMs + hourMs);
  const second = await trainSeries(services, series);
  expect(warmStartOf(second)).toBe('from the previous model');
  home.setNow(nowMs + 2 * hourMs);
  const atNine = {
    ...services,
    warmStart: false,
    forecastCron: '5 9 * * *',
    membersOf: () => ['naive', 'additive', 'lstm'],
  };
  const cold = await trainSeries(atNine, series);
  expect(warmStartOf(cold)).toBeUndefined();
  expect(cold.card.members.map(({ name }) => name)).toEqual(['naive', 'additive', 'lstm']);
  // What it is trained for is what the schedule will ask of it.
  const knownUpTo = [first, cold].map(
    ({ card }) => card.members.find(({ name }) => name === 'additive')?.facts['known up to'],
  );
  expect(knownUpTo).toEqual(['0 h', '9 h']);
}, 60_000);
