import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayMs, hourMs } from '../../src/core/time.js';
import { explainStored } from '../../src/jobs/explain-forecast.js';
import { storeBundle } from '../../src/jobs/bundle-files.js';
import { forecastSeries } from '../../src/jobs/forecast-series.js';
import { judgeHours } from '../../src/jobs/quality/inspect-series.js';
import { reproduceForecast } from '../../src/jobs/reproduce-forecast.js';
import type { Series } from '../../src/store/store.js';
import { victoriaHistory } from '../forecast/sample-history.js';
import { bundleOf, fittedNaive } from '../forecast/sample-members.js';
import { aForecast, aSeries } from '../store/samples.js';
import { dataStartMs, openJobHome, readings, storeSeries, type JobHome } from './job-home.js';

const days = 30;
const endMs = dataStartMs + days * dayMs;
let home: JobHome;
let series: Series;
beforeAll(async () => {
  home = await openJobHome();
  series = await storeSeries(home, days);
});
afterAll(() => home.close());

/** Models whose forecasts of the past were so many MW too high, as all models before them were not. */
async function storeModels(id: string, tooHighMw: number): Promise<void> {
  const { store, modelFiles, nowMs } = home.services;
  const { card } = bundleOf([await fittedNaive()]);
  const origin = (days - 3) * 24;
  const blendMw = Array.from(
    victoriaHistory().load.values.subarray(origin, origin + 72),
    (mw) => mw + tooHighMw,
  );
  const saved = {
    card: { ...card, bundleId: id, seriesId: series.id },
    members: [{ name: 'naive', manifest: {}, weights: new Uint8Array(0) }],
    past: [{ issuedAtMs: endMs - 3 * dayMs, memberMw: { naive: blendMw }, blendMw }],
  };
  await storeBundle(store, modelFiles, saved, nowMs());
}

async function storeWeather(atMs: number, warmerC: number): Promise<void> {
  const { temperature } = victoriaHistory();
  const run = readings(temperature.values, days, days + 4);
  await home.services.store.writeWeatherRun(series.id, {
    source: 'open-meteo',
    runAtMs: atMs,
    availableAtMs: atMs,
    readings: run.map((reading) => ({ ...reading, value: reading.value + warmerC })),
  });
}

test('a forecast is made once more with what was known, whatever came after it', async () => {
  const { services } = home;
  const { store } = services;
  const published = endMs + 10 * 60_000;
  home.setNow(published);
  await storeWeather(endMs, 0);
  await storeModels('victoria-old', 50);
  await forecastSeries(services, series, {}, endMs - dayMs);
  home.setNow(published + 1);
  const original = await forecastSeries(services, series, {}, endMs);
  expect(original).toMatchObject({ bundleId: 'victoria-old', quality: 'full' });

  home.setNow(published + dayMs);
  const lastDay = readings(victoriaHistory().load.values, days - 1, days);
  await store.writeLoad(
    series.id,
    lastDay.map((reading) => ({ ...reading, value: reading.value + 400 })),
    { kind: 'received', atMs: services.nowMs() },
  );
  await storeWeather(endMs + hourMs, 8);
  await storeModels('victoria-new', 300);
  const masked = { startMs: endMs - 7 * dayMs, endMs: endMs - 7 * dayMs + 5 * hourMs };
  await judgeHours(services, series, masked, { treatment: 'mask', reason: 'a storm' });
  const outage = { startMs: endMs + hourMs, endMs: endMs + 5 * hourMs };
  await store.addCalendarEntries(
    series.id,
    [{ kind: 'outage', name: 'line down', effectMw: -100, masked: false, ...outage }],
    { atMs: services.nowMs(), author: 'test', source: 'test', reason: null },
  );
  const today = await forecastSeries(services, series, {}, endMs);
  expect(today.bundleId).toBe('victoria-new');
  expect(today.values).not.toEqual(original.values);
  expect(today.values[0]?.temperatureC).not.toBe(original.values[0]?.temperatureC);

  const { again, largestDifferenceMw } = await reproduceForecast(services, series, original.id);
  expect(again).toEqual(original);
  expect(largestDifferenceMw).toBe(0);
  expect(await store.latestForecast(series.id)).toEqual(today);

  // What is explained is the forecast as it was made, and what was new since the one before it.
  const { explanation, change } = await explainStored(services, series, original.id);
  for (const [hour, value] of original.values.entries()) {
    const { calendar, temperature, recentLoad, holiday } = explanation.partsMw;
    expect(explanation.blendMw[hour]).toBeCloseTo(value.pointMw, 9);
    // a naive member reads loads alone
    expect([calendar[hour], temperature[hour], holiday[hour]]).toEqual([0, 0, 0]);
    expect(explanation.typicalMw[hour]! + recentLoad[hour]!).toBeCloseTo(value.pointMw, 9);
  }
  expect(change).toMatchObject({ startMs: endMs });
  expect(change?.laterMw).toHaveLength(48);
  expect([...(change?.partsMw.models ?? [1])].every((mw) => mw === 0)).toBe(true);
});

test('a forecast without models, or of another series, is not explained', async () => {
  const { services } = home;
  const { store } = services;
  await store.saveSeries(aSeries({ id: 'bare' }));
  await expect(explainStored(services, aSeries({ id: 'bare' }), undefined)).rejects.toThrow(
    /no forecast yet; `loadcast forecast`/,
  );
  await store.saveForecast(aForecast({ id: 'ladder', seriesId: 'bare' }));
  await store.writeLoad('bare', readings(new Float64Array(24 * days).fill(50), 0, days), {
    kind: 'assumed',
  });
  await expect(explainStored(services, aSeries({ id: 'bare' }), 'ladder')).rejects.toThrow(
    /"ladder" was made without models: there is nothing to explain/,
  );
  await expect(explainStored(services, series, 'ladder')).rejects.toThrow(/no forecast "ladder"/);
});

test('what has been changed behind the back of the versions is told by how much', async () => {
  const { services } = home;
  home.setNow(endMs + 3 * dayMs);
  const original = await forecastSeries(services, series, {}, endMs);
  await services.store.saveSeries({
    ...series,
    place: { ...series.place, holidayRegion: null },
  });
  // Back-filled without an arrival time: it counts as known since its hour ended.
  await services.store.writeExtra(series.id, 'sun', readings(new Float64Array(720), 0, days), {
    kind: 'assumed',
  });
  const same = await reproduceForecast(services, series, original.id);
  expect(same.largestDifferenceMw).toBe(0);
  const hole = readings(new Float64Array(24).fill(9_000), 0, 1).map((reading) => ({
    ...reading,
    startMs: reading.startMs + (days - 7) * dayMs,
  }));
  await services.store.writeLoad(series.id, hole, { kind: 'received', atMs: endMs });
  const other = await reproduceForecast(services, series, original.id);
  expect(other.largestDifferenceMw).toBeGreaterThan(100);
});

test('what is no forecast of the series, or a replay, is refused', async () => {
  const { services } = home;
  await expect(reproduceForecast(services, series, 'none')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: '"Victoria" has no forecast "none".',
  });
  await services.store.saveSeries(aSeries());
  await services.store.saveForecast(aForecast());
  await expect(reproduceForecast(services, series, 'f1')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await services.store.saveForecast(aForecast({ id: 'r1', seriesId: series.id, kind: 'replay' }));
  await expect(reproduceForecast(services, series, 'r1')).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('is a replay'),
  });
});
