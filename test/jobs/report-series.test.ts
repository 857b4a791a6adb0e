import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '../../src/core/time.js';
import type { JobServices } from '../../src/jobs/job-services.js';
import { reportHtml } from '../../src/jobs/report-series.js';
import type { ReadOptions, Series } from '../../src/store/store.js';
import { aForecast } from '../store/samples.js';
import { dataStartMs, openJobHome, readings, storeSeries, type JobHome } from './job-home.js';
import { victoriaHistory } from '../forecast/sample-history.js';

let home: JobHome;
beforeEach(async () => {
  home = await openJobHome();
});
afterEach(() => home.close());

async function issueAt(series: Series, issuedAtMs: number): Promise<void> {
  const sample = aForecast();
  await home.services.store.saveForecast({
    ...sample,
    id: String(issuedAtMs),
    seriesId: series.id,
    issuedAtMs,
    dataCutoffMs: issuedAtMs,
    values: sample.values.map((v, lead) => ({ ...v, startMs: issuedAtMs + lead * hourMs })),
  });
}

/** Services whose store reads everything, whatever interval it is asked for, and tells what that was. */
function readingAll(asked: (ReadOptions | undefined)[]): JobServices {
  const { store } = home.services;
  return {
    ...home.services,
    store: {
      ...store,
      readLoad: (id, options) => {
        asked.push(options);
        return store.readLoad(id);
      },
      readTemperature: (id) => store.readTemperature(id),
    },
  };
}

test('a report reads ten weeks of a long history, and says what it would say of all of it', async () => {
  const series = await storeSeries(home, 200);
  const issuedAtMs = dataStartMs + 190 * dayMs;
  for (let days = 1; days < 60; days += 10) await issueAt(series, issuedAtMs - days * dayMs);
  await issueAt(series, issuedAtMs);
  const asked: (ReadOptions | undefined)[] = [];
  const html = await reportHtml(readingAll(asked), series);
  expect(asked).toHaveLength(1);
  const { startMs, endMs } = asked[0]?.interval ?? { startMs: Number.NaN, endMs: Number.NaN };
  expect((endMs - startMs) / dayMs).toBeLessThan(80);
  expect(await reportHtml(home.services, series)).toBe(html);
});

test('of a history with a gap where the ten weeks begin, the gap is told', async () => {
  const series = await storeSeries(home, 100);
  const { values } = victoriaHistory().load;
  const later = readings(values, 125, 200);
  await home.services.store.writeLoad(series.id, later, { kind: 'assumed' });
  const issuedAtMs = dataStartMs + 190 * dayMs;
  await issueAt(series, issuedAtMs);
  const html = await reportHtml(home.services, series);
  expect(html).toContain('missing or not there yet, imputed');
  expect(await reportHtml(readingAll([]), series)).toBe(html);
});
