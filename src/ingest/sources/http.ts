import { setTimeout as sleep } from 'node:timers/promises';
import { LoadcastError, messageOf } from '../../core/errors.js';

/** How any source is asked; the same for all its requests. */
export interface HttpOptions {
  /** for each attempt */
  readonly timeoutMs: number;
  /** wait before the second attempt, doubled for the third; default 1,000 */
  readonly retryDelayMs?: number;
  /** ends request and waiting at once */
  readonly signal?: AbortSignal;
  readonly fetch?: typeof fetch;
}

export interface HttpRequest extends HttpOptions {
  /** name of the provider, for messages */
  readonly source: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** taken out of the answer, as some repeat it, and of every message */
  readonly secret?: string;
  /** of the answer, unpacked */
  readonly mostBytes: number;
  /** statuses beside 200 that carry an answer */
  readonly answerStatuses?: readonly number[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

const attempts = 3;
const longestWaitMs = 60_000;

/**
 * Asks for a JSON text.
 * Tries again after a network failure, a time-out, an answer that is cut short, 429 and 5xx, waiting as `Retry-After`
 * asks (up to a minute).
 * @throws {LoadcastError} SOURCE_FAILED naming source and address (without its query, where keys are) and what was
 * wrong, CANCELLED once the signal says so
 */
export async function requestJson(request: HttpRequest): Promise<unknown> {
  return requestAnswer(request, ({ text }) => JSON.parse(text) as unknown, 'JSON');
}

/** Asks for a text, likewise. An answer that `read` throws on is taken for one cut short. */
export async function requestAnswer<T>(
  request: HttpRequest,
  read: (answer: HttpAnswer) => T,
  format: string,
): Promise<T> {
  const { source, url } = request;
  const delayMs = request.retryDelayMs ?? 1_000;
  for (let attempt = 1; ; attempt++) {
    const outcome = await askOnce(request, read, format);
    if (request.signal?.aborted) throw cancelled(request);
    if (outcome.kind === 'answer') return outcome.content;
    const waitMs = outcome.retryAfterMs ?? delayMs * 2 ** (attempt - 1);
    if (!outcome.again || attempt === attempts || waitMs > longestWaitMs)
      throw new LoadcastError(
        'SOURCE_FAILED',
        `${source} at ${url.origin} failed after ${attempt} of ${attempts} attempts: ${withoutSecret(outcome.reason, request)}.`,
        { cause: outcome.cause },
      );
    await pause(waitMs, request);
  }
}

/** @param baseUrl without path */
export function addressOf(
  baseUrl: string,
  path: string,
  query: Readonly<Record<string, string>>,
): URL {
  const url = new URL(path, baseUrl);
  url.search = new URLSearchParams(query).toString();
  return url;
}

/**
 * Waits, between the pages of a long request too.
 * @throws {LoadcastError} CANCELLED once the signal says so
 */
export async function pause(
  ms: number,
  request: Pick<HttpRequest, 'signal' | 'source' | 'url'>,
): Promise<void> {
  const { signal } = request;
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => {
    throw cancelled(request);
  });
}

type Outcome<T> =
  | { readonly kind: 'answer'; readonly content: T }
  | {
      readonly kind: 'failure';
      readonly again: boolean;
      readonly reason: string;
      readonly retryAfterMs?: number;
      readonly cause?: unknown;
    };

async function askOnce<T>(
  request: HttpRequest,
  read: (answer: HttpAnswer) => T,
  format: string,
): Promise<Outcome<T>> {
  const ask = request.fetch ?? fetch;
  let status: number;
  let headers: Headers;
  let text: string;
  try {
    const response = await ask(request.url, {
      signal: attemptSignal(request),
      headers: { 'user-agent': 'loadcast', ...request.headers },
    });
    ({ status, headers } = response);
    text = withoutSecret(await limitedText(response, request.mostBytes), request);
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    const reason = timedOut ? `no answer within ${request.timeoutMs} ms` : networkReason(error);
    return { kind: 'failure', again: true, reason, cause: withoutCauseOf(request, error) };
  }
  if (status === 200 || request.answerStatuses?.includes(status))
    return readAnswer({ status, text }, headers, read, format);
  const again = status === 429 || status >= 500;
  const retryAfterMs = again ? retryAfter(headers) : null;
  return {
    kind: 'failure',
    again,
    reason: `HTTP ${status}: ${text.slice(0, 200)}`,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
}

function readAnswer<T>(
  answer: HttpAnswer,
  headers: Headers,
  read: (answer: HttpAnswer) => T,
  format: string,
): Outcome<T> {
  try {
    return { kind: 'answer', content: read(answer) };
  } catch (error) {
    const type = headers.get('content-type') ?? 'of no stated type';
    const reason = `the answer of ${answer.text.length} characters (${type}) is no ${format} (${messageOf(error)})`;
    return { kind: 'failure', again: true, reason, cause: error };
  }
}

function attemptSignal({ timeoutMs, signal }: HttpRequest): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** @throws {Error} if the body is larger than allowed */
async function limitedText(response: Response, mostBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const body: ReadableStream<Uint8Array> | null = response.body;
  if (!body) return text;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new Error(`the answer is larger than ${mostBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** undici hides "connection refused" in the cause of "fetch failed". */
function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? `${messageOf(error)} (${cause.message})` : messageOf(error);
}

/** Seconds or an HTTP date, as RFC 9110 has it; null where absent or unreadable. */
function retryAfter(headers: Headers): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : null;
}

function withoutSecret(text: string, { secret }: HttpRequest): string {
  return secret === undefined || secret === '' ? text : text.replaceAll(secret, '***');
}

/** An error may hold the address with its key; of a request with one only the message is kept. */
function withoutCauseOf(request: HttpRequest, error: unknown): unknown {
  return request.secret === undefined ? error : withoutSecret(messageOf(error), request);
}

function cancelled({ source, url }: Pick<HttpRequest, 'source' | 'url'>): LoadcastError {
  return new LoadcastError('CANCELLED', `The request to ${source} at ${url.origin} was stopped.`);
}
