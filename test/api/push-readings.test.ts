import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hourMs } from '../../src/core/time.js';
import { aSeries } from '../store/samples.js';
import { nowMs, pushToken, startService, type Service } from './service.js';

let service: Service;
let seriesId = '';
let made = 0;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());
beforeEach(async () => {
  seriesId = `meter-${made++}`;
  await service.store.saveSeries(aSeries({ id: seriesId, name: `Meter ${made}` }));
});

/** Sends a body as a client with the token would; headers may be changed. */
function push(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${service.url}/api/v1/series/${seriesId}/readings`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${pushToken}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function storedLoads(stage?: 'operational'): Promise<number[]> {
  const readings = await service.store.readLoad(seriesId, stage ? { stage } : {});
  return readings.map(({ value }) => value);
}

/** The instant some hours before now, as a client writes it. */
const before = (hours: number) => new Date(nowMs - hours * hourMs).toISOString();

describe('readings sent over HTTP', () => {
  test('are stored, known from when they came; the same again change nothing, others correct', async () => {
    const load = [
      { start: before(2), mw: 40 },
      { start: before(1), minutes: 15, mw: 41.5 },
    ];
    const temperature = [{ start: before(2), celsius: -3.5 }];
    const first = await push({ load, temperature });
    expect([first.status, await first.json()]).toEqual([
      200,
      {
        load: { added: 2, unchanged: 0, revised: 0 },
        temperature: { added: 1, unchanged: 0, revised: 0 },
        extras: { added: 0, unchanged: 0, revised: 0 },
      },
    ]);
    expect(await service.store.readLoad(seriesId)).toEqual([
      { startMs: nowMs - 2 * hourMs, minutes: 60, value: 40 },
      { startMs: nowMs - hourMs, minutes: 15, value: 41.5 },
    ]);
    expect(await service.store.readLoad(seriesId, { knownAtMs: nowMs - 1 })).toEqual([]);
    expect(await service.store.readTemperature(seriesId)).toHaveLength(1);
    expect(await service.store.findSeries(seriesId)).toMatchObject({ resolutionMinutes: 15 });
    const again = await push({ load: [{ start: before(2), mw: 42 }, load[1]] });
    expect(await again.json()).toMatchObject({ load: { added: 0, unchanged: 1, revised: 1 } });
    expect(await service.store.listImports(seriesId, 5)).toMatchObject([
      { source: 'HTTP', rows: 2, revised: 1 },
      { source: 'HTTP', rows: 2, added: 2 },
    ]);
  });

  test('of a settlement stand against operational ones that come later', async () => {
    const load = [{ start: before(30), mw: 5 }];
    await push({ load });
    const settled = await push({ stage: 'settlement', load: [{ start: before(30), mw: 6 }] });
    expect(await settled.json()).toMatchObject({ load: { revised: 1 } });
    expect(await (await push({ load })).json()).toMatchObject({ load: { unchanged: 1 } });
    expect([await storedLoads(), await storedLoads('operational')]).toEqual([[6], [5]]);
    expect((await push({ stage: 'final', load })).status).toBe(400);
  });

  test('may be extra inputs of the models, of the past and of the horizon', async () => {
    const extras = {
      sun: [
        { start: before(2), value: 410 },
        { start: before(-5), value: 520.5 },
      ],
      风: [{ start: before(2), minutes: 30, value: 4 }],
    };
    const sent = await push({ extras });
    expect([sent.status, await sent.json()]).toMatchObject([200, { extras: { added: 3 } }]);
    expect(await service.store.listExtras(seriesId)).toEqual(['sun', '风']);
    expect(await service.store.readExtra(seriesId, 'sun')).toEqual([
      { startMs: nowMs - 2 * hourMs, minutes: 60, value: 410 },
      { startMs: nowMs + 5 * hourMs, minutes: 60, value: 520.5 },
    ]);
    expect(await service.store.readExtra(seriesId, 'sun', { knownAtMs: nowMs - 1 })).toEqual([]);
    const better = await push({ extras: { sun: [{ start: before(-5), value: 500 }] } });
    expect(await better.json()).toMatchObject({ extras: { added: 0, revised: 1 } });
  });

  test('of extra inputs without a proper name, overlapping, or too many are refused', async () => {
    const value = { start: before(2), value: 1 };
    const named = (count: number, prefix = 'x') =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, [value]]));
    for (const [extras, text] of [
      [{ 'a b': [value] }, 'names inputs otherwise than with up to 60 letters, digits and _'],
      [{ sun: [value, { ...value, start: before(1.5) }] }, 'Two values of the \\"sun\\" overlap'],
      [named(21), 'names more than 20 extra inputs'],
      [{}, 'needs at least one value under'],
    ] as const) {
      const response = await push({ extras });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain(text);
    }
    expect((await push({ extras: named(15) })).status).toBe(200);
    const more = await push({ extras: named(6, 'y') });
    expect(await more.text()).toContain('would have 21 extra inputs; at most 20 are kept');
    expect(await service.store.listExtras(seriesId)).toHaveLength(15);
  });

  test('that are doubtful are listed with what stands in for them', async () => {
    const startMs = nowMs - 3 * hourMs;
    const mark = {
      startMs,
      endMs: startMs + hourMs,
      kind: 'spike',
      treatment: 'mask',
      reason: 'far above',
      madeBy: 'inspection',
      values: [{ startMs, loadMw: 90, substituteMw: null }],
    } as const;
    await service.store.changeLoadMarks(seriesId, { add: [mark], withdraw: [] }, nowMs);
    const response = await fetch(`${service.url}/api/v1/series/${seriesId}/marks`);
    expect(await response.json()).toEqual({
      items: [
        {
          id: expect.any(Number),
          start: '2024-01-01T03:00:00Z',
          end: '2024-01-01T04:00:00Z',
          kind: 'spike',
          treatment: 'mask',
          reason: 'far above',
          madeBy: 'inspection',
          madeAt: '2024-01-01T06:00:00Z',
          values: [{ start: '2024-01-01T03:00:00Z', loadMw: 90, substituteMw: null }],
        },
      ],
    });
  });

  test('what was added to the calendar is there to read', async () => {
    const startMs = nowMs;
    const days = { name: 'Spring break', startMs, endMs: nowMs + 48 * hourMs } as const;
    const outage = { name: 'Line 3', startMs, endMs: nowMs + hourMs } as const;
    await service.store.addCalendarEntries(
      seriesId,
      [
        { ...days, kind: 'school', region: null, share: 0.5 },
        { ...outage, kind: 'outage', effectMw: null, masked: true },
      ],
      { source: 'breaks.csv', author: 'anna', reason: 'as published', atMs: nowMs },
    );
    const response = await fetch(`${service.url}/api/v1/series/${seriesId}/calendar`);
    const origin = { source: 'breaks.csv', author: 'anna', reason: 'as published' };
    const createdAt = '2024-01-01T06:00:00Z';
    const added = { id: expect.any(Number), ...origin, createdAt, start: createdAt };
    expect(await response.json()).toEqual({
      items: [
        {
          ...added,
          end: '2024-01-03T06:00:00Z',
          kind: 'school',
          name: 'Spring break',
          region: null,
          share: 0.5,
        },
        {
          ...added,
          end: '2024-01-01T07:00:00Z',
          kind: 'outage',
          name: 'Line 3',
          effectMw: null,
          masked: true,
        },
      ],
    });
  });

  test('of long ago are history: known when their intervals ended', async () => {
    await push({ load: [{ start: before(100), mw: 1 }] });
    const knownAtMs = nowMs - 99 * hourMs;
    expect(await service.store.readLoad(seriesId, { knownAtMs })).toHaveLength(1);
  });

  test.each<[string, unknown, RegExp]>([
    ['no list', {}, /at least one value/],
    ['an unknown key', { load: [{ start: before(1), kw: 4 }] }, /"load\.0\.mw"|"load\.0"/],
    ['no number', { load: [{ start: before(1), mw: 'NaN' }] }, /"load\.0\.mw"/],
    ['wall clock without an offset', { load: [{ start: '2024-01-01T00:00', mw: 1 }] }, /offset/],
    ['seven minutes', { load: [{ start: before(1), minutes: 7, mw: 1 }] }, /must divide 60/],
    [
      'a temperature of Fahrenheit',
      { temperature: [{ start: before(1), celsius: 80 }] },
      /"temperature\.0\.celsius"/,
    ],
    [
      'two values of one time',
      {
        load: [
          { start: before(2), mw: 1 },
          { start: before(1.5), mw: 2 },
        ],
      },
      /overlap: 2024-01-01T04:00:00\.000Z of 60 min and 2024-01-01T04:30/,
    ],
    ['a text that is no JSON', '{"load": [', /whole JSON/],
  ])('with %s are refused as a whole', async (_, body, detail) => {
    const response = await push(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'INVALID_INPUT',
      detail: expect.stringMatching(detail),
    });
    expect(await service.store.readLoad(seriesId)).toEqual([]);
  });

  test.each<[string, Record<string, string>, number, string]>([
    ['without a token', { authorization: '' }, 401, 'UNAUTHORISED'],
    [
      'with another token',
      { authorization: 'Bearer a-token-of-25-characters-' },
      401,
      'UNAUTHORISED',
    ],
    [
      'that are no JSON by their type',
      { 'content-type': 'text/plain' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  ])('%s are refused', async (_, headers, status, code) => {
    const response = await push({ load: [{ start: before(1), mw: 1 }] }, headers);
    expect([response.status, await response.json()]).toMatchObject([status, { code }]);
    expect(service.log.join('')).not.toContain(pushToken);
    expect(await service.store.readLoad(seriesId)).toEqual([]);
  });

  test('beyond 10 MB, for a replay or an unknown series are refused', async () => {
    const large = await push(`{"load": [${' '.repeat(10_000_001)}]}`);
    expect([large.status, await large.json()]).toMatchObject([413, { detail: /./ }]);
    await service.store.saveSeries(aSeries({ id: seriesId, kind: 'replay' }));
    expect((await push({ load: [{ start: before(1), mw: 1 }] })).status).toBe(409);
    seriesId = 'nobody';
    expect((await push({ load: [{ start: before(1), mw: 1 }] })).status).toBe(404);
  });

  test('are not taken at all where no token is set; the route only takes POST', async () => {
    const closed = await startService({ pushToken: null });
    try {
      const url = `${closed.url}/api/v1/series/x/readings`;
      const headers = { authorization: 'Bearer null', 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: '{}' });
      expect([response.status, await response.json()]).toMatchObject([
        403,
        { code: 'PUSH_DISABLED', detail: expect.stringContaining('LOADCAST_PUSH_TOKEN') },
      ]);
      const read = await fetch(url);
      expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
    } finally {
      await closed.close();
    }
  });
});
