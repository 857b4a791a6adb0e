import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayMs, hourMs } from '../../src/core/time.js';
import { forecastSeries } from '../../src/jobs/forecast-series.js';
import { reproduceForecast } from '../../src/jobs/reproduce-forecast.js';
import { trainSeries } from '../../src/jobs/train-series.js';
import type { Series } from '../../src/store/store.js';
import { dataStartMs, openJobHome, storeSeries, type JobHome } from './job-home.js';

const days = 30;
let home: JobHome;
let series: Series;

beforeAll(async () => {
  home = await openJobHome();
  series = await storeSeries(home, 20, { resolutionMinutes: 15 });
  // Ten days of hours are followed by ten of quarters, which lie 1 % above each other.
  const { store } = home.services;
  const hours = await store.readLoad(series.id);
  const quarters = hours.slice(0, 24 * (days - 20)).flatMap(({ startMs, value }) =>
    [-1.5, -0.5, 0.5, 1.5].map((pct, part) => ({
      startMs: startMs + 20 * dayMs + part * (hourMs / 4),
      minutes: 15,
      value: value * (1 + pct / 100),
    })),
  );
  await store.writeLoad(series.id, quarters, { kind: 'assumed' });
  home.setNow(dataStartMs + days * dayMs);
  await trainSeries(home.services, series);
});
afterAll(() => home.close());

test('a series of quarter hours is forecast in quarter hours, and is stored so', async () => {
  const forecast = await forecastSeries(home.services, series);
  expect(forecast.values).toHaveLength(72);
  expect(forecast.withinHours?.minutes).toBe(15);
  const deviationMw = forecast.withinHours?.deviationMw ?? new Float64Array(0);
  // the last quarter of an hour above its first, if it were not for the slope of the load
  const rises = forecast.values.map(
    (_, hour) => deviationMw[4 * hour + 3]! - deviationMw[4 * hour]!,
  );
  expect(rises.reduce((sum, mw) => sum + mw, 0) / 72).toBeGreaterThan(20);
  expect(await home.services.store.latestForecast(series.id)).toEqual(forecast);
  const { again, largestDifferenceMw } = await reproduceForecast(
    home.services,
    series,
    forecast.id,
  );
  expect(largestDifferenceMw).toBe(0);
  expect(again.withinHours).toEqual(forecast.withinHours);
});

test('where the configuration says hourly it is of hours, and an earlier one is made again as it was', async () => {
  const hourly = { ...home.services, resolution: 'hourly' as const };
  const earlier = await home.services.store.latestForecast(series.id);
  home.setNow(home.services.nowMs() + 1);
  expect((await forecastSeries(hourly, series)).withinHours).toBeUndefined();
  const { again } = await reproduceForecast(hourly, series, earlier?.id ?? '');
  expect(again.withinHours).toEqual(earlier?.withinHours);
});
