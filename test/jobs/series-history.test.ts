import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hourMs, isoUtc, localClock } from '../../src/core/time.js';
import { importExample } from '../../src/jobs/ingest/import-example.js';
import {
  lastKnownEnd,
  liveIssueTime,
  replayOrigins,
  seriesHistory,
} from '../../src/jobs/series-history.js';
import { victoriaHistory } from '../forecast/sample-history.js';
import { openJobHome, storeSeries, type JobHome } from './job-home.js';

describe('the example series', () => {
  let home: JobHome;
  beforeEach(async () => {
    home = await openJobHome();
  });
  afterEach(() => home.close());

  test('is imported once, hourly means as the file has them, and replays 2 to 29 December', async () => {
    const { store } = home.services;
    await importExample(home.services);
    await importExample(home.services);
    const [series, ...others] = await store.listSeries();
    expect(others).toEqual([]);
    if (!series) throw new Error('no example');
    expect(await store.listImports(series.id, 5)).toMatchObject([
      { rows: 17_520, rejected: 0, added: 17_520 },
    ]);
    const history = await seriesHistory(home.services, series);
    const { load } = victoriaHistory();
    expect(history.load.startMs).toBe(load.startMs);
    expect(history.load.values.length).toBe(8_760);
    const far = history.load.values.findIndex(
      (mw, i) => Math.abs(mw - (load.values[i] ?? 0)) > 1e-9 * mw,
    );
    expect(far).toBe(-1);
    const midnights = replayOrigins(history).map((ms) => localClock(ms, series.place.zone));
    expect(midnights).toHaveLength(28);
    expect(midnights[0]).toMatch(/^2014-12-02.00:00/);
    expect(midnights.at(-1)).toMatch(/^2014-12-29.00:00/);
    expect(new Set(midnights.map((clock) => clock.slice(11, 16)))).toEqual(new Set(['00:00']));
  });

  test('is made good where its first import was cut off, and left out where there is another series', async () => {
    const { store } = home.services;
    const own = await storeSeries(home, 1);
    await importExample(home.services);
    expect(await store.listSeries()).toHaveLength(1);
    await home.close();
    home = await openJobHome();
    await home.services.store.saveSeries({ ...own, id: 'victoria-2014', kind: 'replay' });
    await importExample(home.services);
    expect(await home.services.store.listImports('victoria-2014', 1)).toHaveLength(1);
  });

  test('a series without a load says how to give it one', async () => {
    const series = await storeSeries(home, 0);
    await expect(seriesHistory(home.services, series)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('loadcast import'),
    });
  });
});

describe('issue time of a live series', () => {
  // Loads of ten hours until 10:00, the last two of which are missing.
  const values = new Float64Array(10).fill(5).fill(Number.NaN, 8);
  const load = { startMs: Date.parse('2024-05-01T00:00Z'), values };

  test('the last known hour ends before the missing ones', () => {
    expect(isoUtc(lastKnownEnd(load))).toBe('2024-05-01T08:00:00Z');
    expect(lastKnownEnd({ ...load, values: new Float64Array(0) })).toBe(load.startMs);
  });

  test.each([
    ['this hour, while the loads are fresh', '2024-05-01T08:59Z', '2024-05-01T08:00:00Z'],
    ['this hour, up to 48 h after the last load', '2024-05-03T08:30Z', '2024-05-03T08:00:00Z'],
    ['the end of the loads, where they are older', '2024-05-03T09:00Z', '2024-05-01T08:00:00Z'],
    [
      'the end of the loads, where they reach into the future',
      '2024-05-01T07:59Z',
      '2024-05-01T08:00:00Z',
    ],
  ])('is %s', (_, now, expected) => {
    expect(isoUtc(liveIssueTime(load, Date.parse(now)))).toBe(expected);
  });

  test('is an hour of the grid of a zone with half hours', () => {
    const indian = { ...load, startMs: load.startMs + hourMs / 2 };
    expect(isoUtc(liveIssueTime(indian, Date.parse('2024-05-01T10:15Z')))).toBe(
      '2024-05-01T09:30:00Z',
    );
  });
});
