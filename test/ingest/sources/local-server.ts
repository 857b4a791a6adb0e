import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach } from 'vitest';

export interface LocalServer {
  /** paths with their queries, in the order they were asked */
  readonly asked: string[];
  /** Serves one handler after the other, the last one from then on; gives the address. */
  serve(...handlers: RequestListener[]): Promise<string>;
  /** Listens no more. */
  stop(): Promise<void>;
}

/** A provider on this machine, over real HTTP; stopped after each test. */
export function localServer(): LocalServer {
  let server: Server | null = null;
  const asked: string[] = [];
  const stop = async (): Promise<void> => {
    const running = server;
    server = null;
    if (!running) return;
    await new Promise((resolve) => {
      running.close(resolve);
      running.closeAllConnections();
    });
  };
  afterEach(stop);
  return {
    asked,
    stop,
    async serve(...handlers) {
      await stop();
      asked.length = 0;
      const started = createServer((request, response) => {
        const handler = handlers[Math.min(asked.length, handlers.length - 1)];
        asked.push(request.url ?? '');
        handler?.(request, response);
      });
      server = started;
      await new Promise<void>((resolve) => {
        started.listen(0, '127.0.0.1', resolve);
      });
      const address = started.address();
      return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    },
  };
}

export const answers =
  (json: unknown): RequestListener =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));

export const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(code, headers).end('{"error":true,"reason":"no"}');

export const silent: RequestListener = () => {};

/** A connection that ends in the middle of its answer. */
export const cut: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': '5000' }).write('{"latitude":');
  setTimeout(() => response.destroy(), 5);
};

/** An answer that stops in the middle without an end. */
export const half: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': '5000' }).write('{"latitude":');
};

/** What any source passes over by asking again. */
export const passingFailures: readonly (readonly [string, RequestListener])[] = [
  ['429', status(429)],
  ['429 with Retry-After', status(429, { 'retry-after': '0' })],
  ['500', status(500)],
  ['a time-out', silent],
  ['a connection cut short', cut],
  ['half an answer', (_, response) => response.end('{"latitude":')],
  ['a page of HTML', (_, response) => response.end('<html><br>busy</html>')],
];

/** The pages of a source, in order. */
export async function pagesOf<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}
