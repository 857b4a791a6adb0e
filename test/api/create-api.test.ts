import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  evaluationListSchema,
  forecastSchema,
  healthSchema,
  jobListSchema,
  outlookSchema,
  pathsSchema,
  problemSchema,
  readinessSchema,
  seriesListSchema,
} from '../../src/api/schemas.js';
import { quantileLevels } from '../../src/core/forecast.js';
import { dayMs } from '../../src/core/time.js';
import { present } from '../core/present.js';
import { aForecast, anEvaluation, aSeries } from '../store/samples.js';
import { nowMs, startService, type Service } from './service.js';

let service: Service;
const stored = aForecast();
/** paths that are low or high throughout */
const sameRanks = Uint8Array.from({ length: 72 * 200 }, (_, i) => i % 200);

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

function get(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${service.url}${path}`, init);
}

/** Reads a response that must be JSON of this exact shape: nothing missing, nothing that the schema does not name. */
async function read<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await response.text();
  expect(text).not.toMatch(/NaN|Infinity/);
  const body: unknown = JSON.parse(text);
  const parsed = schema.parse(body);
  expect(parsed).toEqual(body);
  return parsed;
}

async function expectProblem(
  response: Response,
  status: number,
  code: string,
): Promise<z.output<typeof problemSchema>> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const problem = await read(response, problemSchema);
  expect(problem).toMatchObject({ status, code });
  return problem;
}

describe('before there is any forecast', () => {
  test('the process is alive, and says its version and time', async () => {
    const response = await get('/healthz');
    expect(response.status).toBe(200);
    expect(await read(response, healthSchema)).toEqual({
      status: 'ok',
      version: '1.2.3',
      time: '2024-01-01T06:00:00Z',
    });
    expect(nowMs).toBe(Date.parse('2024-01-01T06:00:00Z'));
  });

  test('it is not ready, says why and when to ask again', async () => {
    service.setStatus('importing the example series');
    const response = await get('/readyz');
    expect(response.headers.get('retry-after')).toBe('5');
    const problem = await expectProblem(response, 503, 'NOT_READY');
    expect(problem.detail).toContain('importing the example series');
    service.setStatus(null);
  });

  test('the list of series is empty', async () => {
    expect(await read(await get('/api/v1/series'), seriesListSchema)).toEqual({ items: [] });
  });

  test('the latest forecast of a series without one is not found, and the answer says what to do', async () => {
    await service.store.saveSeries(aSeries());
    const response = await get('/api/v1/series/mill/forecasts/latest');
    const problem = await expectProblem(response, 404, 'NOT_FOUND');
    expect(problem.detail).toContain('"mill" has no forecast yet');
  });
});

describe('with a forecast and an evaluation', () => {
  beforeAll(async () => {
    await service.store.saveSeries(aSeries());
    await service.store.saveSeries(aSeries({ id: 'quarry', name: 'The quarry' }));
    await service.store.saveForecast(
      aForecast({ id: 'f0', issuedAtMs: stored.issuedAtMs - dayMs }),
    );
    await service.store.saveForecast(stored);
    await service.store.saveForecast(
      aForecast({ id: 'f-paths', seriesId: 'quarry', pathRanks: sameRanks }),
    );
    await service.store.writeLoad(
      'quarry',
      [{ startMs: stored.issuedAtMs - 2 * dayMs, minutes: 60, value: 80 }],
      { kind: 'assumed' },
    );
    await service.store.saveEvaluation(anEvaluation());
  });

  test('it is ready', async () => {
    const response = await get('/readyz');
    expect(response.status).toBe(200);
    expect(await read(response, readinessSchema)).toEqual({ status: 'ready', activity: null });
  });

  test('series are listed with zone, unit and kind', async () => {
    const { items } = await read(await get('/api/v1/series'), seriesListSchema);
    expect(items.map((item) => item.id).toSorted()).toEqual(['mill', 'quarry']);
    expect(items.find((item) => item.id === 'mill')).toEqual({
      id: 'mill',
      name: 'The mill',
      zone: 'Australia/Melbourne',
      holidayRegion: 'AU-VIC',
      unit: 'MW',
      loadKind: null,
      sourceUnit: 'kW',
      resolutionMinutes: 60,
      kind: 'live',
      latitude: -37.81,
      longitude: 144.96,
      reportingDelayHours: 0,
      createdAt: '1970-01-01T00:00:01Z',
    });
  });

  test('the latest forecast is the newest vintage, whole and to the last digit', async () => {
    const response = await get('/api/v1/series/mill/forecasts/latest');
    expect(response.status).toBe(200);
    const body = await read(response, forecastSchema);
    expect(body).toMatchObject({
      id: 'f1',
      seriesId: 'mill',
      issuedAt: '2024-01-01T00:00:00Z',
      quality: 'degraded',
      reason: stored.reason,
      dataCutoff: '2023-12-31T23:00:00Z',
      kind: 'issued',
      temperatureSource: 'climatology',
    });
    expect(body.members[0]).toEqual(stored.members[0]);
    expect(body.resolutionMinutes).toBe(60);
    expect(body.values).toHaveLength(72);
    for (const [lead, value] of body.values.entries()) {
      const truth = stored.values[lead];
      expect(value.leadHours).toBe(lead);
      expect(Date.parse(value.validAt)).toBe(truth?.startMs);
      expect(value.forecastMw).toBe(truth?.pointMw);
      expect(Object.keys(value.quantilesMw)).toEqual(quantileLevels.map(String));
      expect(Object.values(value.quantilesMw)).toEqual(truth?.quantilesMw);
      expect(value.membersMw).toEqual(truth?.memberMw);
      expect(value.temperatureC).toBe(truth?.temperatureC);
    }
  });

  test('a forecast of quarter hours has four values an hour, whose mean is that of the hour', async () => {
    const withinHours = {
      minutes: 15,
      deviationMw: Float64Array.from({ length: 288 }, (_, i) => [-3, -1, 1, 3][i % 4] ?? 0),
      widening: new Float64Array(72).fill(1.1),
    };
    const { store } = service;
    await store.saveSeries(aSeries({ id: 'depot', name: 'Depot', resolutionMinutes: 15 }));
    await store.saveForecast(aForecast({ id: 'f-quarters', seriesId: 'depot', withinHours }));
    const path = '/api/v1/series/depot/forecasts/latest';
    const hourly = await read(await get(path), forecastSchema);
    expect([hourly.resolutionMinutes, hourly.values.length]).toEqual([60, 72]);
    const body = await read(await get(`${path}?resolution=native`), forecastSchema);
    await expectProblem(await get(`${path}?resolution=15`), 400, 'INVALID_INPUT');
    expect(body.resolutionMinutes).toBe(15);
    expect(body.values).toHaveLength(288);
    const [first, second] = body.values.slice(4);
    expect([first?.leadHours, second?.leadHours]).toEqual([1, 1.25]);
    expect([first?.validAt, second?.validAt]).toEqual([
      '2024-01-01T01:00:00Z',
      '2024-01-01T01:15:00Z',
    ]);
    const hour = present(stored.values[1]);
    const mean = body.values.slice(4, 8).reduce((sum, { forecastMw }) => sum + forecastMw / 4, 0);
    expect(mean).toBeCloseTo(hour.pointMw, 9);
    expect(first?.membersMw['lstm']).toBeCloseTo(present(hour.memberMw['lstm']) - 3, 9);
    expect(first?.quantilesMw['0.9']).toBeCloseTo(
      hour.pointMw - 3 + 1.1 * (present(hour.quantilesMw[5]) - hour.pointMw),
      9,
    );
  });

  test('an older vintage is found by its id, under its series or alone, and may be kept', async () => {
    for (const path of ['/api/v1/forecasts/f0', '/api/v1/series/mill/forecasts/f0']) {
      const response = await get(path);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(await read(response, forecastSchema)).toMatchObject({ id: 'f0' });
    }
  });

  test('a forecast is not found under the series of another', async () => {
    const response = await get('/api/v1/series/quarry/forecasts/f0');
    const problem = await expectProblem(response, 404, 'NOT_FOUND');
    expect(problem.detail).toContain('"quarry" has no forecast "f0"');
  });

  test('the outlook has peak, energy and ramps of each whole day, by id and for the latest', async () => {
    const response = await get('/api/v1/series/quarry/forecasts/f-paths/outlook');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = await read(response, outlookSchema);
    expect(body).toMatchObject({ forecastId: 'f-paths', issuedAt: '2024-01-01T00:00:00Z' });
    // Melbourne: the issue time is 11:00
    expect(body.days.map(({ date }) => date)).toEqual(['2024-01-02', '2024-01-03']);
    const [first, second] = body.days;
    // quantiles rise by 1 MW an hour, so the last hour of a day is its peak, and the last day that of the month
    expect(first?.peakHours).toEqual([{ startsAt: '2024-01-02T12:00:00Z', probability: 1 }]);
    expect(first?.peakMw['0.5']).toBeCloseTo(400 / 7 + 36, 6);
    expect(first?.rampUpMw['0.5']).toBeCloseTo(3, 6);
    expect([first?.monthPeakProbability, second?.monthPeakProbability]).toEqual([0, 1]);
    const latest = await get('/api/v1/series/quarry/forecasts/latest/outlook');
    expect(await read(latest, outlookSchema)).toEqual(body);
  });

  test('the paths are 200 courses over its hours', async () => {
    const response = await get('/api/v1/series/quarry/forecasts/latest/paths');
    const { validAt, pathsMw } = await read(response, pathsSchema);
    expect([validAt.length, validAt[0]]).toEqual([72, '2024-01-01T00:00:00Z']);
    expect([pathsMw.length, pathsMw[0]?.length]).toEqual([200, 72]);
    expect(pathsMw[0]?.[0]).toBeLessThan(pathsMw[199]?.[0] ?? Number.NaN);
  });

  test.each(['outlook', 'paths'])(
    'a forecast without paths has no %s, and says why',
    async (what) => {
      const response = await get(`/api/v1/series/mill/forecasts/f1/${what}`);
      const problem = await expectProblem(response, 404, 'NOT_FOUND');
      expect(problem.detail).toMatch(/f1.*paths/);
      await expectProblem(
        await get(`/api/v1/series/quarry/forecasts/f1/${what}`),
        404,
        'NOT_FOUND',
      );
    },
  );

  test('evaluations carry their figures, null where none could be computed', async () => {
    const response = await get('/api/v1/series/mill/evaluations?limit=5');
    const { items } = await read(response, evaluationListSchema);
    expect(items).toHaveLength(1);
    const evaluation = anEvaluation();
    expect(items[0]?.blend.day1.mape).toBe(evaluation.blend.day1.mape);
    expect(items[0]?.blend.day3.mape).toBeNull();
    expect(items[0]?.blend.all.pinballPct).toBeNull();
    expect(items[0]?.anomaly?.faults[0]?.errorRatio).toBeNull();
    expect(items[0]?.trend.byLead.day2.naive.directionPct).toBe(90);
  });

  test('job runs are listed, newest first, the running one with what it said last', async () => {
    const { store, progress } = service;
    const ended = await store.startJobRun('ingest', 'mill', nowMs - 2);
    await store.finishJobRun(ended.id, nowMs - 1, 'no such file');
    const running = await store.startJobRun('retrain', 'mill', nowMs);
    progress.set(running.id, { phase: 'fit', member: 'lstm', step: 20, steps: 400, loss: NaN });
    const response = await get('/api/v1/series/mill/jobs?limit=2');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { items } = await read(response, jobListSchema);
    const common = { seriesId: 'mill', startedAt: '2024-01-01T06:00:00Z' };
    expect(items[0]).toEqual({
      ...common,
      id: running.id,
      job: 'retrain',
      state: 'running',
      finishedAt: null,
      error: null,
      progress: { phase: 'fit', member: 'lstm', step: 20, steps: 400, loss: null },
    });
    expect(items[1]).toMatchObject({ job: 'ingest', state: 'failed', error: 'no such file' });
    expect(items[1]?.progress).toBeNull();
    await store.finishJobRun(running.id, nowMs, null);
  });

  test('an unchanged forecast is answered 304', async () => {
    const path = '/api/v1/series/mill/forecasts/latest';
    const first = await get(path);
    await first.arrayBuffer();
    const etag = first.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const second = await get(path, {
      headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
    });
    expect(second.status).toBe(304);
  });

  test('HEAD gives the headers without the body', async () => {
    const response = await get('/api/v1/series', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });
});

describe('what cannot be answered', () => {
  test.each([
    ['/api/v1/series/nowhere/forecasts/latest', 'nowhere'],
    ['/api/v1/series/nowhere/evaluations', 'nowhere'],
    ['/api/v1/series/nowhere/jobs', 'nowhere'],
    ['/api/v1/forecasts/f99', 'f99'],
    ['/reports/nowhere', 'nowhere'],
    ['/api/v2/series', '/api/v2/series'],
    ['/favicon.ico', '/favicon.ico'],
  ])('%s is a 404 that names %s', async (path, name) => {
    const problem = await expectProblem(await get(path), 404, 'NOT_FOUND');
    expect(problem.detail).toContain(name);
    expect(problem.instance).toBe(path);
    expect(problem.title).toBe('Not Found');
  });

  test.each([
    ['/api/v1/series/Mill%3Cscript%3E/forecasts/latest', 'seriesId'],
    ['/api/v1/forecasts/a%20b', 'forecastId'],
    [`/api/v1/forecasts/${'x'.repeat(201)}`, 'forecastId'],
    ['/api/v1/series?colour=red', 'colour'],
    ['/api/v1/series/mill/evaluations?limit=0', 'limit'],
    ['/api/v1/series/mill/evaluations?limit=1&limit=2', 'limit'],
    ['/api/v1/series/mill/evaluations?limit=ten', 'limit'],
    ['/api/v1/series/mill/jobs?limit=101', 'limit'],
    ['/healthz?verbose=1', 'verbose'],
    ['/?series=mill', 'series'],
  ])('%s is a 400 that names %s', async (path, name) => {
    const problem = await expectProblem(await get(path), 400, 'INVALID_INPUT');
    expect(problem.detail).toContain(name);
    expect(problem.instance).not.toContain('?');
  });

  test('a path that is no UTF-8 is a 400', async () => {
    const problem = await expectProblem(await get('/reports/%E0%A4%A'), 400, 'INVALID_INPUT');
    expect(problem.detail).toContain('path');
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is a 405 that allows GET', async (method) => {
    for (const path of ['/', '/healthz', '/api/v1/series', '/api/v1/forecasts/f1']) {
      const response = await get(path, { method });
      expect(response.headers.get('allow')).toBe('GET, HEAD');
      await expectProblem(response, 405, 'METHOD_NOT_ALLOWED');
    }
  });

  test('an unexpected failure is a 500 that tells nothing of the inside, and is logged', async () => {
    const broken = await startService();
    await broken.store.close();
    const response = await fetch(`${broken.url}/api/v1/series`);
    const problem = await expectProblem(response, 500, 'INTERNAL');
    expect(problem.detail).not.toMatch(/select|sql|knex|destroy|pool/i);
    expect(broken.log.join('')).toMatch(/"level":50/);
    await broken.close().catch(() => null);
  });
});

describe('the page', () => {
  test('is the report, under a policy that allows neither script nor network', async () => {
    const response = await get('/');
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none';style-src 'unsafe-inline';img-src data:;base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('refresh')).toBeNull();
    expect(await response.text()).toContain('Victoria, Australia');
  });

  test('asks again by itself while the program is busy', async () => {
    service.setStatus('models in training');
    const response = await get('/reports/mill');
    expect(response.headers.get('refresh')).toBe('15');
    expect(await response.text()).toContain('models in training');
    service.setStatus(null);
  });
});

test('the log has path and status, never a header or a query', async () => {
  service.log.length = 0;
  await get('/api/v1/series?key=tell-nobody', { headers: { authorization: 'Bearer tell-nobody' } });
  const line = service.log.find((text) => text.includes('/api/v1/series')) ?? '';
  expect(line).toContain('"status":400');
  expect(service.log.join('')).not.toContain('tell-nobody');
});
