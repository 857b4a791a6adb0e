import { describe, expect, it } from 'vitest';
import { fetchEia, parseEia, type EiaRequest } from '../../../src/ingest/sources/eia.js';
import { answers, localServer, pagesOf, passingFailures } from './local-server.js';

/** As documented in eia.gov/opendata/documentation.php, of `/v2/electricity/rto/region-data/data`. */
const row = (period: string, value: unknown, type = 'D') => ({
  period,
  respondent: 'ISNE',
  'respondent-name': 'ISO New England',
  type,
  'type-name': 'Demand',
  value,
  'value-units': 'megawatthours',
});
const answer = (...data: readonly ReturnType<typeof row>[]) => ({
  response: {
    total: String(data.length),
    dateFormat: 'YYYY-MM-DD"T"HH24',
    frequency: 'hourly',
    data,
    description: 'Hourly demand, day-ahead demand forecast, net generation, and interchange.',
  },
  request: { command: '/v2/electricity/rto/region-data/data/', params: {} },
  apiVersion: '2.1.10',
});
const hour = (of: number, value: number) => ({
  startMs: Date.UTC(2024, 0, 1, of),
  minutes: 60,
  value,
});
const read = (json: unknown) => parseEia(json, 'ISNE', 'D');

describe("EIA's answer", () => {
  it('names each hour by its end, with values as text or numbers', () => {
    const rows = [row('2024-01-01T01', '12345'), row('2024-01-01T02', 12_000.5)];
    expect(read(answer(...rows, row('2024-01-02T00', '-3')))).toEqual([
      hour(0, 12_345),
      hour(1, 12_000.5),
      hour(23, -3),
    ]);
  });

  it('may lack hours and values, and give an hour twice: the last value counts', () => {
    const rows = [
      row('2024-01-01T05', 5),
      row('2024-01-01T03', null),
      row('2024-01-01T01', 1),
      row('2024-01-01T05', 6),
    ];
    expect(read(answer(...rows))).toEqual([hour(0, 1), hour(4, 6)]);
  });

  it('of no row is no load', () => {
    expect(read(answer())).toEqual([]);
    const early = { response: { total: 0, data: [], warnings: [] } };
    expect(read(early)).toEqual([]);
  });

  const good = answer(row('2024-01-01T01', 1));
  const incomplete = { warning: 'incomplete return', description: 'The API can only return 5000' };
  it.each([
    ['null', null, /documented shape/],
    ['without rows', { response: { total: '0' } }, /documented shape[^]*response.data/],
    ['of days', answer(row('2024-01-01', 1)), /documented shape[^]*period/],
    ['of an hour that is none', answer(row('2024-01-01T25', 1)), /documented shape[^]*period/],
    ['with a word for a value', answer(row('2024-01-01T01', 'n/a')), /documented shape[^]*value/],
    ['with an empty value', answer(row('2024-01-01T01', '')), /documented shape[^]*value/],
    [
      'in another unit',
      answer({ ...row('2024-01-01T01', 1), 'value-units': 'gigawatthours' }),
      /documented shape[^]*value-units/,
    ],
    [
      'cut short',
      { response: { ...good.response, total: '5001', warnings: [incomplete] } },
      /1 of 5001 rows .*can only return 5000/,
    ],
    [
      'of another respondent',
      answer({ ...row('2024-01-01T01', 1), respondent: 'PJM' }),
      /rows of "PJM", type D; asked was "ISNE", type D/,
    ],
    ['of the forecast', answer(row('2024-01-01T01', 1, 'DF')), /rows of "ISNE", type DF/],
    [
      'a refusal',
      { error: { code: 'API_KEY_INVALID', message: 'An invalid api_key was supplied.' } },
      /EIA refuses the request: API_KEY_INVALID: An invalid api_key/,
    ],
    ['a refusal in text', { error: 'Invalid frequency', code: 400 }, /refuses.*Invalid frequency/],
  ])('that is %s is refused', (_, json, message) => {
    expect(() => read(json)).toThrow(
      expect.objectContaining({ code: 'SOURCE_FAILED', message: expect.stringMatching(message) }),
    );
  });
});

