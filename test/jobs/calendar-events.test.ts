import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LoadEvent } from '../../src/core/calendar-entry.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import { evaluateSeries } from '../../src/jobs/evaluate-series.js';
import { forecastSeries } from '../../src/jobs/forecast-series.js';
import { seriesHistory } from '../../src/jobs/series-history.js';
import type { Series } from '../../src/store/store.js';
import { victoriaHistory } from '../forecast/sample-history.js';
import { dataStartMs, openJobHome, storeSeries, type JobHome } from './job-home.js';

const days = 30;
const endMs = dataStartMs + days * dayMs;
const { load } = victoriaHistory();
const weekBefore = (lead: number): number => load.values[(days - 7) * 24 + lead]!;

let home: JobHome;
let series: Series;
beforeEach(async () => {
  home = await openJobHome();
  series = await storeSeries(home, days);
  home.setNow(endMs + 20 * 60_000);
});
afterEach(() => home.close());

const event = (startMs: number, hours: number, changes: Partial<LoadEvent> = {}): LoadEvent => ({
  kind: 'demand-response',
  name: 'DR',
  effectMw: -500,
  masked: false,
  startMs,
  endMs: startMs + hours * hourMs,
  ...changes,
});

async function add(...events: LoadEvent[]): Promise<void> {
  const { store, nowMs } = home.services;
  const addition = { atMs: nowMs(), author: 'ada', source: 'test', reason: null };
  await store.addCalendarEntries(series.id, events, addition);
}

test('a forecast sees the load as it would have been, and adds what is to come', async () => {
  await add(event(endMs - 7 * dayMs + 2 * hourMs, 2), event(endMs + 3 * hourMs, 2));
  const { values } = await forecastSeries(home.services, series);
  const gained = values.slice(0, 6).map((value, lead) => value.pointMw - weekBefore(lead));
  // Hours 2 and 3 a week ago were 500 MW too low; hours 3 and 4 will be.
  for (const [lead, mw] of [0, 0, 500, 0, -500, 0].entries())
    expect(gained[lead]).toBeCloseTo(mw, 6);
  expect(values.slice(0, 6).map((value) => value.eventMw)).toEqual([
    undefined,
    undefined,
    undefined,
    -500,
    -500,
    undefined,
  ]);
  const measured = await seriesHistory(home.services, series);
  expect(measured.load.values[(days - 7) * 24 + 2]).toBeCloseTo(weekBefore(2), 6);
});

test('masked hours are left out: the forecast stands on what fills them', async () => {
  await add(event(endMs - 7 * dayMs, 5, { effectMw: null, masked: true }));
  const { values } = await forecastSeries(home.services, series);
  expect(values[0]?.pointMw).not.toBeCloseTo(weekBefore(0), 6);
  expect(values[5]?.pointMw).toBeCloseTo(weekBefore(5), 6);
  expect(values.every((value) => Number.isFinite(value.pointMw))).toBe(true);
  expect(values.every((value) => !('eventMw' in value))).toBe(true);
});

test('an issue time of the past knows what had been entered by then', async () => {
  const issuedAtMs = endMs - 10 * hourMs;
  home.setNow(issuedAtMs + 30 * 60_000);
  await add(event(endMs, 1));
  home.setNow(endMs);
  await add(event(endMs + hourMs, 1));
  const known = await forecastSeries(home.services, series, {}, issuedAtMs);
  expect(known.values.slice(9, 13).map((value) => value.eventMw)).toEqual([
    undefined,
    -500,
    undefined,
    undefined,
  ]);
  const { values } = await forecastSeries(home.services, series);
  expect(values.slice(0, 3).map((value) => value.eventMw)).toEqual([-500, -500, undefined]);
});

test('the forecast is scored with the event in it, against the load as measured', async () => {
  await add(event(endMs, 72, { effectMw: -700 }));
  const { values } = await forecastSeries(home.services, series);
  const truth = values.map(({ startMs, pointMw }) => ({ startMs, minutes: 60, value: pointMw }));
  await home.services.store.writeLoad(series.id, truth, { kind: 'assumed' });
  home.setNow(endMs + 4 * dayMs);
  const evaluation = await evaluateSeries(home.services, series);
  expect(evaluation.blend.all.mape).toBeCloseTo(0, 9);
});

test('entries of the calendar reach the place of the history', async () => {
  expect((await seriesHistory(home.services, series)).place).toEqual(series.place);
  await add(event(endMs, 1));
  const { place } = await seriesHistory(home.services, series);
  expect(place.entries).toEqual([event(endMs, 1)]);
  const before = { calendarAsOfMs: home.services.nowMs() - 1 };
  expect((await seriesHistory(home.services, series, before)).place).toEqual(series.place);
});
