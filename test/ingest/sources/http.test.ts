import { describe, expect, it } from 'vitest';
import { requestJson, type HttpRequest } from '../../../src/ingest/sources/http.js';
import { answers, half, localServer, passingFailures, silent, status } from './local-server.js';

const answer = { load: [1, 2] };
const server = localServer();
const ask = (baseUrl: string, changes: Partial<HttpRequest> = {}) =>
  requestJson({
    source: 'The provider',
    url: new URL('/v1/load?key=s3cret', baseUrl),
    mostBytes: 1_000,
    timeoutMs: 300,
    retryDelayMs: 1,
    ...changes,
  });

describe('asking a source', () => {
  it('gives its JSON', async () => {
    expect(await ask(await server.serve(answers(answer)))).toEqual(answer);
    expect(server.asked).toEqual(['/v1/load?key=s3cret']);
  });

  it.each(passingFailures)('tries again after %s', async (_, failing) => {
    expect(await ask(await server.serve(failing, failing, answers(answer)))).toEqual(answer);
    expect(server.asked).toHaveLength(3);
  });

  it.each([
    ['500 without end', status(500), /failed after 3 of 3 attempts: HTTP 500/, 3],
    ['no answer', silent, /no answer within 300 ms/, 3],
    ['400', status(400), /failed after 1 of 3 attempts: HTTP 400: .*"no"/, 1],
    [
      '429 for an hour',
      status(429, { 'retry-after': '3600' }),
      /after 1 of 3 attempts: HTTP 429/,
      1,
    ],
    ['an answer without end', answers('x'.repeat(2_000)), /is larger than 1000 bytes/, 3],
    [
      'pages of HTML',
      (_: unknown, response: Parameters<typeof silent>[1]) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>busy</html>'),
      /the answer of 17 characters \(text\/html\) is no JSON/,
      3,
    ],
  ] as const)('gives up in words after %s', async (_, handler, message, attempts) => {
    const failure = await ask(await server.serve(handler)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringMatching(message),
    });
    expect(failure).toMatchObject({ message: expect.stringMatching(/^The provider at http/) });
    expect(server.asked).toHaveLength(attempts);
  });

  it('waits as long as Retry-After asks', async () => {
    const began = performance.now();
    await ask(await server.serve(status(429, { 'retry-after': '1' }), answers(answer)));
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  it.each([
    ['no answer', silent],
    ['half an answer', half],
    ['a Retry-After of a minute', status(429, { 'retry-after': '60' })],
  ])('is stopped at once while it waits after %s', async (_, handler) => {
    const stopping = new AbortController();
    let stoppedMs = Number.NaN;
    const baseUrl = await server.serve((request, response) => {
      handler(request, response);
      setTimeout(() => {
        stoppedMs = performance.now();
        stopping.abort();
      }, 50);
    });
    const asking = ask(baseUrl, { timeoutMs: 30_000, signal: stopping.signal });
    await expect(asking).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - stoppedMs).toBeLessThan(1_000);
    expect(server.asked).toHaveLength(1);
    const late = ask(baseUrl, { signal: stopping.signal });
    await expect(late).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(server.asked).toHaveLength(1);
  });

  it('says so when nobody listens', async () => {
    const baseUrl = await server.serve(silent);
    await server.stop();
    await expect(ask(baseUrl)).rejects.toThrow(new RegExp(`${baseUrl} failed.*ECONNREFUSED`));
  });

  it('never tells a key, not even one that the provider repeats', async () => {
    const repeats = await server.serve((request, response) =>
      response.writeHead(401).end(`no access for ${request.url}`),
    );
    for (const baseUrl of [repeats, 'http://127.0.0.1:9']) {
      const failure = await ask(baseUrl, { secret: 's3cret' }).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'SOURCE_FAILED' });
      const told = failure instanceof Error ? `${failure.stack} ${String(failure.cause)}` : '';
      expect(told).toContain('failed after');
      expect(told).not.toContain('s3cret');
    }
  });
});
