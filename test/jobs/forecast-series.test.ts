import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayMs, hourMs } from '../../src/core/time.js';
import { missingJobs } from '../../src/jobs/bring-up.js';
import { storeBundle } from '../../src/jobs/bundle-files.js';
import { evaluateSeries } from '../../src/jobs/evaluate-series.js';
import { forecastSeries } from '../../src/jobs/forecast-series.js';
import { reportHtml } from '../../src/jobs/report-series.js';
import type { Series } from '../../src/store/store.js';
import { bundleOf, fittedNaive } from '../forecast/sample-members.js';
import { victoriaHistory } from '../forecast/sample-history.js';
import { dataStartMs, openJobHome, readings, storeSeries, type JobHome } from './job-home.js';

const days = 30;
const endMs = dataStartMs + days * dayMs;
let home: JobHome;
let series: Series;
beforeAll(async () => {
  home = await openJobHome();
  series = await storeSeries(home, days);
  home.setNow(endMs + 30 * 60_000);
});
afterAll(() => home.close());

describe('a live series', () => {
  test('without a forecast cannot be evaluated, in words', async () => {
    await expect(evaluateSeries(home.services, series)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/No forecast of "Victoria" .* an hour after its issue time/),
    });
  });

  test('without models is forecast from the ladder, whole and marked as fallback', async () => {
    expect(await missingJobs(home.services, series)).toEqual([
      'ingest',
      'retrain',
      'forecast',
      'report',
    ]);
    const forecast = await forecastSeries(home.services, series);
    expect(forecast).toMatchObject({
      kind: 'issued',
      issuedAtMs: endMs,
      dataCutoffMs: endMs,
      quality: 'fallback',
      bundleId: null,
      members: [],
    });
    expect(forecast.reason).toMatch(/^models in training; .*seasonal naive\.$/);
    expect(forecast.values).toHaveLength(72);
    const weekBefore = victoriaHistory().load.values[(days - 7) * 24];
    expect(forecast.values[0]?.pointMw).toBeCloseTo(weekBefore ?? 0, 6);
    expect(await missingJobs(home.services, series)).toContain('retrain');
  });

  test('with models and no weather forecast is degraded and says how to supply it', async () => {
    const { store, modelFiles } = home.services;
    const { card } = bundleOf([await fittedNaive()]);
    const saved = {
      card: { ...card, bundleId: 'victoria-b1', seriesId: series.id },
      members: [{ name: 'naive', manifest: {}, weights: new Uint8Array(0) }],
      past: [],
    };
    await storeBundle(store, modelFiles, saved, home.services.nowMs());
    // There is a forecast, but not of the models.
    expect(await missingJobs(home.services, series)).toEqual(['ingest', 'forecast', 'report']);
    home.setNow(endMs + hourMs);
    const forecast = await forecastSeries(home.services, series);
    expect(forecast).toMatchObject({
      issuedAtMs: endMs + hourMs,
      dataCutoffMs: endMs,
      quality: 'degraded',
      temperatureSource: 'climatology',
      bundleId: 'victoria-b1',
    });
    expect(forecast.reason).toMatch(
      /no temperature forecast for 72 of 72 h.*give rows with a temperature after the last load, or coordinates .*Open-Meteo/,
    );
    expect(forecast.members).toMatchObject([{ name: 'naive', weightsByLeadDay: [1, 1, 1] }]);
  });

  test('with temperatures after the last load it is full', async () => {
    const { temperature } = victoriaHistory();
    await home.services.store.writeWeatherRun(series.id, {
      source: 'file',
      runAtMs: endMs,
      availableAtMs: endMs,
      readings: readings(temperature.values, days, days + 3),
    });
    const forecast = await forecastSeries(home.services, series, {}, endMs);
    expect(forecast).toMatchObject({
      quality: 'full',
      reason: null,
      temperatureSource: 'file',
      issuedAtMs: endMs,
    });
    expect(forecast.values[71]?.temperatureC).toBe(temperature.values[days * 24 + 71]);
  });

  test('is never issued from the future, which would hide every forecast until then', async () => {
    const tooLate = forecastSeries(home.services, series, {}, endMs + 2 * hourMs);
    await expect(tooLate).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/Issue time 2014-01-30T16:00:00Z is too late: .*T15:00:00Z/),
    });
  });

  test('needs nothing on a second start within a day, and a new forecast after it', async () => {
    expect(await missingJobs(home.services, series)).toEqual([]);
    home.setNow(home.services.nowMs() + dayMs + 1);
    expect(await missingJobs(home.services, series)).toEqual(['ingest', 'forecast', 'report']);
  });

  test('is shown before it has any load', async () => {
    const empty = await storeSeries(home, 0, { id: 'empty', name: 'Empty <b>' });
    const html = await reportHtml(home.services, empty);
    expect(html).toContain('Empty &lt;b&gt;');
  });
});
