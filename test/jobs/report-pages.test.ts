import { afterEach, beforeEach, expect, test } from 'vitest';
import { createReportPages } from '../../src/jobs/report-pages.js';
import { openJobHome, storeSeries, type JobHome } from './job-home.js';

let home: JobHome;
beforeEach(async () => {
  home = await openJobHome();
});
afterEach(() => home.close());

/** The store told of each time that a page is rendered from it. */
function countedServices(rendered: string[]): JobHome['services'] {
  const { store } = home.services;
  return {
    ...home.services,
    store: {
      ...store,
      latestForecast: (id, ...more) => {
        rendered.push(id);
        return store.latestForecast(id, ...more);
      },
    },
  };
}

test('a page is rendered once in ten seconds, also for those who ask at the same moment', async () => {
  const rendered: string[] = [];
  const services = countedServices(rendered);
  const pages = createReportPages(services);
  const series = await storeSeries(home, 2);
  const [first, same] = await Promise.all([pages(series.id, null), pages(series.id, null)]);
  expect(same).toBe(first);
  await services.store.saveSeries({ ...series, name: 'Renamed' });
  home.setNow(services.nowMs() + 9_999);
  expect(await pages(series.id, null)).toBe(first);
  expect(rendered).toEqual(['victoria']);
  home.setNow(services.nowMs() + 1);
  expect(await pages(series.id, null)).toContain('Renamed');
  home.setNow(services.nowMs() - 3_600_000); // a clock that was set back
  await pages(series.id, null);
  expect(rendered).toHaveLength(3);
});

test('a changed status shows at once, each series has a page of its own, and a live one comes first', async () => {
  const pages = createReportPages(home.services);
  await storeSeries(home, 2);
  await storeSeries(home, 2, { id: 'other', name: 'Other', kind: 'replay' });
  expect(await pages('victoria', null)).not.toContain('Models in training');
  expect(await pages('victoria', 'Models in training')).toContain('Models in training');
  expect(await pages('victoria', null)).not.toContain('Models in training');
  expect(await pages('other', null)).toContain('<title>Other');
  expect(await pages(null, null)).toContain('<title>Victoria');
});

test('a series that does not exist is refused, and found once it does', async () => {
  const pages = createReportPages(home.services);
  expect(await pages(null, null)).toContain('No series yet');
  await expect(pages('victoria', null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await storeSeries(home, 2);
  expect(await pages('victoria', null)).toContain('<title>Victoria');
});

test('the number of pages that are kept is bounded', async () => {
  const rendered: string[] = [];
  const pages = createReportPages(countedServices(rendered));
  await storeSeries(home, 0);
  for (let i = 0; i < 33; i++) await pages('victoria', `step ${i}`);
  await pages('victoria', 'step 32');
  expect(rendered).toHaveLength(33);
  await pages('victoria', 'step 0');
  expect(rendered).toHaveLength(34);
});