const server = localServer();
const start = Date.UTC(2024, 0, 1);
const load = (baseUrl: string, changes: Partial<EiaRequest> = {}) =>
  pagesOf(
    fetchEia({
      respondent: 'ISNE',
      kind: 'actual',
      interval: { startMs: start, endMs: start + 86_400_000 },
      apiKey: 's3cret',
      baseUrl,
      timeoutMs: 300,
      retryDelayMs: 1,
      pauseMs: 1,
      ...changes,
    }),
  );

describe("asking for EIA's demand", () => {
  it('goes in pages that one answer holds, and leaves out what was not asked', async () => {
    const first = answer(row('2024-01-01T00', 9), row('2024-01-01T01', 1), row('2024-07-19T00', 2));
    const second = answer(row('2024-07-19T00', 2), row('2024-07-19T01', 3));
    const baseUrl = await server.serve(answers(first), answers(second));
    const interval = { startMs: start, endMs: start + 201 * 86_400_000 };
    expect(await load(baseUrl, { interval })).toEqual([
      [hour(0, 1), { ...hour(0, 2), startMs: Date.UTC(2024, 6, 18, 23) }],
      [{ ...hour(0, 3), startMs: Date.UTC(2024, 6, 19) }],
    ]);
    const [page, next] = server.asked.map((path) => new URL(path, 'http://host'));
    expect(page?.pathname).toBe('/v2/electricity/rto/region-data/data/');
    expect(Object.fromEntries(page?.searchParams ?? [])).toEqual({
      api_key: 's3cret',
      frequency: 'hourly',
      'data[0]': 'value',
      'facets[respondent][]': 'ISNE',
      'facets[type][]': 'D',
      start: '2024-01-01T01',
      end: '2024-07-19T01',
      'sort[0][column]': 'period',
      'sort[0][direction]': 'asc',
      offset: '0',
      length: '5000',
    });
    expect(next?.searchParams.get('start')).toBe('2024-07-19T01');
    expect(next?.searchParams.get('end')).toBe('2024-07-20T01');
  });

  it('may be for the day-ahead forecast', async () => {
    const baseUrl = await server.serve(answers(answer(row('2024-01-01T01', 7, 'DF'))));
    expect(await load(baseUrl, { kind: 'day-ahead' })).toEqual([[hour(0, 7)]]);
    expect(server.asked[0]).toContain('facets%5Btype%5D%5B%5D=DF');
  });

  const good = answers(answer(row('2024-01-01T01', 1)));
  it.each(passingFailures)('tries again after %s', async (_, failing) => {
    expect(await load(await server.serve(failing, good))).toEqual([[hour(0, 1)]]);
    expect(server.asked).toHaveLength(2);
  });

  it('never tells its key, not even one that EIA repeats', async () => {
    for (const code of [200, 403]) {
      const baseUrl = await server.serve((request, response) =>
        response.writeHead(code).end(JSON.stringify({ error: `no data at ${request.url}` })),
      );
      const failure = await load(baseUrl).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'SOURCE_FAILED',
        message: expect.stringMatching(/^EIA .*no data at .*api_key=\*\*\*/),
      });
      expect(failure instanceof Error ? failure.stack : '').not.toContain('s3cret');
    }
  });

  it('is stopped at once, between pages too', async () => {
    const stopping = new AbortController();
    const baseUrl = await server.serve((request, response) => {
      good(request, response);
      setTimeout(() => stopping.abort(), 50);
    });
    const interval = { startMs: start, endMs: start + 400 * 86_400_000 };
    const loading = load(baseUrl, { interval, pauseMs: 60_000, signal: stopping.signal });
    await expect(loading).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(server.asked).toHaveLength(1);
  });
});
