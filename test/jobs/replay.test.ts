import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quantileLevels } from '../../src/core/forecast.js';
import { dayMs, localClock } from '../../src/core/time.js';
import { missingJobs } from '../../src/jobs/bring-up.js';
import { evaluateSeries } from '../../src/jobs/evaluate-series.js';
import { replaySeries } from '../../src/jobs/forecast-series.js';
import { writeReport } from '../../src/jobs/report-series.js';
import { replayOrigins, seriesHistory } from '../../src/jobs/series-history.js';
import { trainSeries } from '../../src/jobs/train-series.js';
import type { BundleRecord, Series } from '../../src/store/store.js';
import { dataStartMs, openJobHome, storeSeries, type JobHome } from './job-home.js';

/** 52 days: 28 midnights with 72 h after them, and three weeks to train on, enough for the naive member alone. */
const days = 52;
let home: JobHome;
let series: Series;
let bundle: BundleRecord;
let origins: number[];

beforeAll(async () => {
  home = await openJobHome();
  series = await storeSeries(home, days, { kind: 'replay' });
  origins = replayOrigins(await seriesHistory(home.services, series));
  home.setNow(dataStartMs + 400 * dayMs);
  bundle = await trainSeries(home.services, series);
});
afterAll(() => home.close());

test('a replay is trained on what lies before its first midnight, whatever the time is now', async () => {
  expect(origins).toHaveLength(28);
  expect(bundle.card.endMs).toBe(origins[0]);
  expect(bundle.card.firstHourMs).toBe(dataStartMs);
  expect(bundle.card.members.map(({ name, notFitted }) => [name, notFitted])).toEqual([
    ['naive', null],
    ['prophet', expect.stringMatching(/Need 1008 h .* have 5\d\d h/)],
    ['additive', expect.stringMatching(/Need 1344 h .* have 5\d\d h/)],
    ['boosting', expect.stringMatching(/Need 1344 h .* have 5\d\d h/)],
    ['boosting-stacked', expect.stringMatching(/Need 1344 h .* have 5\d\d h/)],
    ['lstm', expect.stringMatching(/Need 1344 h .* have 5\d\d h/)],
    ['lstm-stacked', expect.stringMatching(/Need 1344 h .* have 5\d\d h/)],
    ['similar-day', expect.stringMatching(/Need 1344 h .* have 5\d\d h/)],
    ['mstl', expect.stringMatching(/Need 672 h .* have 5\d\d h/)],
  ]);
  expect(await home.services.store.championBundle(series.id)).toEqual(bundle);
});

test('an evaluation scores what is stored and how it answers to faults', async () => {
  await replaySeries(home.services, series, {}, true);
  const evaluation = await evaluateSeries(home.services, series);
  expect(evaluation).toMatchObject({
    kind: 'replay',
    forecasts: 1,
    firstIssuedAtMs: origins.at(-1),
    lastIssuedAtMs: origins.at(-1),
    anomaly: { days: 1, passed: true },
  });
  expect(evaluation.blend.all.n).toBe(72);
  expect(evaluation.blend.all.mape).toBeGreaterThan(0);
  expect(evaluation.members['naive']?.all.mape).toBeCloseTo(evaluation.blend.all.mape, 6);
  const [stored] = await home.services.store.listEvaluations(series.id, 1);
  expect(stored).toEqual(evaluation);
});

test('each midnight is issued once, with its actual temperature; the members that are missing are named', async () => {
  expect(await missingJobs(home.services, series)).toEqual(['forecast', 'evaluate', 'report']);
  home.setNow(home.services.nowMs() + 1);
  const forecasts = await replaySeries(home.services, series);
  expect(forecasts.map(({ issuedAtMs }) => issuedAtMs)).toEqual(origins);
  for (const forecast of forecasts) {
    expect(localClock(forecast.issuedAtMs, series.place.zone)).toMatch(/.00:00/);
    expect(forecast).toMatchObject({
      kind: 'replay',
      quality: 'degraded',
      temperatureSource: 'actual',
      bundleId: bundle.id,
      dataCutoffMs: forecast.issuedAtMs,
    });
    expect(forecast.reason).toMatch(/^prophet was not fitted: .*; lstm was not fitted: /);
    for (const { quantilesMw } of forecast.values) {
      expect(quantilesMw).toHaveLength(quantileLevels.length);
      expect(quantilesMw).toEqual([...quantilesMw].sort((a, b) => a - b));
    }
  }
  expect(await home.services.store.latestForecast(series.id)).toEqual(forecasts.at(-1));
});

