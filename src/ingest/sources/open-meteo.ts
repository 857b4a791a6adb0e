import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { LoadcastError, messageOf } from '../../core/errors.js';
import type { Reading } from '../reading.js';

/** Open-Meteo's forecast API: no key for non-commercial use, data under CC BY 4.0. */
export const openMeteoBaseUrl = 'https://api.open-meteo.com';

export interface OpenMeteoRequest {
  readonly latitude: number;
  readonly longitude: number;
  /** without path, such as `https://api.open-meteo.com` */
  readonly baseUrl: string;
  /** for each attempt */
  readonly timeoutMs: number;
  /** wait before the second attempt, doubled for the third; default 1,000 */
  readonly retryDelayMs?: number;
  /** ends request and waiting at once */
  readonly signal?: AbortSignal;
  readonly fetch?: typeof fetch;
}

const attempts = 3;
const longestWaitMs = 60_000;
const largestAnswerBytes = 5_000_000;

/**
 * Hourly temperature forecast from two days ago to seven days ahead.
 * Tries again after a network failure, a time-out, 429 and 5xx, waiting as `Retry-After` asks (up to a minute).
 * @returns °C, ascending
 * @throws {LoadcastError} SOURCE_FAILED naming the address and what was wrong, CANCELLED once the signal says so
 */
export async function fetchOpenMeteoForecast(request: OpenMeteoRequest): Promise<Reading[]> {
  const url = requestUrl(request);
  const delayMs = request.retryDelayMs ?? 1_000;
  for (let attempt = 1; ; attempt++) {
    const answer = await askOnce(url, request);
    if (request.signal?.aborted) throw cancelled(url);
    if (answer.kind === 'answer') return parseOpenMeteo(answer.json);
    const waitMs = answer.retryAfterMs ?? delayMs * 2 ** (attempt - 1);
    if (!answer.again || attempt === attempts || waitMs > longestWaitMs)
      throw new LoadcastError(
        'SOURCE_FAILED',
        `Open-Meteo at ${url.origin} failed after ${attempt} of ${attempts} attempts: ${answer.reason}.`,
        { cause: answer.cause },
      );
    await sleep(waitMs, undefined, request.signal ? { signal: request.signal } : {}).catch(() => {
      throw cancelled(url);
    });
  }
}

function cancelled(url: URL): LoadcastError {
  return new LoadcastError('CANCELLED', `The request to Open-Meteo at ${url.origin} was stopped.`);
}

function requestUrl(request: OpenMeteoRequest): URL {
  const url = new URL('/v1/forecast', request.baseUrl);
  url.search = new URLSearchParams({
    latitude: String(request.latitude),
    longitude: String(request.longitude),
    hourly: 'temperature_2m',
    past_days: '2',
    forecast_days: '7',
    timezone: 'UTC',
  }).toString();
  return url;
}

type Attempt =
  | { readonly kind: 'answer'; readonly json: unknown }
  | {
      readonly kind: 'failure';
      readonly again: boolean;
      readonly reason: string;
      readonly retryAfterMs?: number;
      readonly cause?: unknown;
    };

function attemptSignal({ timeoutMs, signal }: OpenMeteoRequest): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

async function askOnce(url: URL, request: OpenMeteoRequest): Promise<Attempt> {
  const ask = request.fetch ?? fetch;
  let status: number;
  let headers: Headers;
  let text: string;
  try {
    const response = await ask(url, { signal: attemptSignal(request) });
    ({ status, headers } = response);
    text = await limitedText(response);
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    const reason = timedOut ? `no answer within ${request.timeoutMs} ms` : networkReason(error);
    return { kind: 'failure', again: true, reason, cause: error };
  }
  if (status === 200) return answerOf(text);
  const again = status === 429 || status >= 500;
  const retryAfterMs = again ? retryAfter(headers) : null;
  return {
    kind: 'failure',
    again,
    reason: `HTTP ${status}: ${text.slice(0, 200)}`,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
}

function answerOf(text: string): Attempt {
  try {
    return { kind: 'answer', json: JSON.parse(text) };
  } catch (error) {
    const reason = `the answer of ${text.length} characters is no JSON (${messageOf(error)})`;
    return { kind: 'failure', again: true, reason, cause: error };
  }
}

/** @throws {Error} if the body is larger than any forecast */
async function limitedText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const body: ReadableStream<Uint8Array> | null = response.body;
  if (!body) return text;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > largestAnswerBytes)
      throw new Error(`the answer is larger than ${largestAnswerBytes} bytes`);
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

const hoursAtMost = 24 * 30;

const answerSchema = z.object({
  utc_offset_seconds: z.literal(0),
  hourly_units: z.object({ temperature_2m: z.literal('°C') }),
  hourly: z.object({
    time: z.array(z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:00$/)).max(hoursAtMost),
    temperature_2m: z.array(z.number().min(-100).max(70).nullable()).max(hoursAtMost),
  }),
});

/**
 * The temperatures of an answer. The value at the full hour stands for the hour that starts then; hours without one
 * are left out.
 * @throws {LoadcastError} SOURCE_FAILED if the answer is not of the documented shape or holds no temperature
 */
export function parseOpenMeteo(json: unknown): Reading[] {
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `Open-Meteo's answer is not of the documented shape: ${z.prettifyError(parsed.error).slice(0, 300)}`,
    );
  const { time, temperature_2m } = parsed.data.hourly;
  if (time.length !== temperature_2m.length)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `Open-Meteo's answer has ${time.length} hours but ${temperature_2m.length} temperatures.`,
    );
  const readings: Reading[] = [];
  time.forEach((hour, i) => {
    const value = temperature_2m[i] ?? null;
    if (value !== null) readings.push({ startMs: Date.parse(`${hour}Z`), value });
  });
  if (readings.length === 0)
    throw new LoadcastError('SOURCE_FAILED', "Open-Meteo's answer holds no temperature.");
  return readings.sort((a, b) => a.startMs - b.startMs);
}
