import { dayMs, type Interval } from '../../core/time.js';
import { pause, type HttpRequest } from './http.js';

export interface Paging extends Pick<HttpRequest, 'source' | 'signal'> {
  readonly baseUrl: string;
  readonly interval: Interval;
  readonly daysPerPage: number;
  /** between requests */
  readonly pauseMs: number;
}

/**
 * Asks for an interval in pages of some days, oldest first.
 * @yields what `ask` gives for each page; what lies before a page that fails has come
 * @throws {LoadcastError} as `ask` does, and CANCELLED once the signal says so
 */
export async function* inPages<T>(
  paging: Paging,
  ask: (page: Interval) => Promise<T>,
): AsyncGenerator<T> {
  const { baseUrl, interval, daysPerPage, pauseMs } = paging;
  const pageMs = daysPerPage * dayMs;
  for (let { startMs } = interval; startMs < interval.endMs; startMs += pageMs) {
    const endMs = Math.min(interval.endMs, startMs + pageMs);
    yield await ask({ startMs, endMs });
    if (endMs < interval.endMs) await pause(pauseMs, { ...paging, url: new URL(baseUrl) });
  }
}
