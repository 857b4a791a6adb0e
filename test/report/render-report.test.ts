import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import type { Forecast } from '../../src/core/forecast.js';
import { sliceHours } from '../../src/core/hourly.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import type { ReportContent } from '../../src/report/report-content.js';
import { renderReport } from '../../src/report/render-report.js';
import {
  accuracyOf,
  evaluation,
  fullContent,
  replayIssueMs,
  seasonalForecast,
  victoria,
} from './report-fixture.js';

/** What the page says, with single plain spaces. */
function textOf(content: ReportContent): string {
  const { document } = parseHTML(renderReport(content));
  document.querySelectorAll('style').forEach((element: { remove(): void }) => element.remove());
  return document.body.textContent.replaceAll(/\s+/g, ' ');
}

function nothingYet(changes: Partial<ReportContent> = {}): ReportContent {
  const empty = { startMs: 0, values: new Float64Array() };
  return fullContent({
    forecast: null,
    recentLoad: empty,
    recentTemperature: empty,
    actualAfterIssue: null,
    pastForecasts: [],
    evaluation: null,
    modelCard: null,
    lastImport: null,
    issues: [],
    jobRuns: [],
    ...changes,
  });
}

describe('the report of a replay', () => {
  const page = textOf(fullContent());

  test('says what it is: series, issue time in local time, replay, temperature ex post', () => {
    expect(page).toContain('Victoria, Australia');
    expect(page).toContain('as of Mon 29 Dec 2014 00:00 Australia/Melbourne (UTC+11)');
    expect(page).toContain('REPLAY');
    expect(page).toContain('actual (ex post), which flatters the forecast');
    expect(page).toContain('quality: full');
  });

  test('gives peak, energy and minimum of each local day, and what came', () => {
    const day = seasonalForecast(replayIssueMs).values.slice(0, 24);
    const format = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
    const loads = day.map((value) => value.pointMw);
    const energyMwh = loads.reduce((sum, value) => sum + value, 0);
    const peakHour = loads.indexOf(Math.max(...loads));
    expect(page).toContain(`${format.format(Math.max(...loads))} MW peak at ${peakHour}:00`);
    expect(page).toContain(`Energy${format.format(energyMwh)} MWh`);
    expect(page).toContain(`Minimum${format.format(Math.min(...loads))} MW at 0`);
    const actual = victoria().load;
    const came = sliceHours(actual, replayIssueMs, replayIssueMs + dayMs).values;
    expect(page).toContain(`Actual peak${format.format(Math.max(...came))} MW`);
  });

  test('shows accuracy beside seasonal naive, ordinary days and the turn of the year apart', () => {
    expect(page).toContain('MAPE of 28 replayed forecasts: 3.11 % (same hour a week ago: 7.28 %)');
    expect(page).toContain('lead day 1 672 2.81 % 6.90 %'.replaceAll(/(?<=\d|%) (?=\d)/g, ''));
    expect(page).toContain('Only ordinary days');
    expect(page).toContain('Only 24 December to 1 January');
  });

  test('shows trend consistency, anomaly sensitivity, data quality, model card and sources', () => {
    for (const words of [
      'Trend consistency',
      '91.3 %',
      'spike +100 % for 2 h',
      'above the aim',
      'timestamp has no zone: "2014-01-17 22:00"',
      '3 hours without load were filled',
      'Open-Meteo did not answer within 30 s',
      'seed 1',
      'validation from Sun 24 Aug 2014',
      'steps: 270',
      'Load: AEMO',
    ])
      expect(page).toContain(words);
  });

  test('shows loss, rate and gradient norm of each training, and what happened to it', () => {
    for (const title of ['Loss', 'Learning rate', 'Gradient norm']) expect(page).toContain(title);
    expect(page).toContain('no gain in validation by step 200: rate cut to 3.0e-3');
  });

  test('never shows NaN, undefined, null or an object', () => {
    expect(page).not.toMatch(/NaN|undefined|\bnull\b|\[object|Infinity/);
  });
});

describe('the page', () => {
  const html = renderReport(fullContent());
  const { document } = parseHTML(html);

  test('needs no script and asks nothing of the network', () => {
    expect(document.querySelectorAll('script, iframe, object, embed, base, form')).toHaveLength(0);
    expect(html).not.toMatch(/@import|url\(/);
    for (const element of document.querySelectorAll('[src], [href]'))
      expect(element.getAttribute('href')).toMatch(/^data:,|^\/reports\//);
  });

  test('every drawing has an accessible name, a caption and its numbers in a table', () => {
    const figures = [...document.querySelectorAll('figure')];
    expect(figures.length).toBeGreaterThanOrEqual(9);
    for (const figure of figures) {
      expect(figure.querySelector('figcaption strong')?.textContent).not.toBe('');
      expect(figure.querySelectorAll('details td').length).toBeGreaterThan(0);
      for (const svg of figure.querySelectorAll('svg')) {
        expect(svg.getAttribute('role')).toBe('img');
        expect(svg.getAttribute('aria-label')).not.toBe('');
        expect(svg.outerHTML).not.toContain('NaN');
      }
    }
  });

  test('ids are unique and every table row has as many cells as its head', () => {
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const table of document.querySelectorAll('table')) {
      const columns = table.querySelectorAll('thead th').length;
      for (const row of table.querySelectorAll('tbody tr'))
        expect(row.querySelectorAll('th, td')).toHaveLength(columns);
    }
  });

  test('the numbers under the load chart are the 72 values of the forecast', () => {
    const rows = document.querySelectorAll('[aria-label="Forecast by hour, MW"] tbody tr');
    expect(rows).toHaveLength(72);
    expect(rows[0]?.querySelector('th')?.textContent).toBe('Mon 29 Dec 00:00');
    expect(rows[71]?.querySelector('th')?.textContent).toBe('Wed 31 Dec 23:00');
  });

  test('the same content gives the same page, with less than a second of work', () => {
    const content = fullContent();
    const tries = Array.from({ length: 3 }, () => {
      const before = process.cpuUsage();
      expect(renderReport(content)).toBe(html);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    expect(Math.min(...tries)).toBeLessThan(1000);
  });
});

test('text from outside cannot become markup', () => {
  const evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';
  const forecast = seasonalForecast(replayIssueMs);
  const content = fullContent();
  const html = renderReport({
    ...content,
    status: evil,
    series: { ...content.series, name: evil, holidayRegion: evil },
    forecast: {
      ...forecast,
      quality: 'degraded',
      reason: evil,
      members: forecast.members.map((member) => ({ ...member, version: evil })),
    },
    evaluation: {
      ...evaluation(),
      groups: { [evil]: { blend: evaluation().blend, naive: evaluation().blend } },
    },
    issues: content.issues.map((issue) => ({ ...issue, reason: evil })),
    jobRuns: content.jobRuns.map((run) => ({ ...run, error: evil })),
    attribution: [evil],
    otherReports: [{ name: evil, path: `/reports/x"${evil}` }],
  });
  const { document } = parseHTML(html);
  expect(document.querySelectorAll('script, img')).toHaveLength(0);
  expect(html).not.toContain('<script');
  expect(document.querySelector('h1')?.textContent).toBe(evil);
});

test('a member whose name is markup stays text in every chart and table', () => {
  const forecast = seasonalForecast(replayIssueMs);
  const name = '<svg onload=alert(1)>';
  const html = renderReport(
    fullContent({
      forecast: {
        ...forecast,
        members: [{ name, version: '1', weightsByLeadDay: [1, 1, 1], leftOut: null }],
        values: forecast.values.map((value) => ({ ...value, memberMw: { [name]: 4000 } })),
      },
      evaluation: { ...evaluation(), members: { [name]: evaluation().blend } },
    }),
  );
  expect(html).not.toContain('<svg onload');
});

describe('before there is a forecast', () => {
  test('the page says so, and what the program is doing', () => {
    const page = textOf(nothingYet({ status: 'models in training, about 3 minutes left' }));
    expect(page).toContain('There is no forecast of this series yet');
    expect(page).toContain('models in training, about 3 minutes left');
    expect(page).toContain('No models are trained yet');
    expect(page).not.toMatch(/NaN|undefined|\bnull\b/);
  });
});

describe('a forecast that is not full', () => {
  const forecast = seasonalForecast(replayIssueMs);

  test('a fallback gives its quality, the reason and the members left out', () => {
    const reason = 'Models are in training; the trained forecast replaces this one in 3 minutes.';
    const fallback: Forecast = {
      ...forecast,
      kind: 'issued',
      quality: 'fallback',
      reason,
      temperatureSource: 'none',
      bundleId: null,
      members: [
        { name: 'lstm', version: '1', weightsByLeadDay: [0, 0, 0], leftOut: 'not trained yet' },
        { name: 'naive', version: '1', weightsByLeadDay: [1, 1, 1], leftOut: null },
      ],
      values: forecast.values.map((value) => ({
        ...value,
        temperatureC: null,
        memberMw: { lstm: null, naive: value.pointMw },
        quality: 'fallback',
      })),
    };
    const content = nothingYet({ forecast: fallback });
    const page = textOf({ ...content, series: { ...content.series, kind: 'live' } });
    expect(page).toContain('quality: fallback');
    expect(page).toContain(reason);
    expect(page).toContain('not trained yet');
    expect(page).toContain('No temperature is known');
    expect(page).not.toContain('REPLAY');
    expect(page).not.toContain('ex post), which flatters');
    expect(page).not.toMatch(/NaN|undefined|\bnull\b/);
  });

  test('a live forecast of three days ago is called old; a replay is not', () => {
    const content = fullContent();
    const live = {
      ...content,
      series: { ...content.series, kind: 'live' as const },
      forecast: { ...forecast, kind: 'issued' as const },
      generatedAtMs: replayIssueMs + 72 * hourMs,
    };
    expect(textOf(live)).toContain('This forecast is 72 h old');
    expect(textOf({ ...live, generatedAtMs: replayIssueMs + 12 * hourMs })).not.toContain('h old');
    expect(textOf(fullContent())).not.toContain('old (issued');
  });
});

test('figures that could not be computed are dashes', () => {
  const none = accuracyOf(Number.NaN, {
    n: 0,
    mae: Number.NaN,
    bias: Number.NaN,
    pinballPct: Number.NaN,
    coverage1090: Number.NaN,
  });
  const empty = { all: none, day1: none, day2: none, day3: none };
  const html = renderReport(
    fullContent({
      evaluation: { ...evaluation(), blend: empty, members: { naive: empty }, groups: {} },
      pastForecasts: [
        { issuedAtMs: replayIssueMs, quality: 'full', mapePct: Number.NaN, weights: {} },
      ],
    }),
  );
  expect(html).not.toContain('NaN');
  expect(html).toContain('forecasts: <strong>–</strong>');
});

test('weights of the last forecasts are drawn and told, but for members that had none', () => {
  const html = renderReport(fullContent());
  expect(html).toContain('aria-label="Blend weights by issue time"');
  expect(html).toContain('lstm 0.70, Tue 2 Dec');
  const page = textOf(fullContent());
  expect(page).toMatch(
    /Weights by issue time\s*Issued\s*lstm\s*prophet\s*Tue 2 Dec 00:00\s*0\.700\s*0\.300/,
  );
  const none = { issuedAtMs: replayIssueMs, quality: 'full' as const, mapePct: 2, weights: {} };
  expect(renderReport(fullContent({ pastForecasts: [none, none, none] }))).not.toContain(
    'figure-weights',
  );
});

test('on a clock-change day the hours carry their offset and the card its 25 hours', () => {
  const issuedAtMs = Date.parse('2014-04-05T13:00:00Z');
  const { load, temperature } = victoria();
  const page = textOf(
    fullContent({
      forecast: seasonalForecast(issuedAtMs),
      recentLoad: sliceHours(load, issuedAtMs - 7 * dayMs, issuedAtMs),
      recentTemperature: sliceHours(temperature, issuedAtMs - 7 * dayMs, issuedAtMs),
      actualAfterIssue: null,
    }),
  );
  expect(page).toContain('clock change, 25 h');
  expect(page).toContain('Sun 6 Apr 02:00 UTC+11');
  expect(page).toContain('Sun 6 Apr 02:00 UTC+10');
});

const small = (value: number): number => value / 1e5;

test('a horizon from nine in the morning names the days it cuts', () => {
  const nine = replayIssueMs - 39 * hourMs;
  const page = textOf(fullContent({ forecast: seasonalForecast(nine), actualAfterIssue: null }));
  expect(page).toContain('Sat 27 Dec from 09:00, 15 h');
  expect(page).toContain('Tue 30 Dec until 09:00, 9 h');
});

test('a load with gaps and a small feeder in kW-sized megawatts still draw', () => {
  const content = fullContent();
  const { forecast, recentLoad } = content;
  if (!forecast) throw new Error('the fixture has a forecast');
  const values = recentLoad.values.map(small);
  values.fill(Number.NaN, 20, 40);
  const html = renderReport({
    ...content,
    recentLoad: { ...recentLoad, values },
    actualAfterIssue: null,
    forecast: {
      ...forecast,
      values: forecast.values.map((value) => ({
        ...value,
        pointMw: small(value.pointMw),
        quantilesMw: value.quantilesMw.map(small),
        memberMw: {},
      })),
    },
  });
  expect(html).not.toContain('NaN');
  expect(html).toMatch(/0\.05\d{3}<small> MW peak/);
});