test('then a second start needs nothing, until there are newer models', async () => {
  expect(await missingJobs(home.services, series)).toEqual([]);
  const { store } = home.services;
  const newer = { ...bundle, id: `${bundle.id}-b`, createdAtMs: home.services.nowMs() + 1 };
  await store.saveBundle(newer);
  expect(await missingJobs(home.services, series)).toEqual(['forecast', 'evaluate', 'report']);
  await store.saveBundle({ ...bundle, state: 'champion' });
  await store.saveBundle({ ...newer, state: 'retired' });
  expect(await missingJobs(home.services, series)).toEqual([]);
});

test('the report is one file that shows the replay, written whole', async () => {
  const file = await writeReport(home.services, series);
  expect(file).toBe(path.join(home.folder, 'reports', 'victoria.html'));
  expect(await readdir(path.dirname(file))).toEqual(['victoria.html']);
  const html = await readFile(file, 'utf8');
  expect(html).toMatch(/^<!doctype html>/i);
  expect(html).toMatch(/replay/i);
  expect(html).toContain('Need 1344 h');
});

test('with a damaged model the accuracy is stored without the answer to faults, and it is trained again', async () => {
  const [part] = bundle.files;
  if (!part) throw new Error('no part');
  const file = path.join(home.folder, 'models', part.path);
  const whole = await readFile(file);
  const jobs = ['retrain', 'forecast', 'evaluate', 'report'];
  await writeFile(file, `${whole.toString()} `);
  const evaluation = await evaluateSeries(home.services, series);
  expect(evaluation).toMatchObject({ forecasts: 28, anomaly: null });
  expect((await home.services.store.listEvaluations(series.id, 1))[0]).toEqual(evaluation);
  expect(await missingJobs(home.services, series)).toEqual(jobs);
  expect(home.warnings.splice(0)).toEqual(Array(2).fill(expect.stringContaining(part.path)));
  await rm(file);
  expect(await missingJobs(home.services, series)).toEqual(jobs);
  expect(home.warnings.splice(0)).toEqual([expect.stringContaining(part.path)]);
  await writeFile(file, whole);
});

test('with a member that this version does not know, too', async () => {
  const { store, modelFiles } = home.services;
  const strange = [
    await modelFiles.write('victoria/strange/oracle.json', Buffer.from('{}')),
    await modelFiles.write('victoria/strange/oracle.bin', Buffer.from('')),
  ];
  await store.saveBundle({ ...bundle, id: 'strange', files: [...bundle.files, ...strange] });
  home.setNow(home.services.nowMs() + 1);
  expect(await evaluateSeries(home.services, series)).toMatchObject({ anomaly: null });
  expect(home.warnings.splice(0)).toEqual([
    expect.stringMatching(/^The models of victoria cannot be used: .*"oracle"/),
  ]);
  await store.saveBundle({ ...bundle, state: 'champion' });
});

test('with a damaged model the forecast comes from the ladder, says which part, and the log too', async () => {
  const [part] = bundle.files;
  if (!part) throw new Error('no part');
  const file = path.join(home.folder, 'models', part.path);
  const whole = await readFile(file);
  await writeFile(file, `${whole.toString()} `);
  home.setNow(home.services.nowMs() + 1);
  const [forecast, ...more] = await replaySeries(home.services, series, {}, true);
  expect(more).toEqual([]);
  expect(forecast).toMatchObject({ quality: 'fallback', bundleId: null });
  expect(forecast?.reason).toContain(part.path);
  expect(forecast?.values.every(({ pointMw }) => pointMw > 0)).toBe(true);
  expect(home.warnings).toEqual([expect.stringContaining(part.path)]);
  await writeFile(file, whole);
});
