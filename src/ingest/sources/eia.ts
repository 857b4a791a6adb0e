import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import type { Reading } from '../../core/reading.js';
import { contains, hourMs, type Interval } from '../../core/time.js';
import { asDocumented } from './documented-shape.js';
import { addressOf, requestJson, type HttpOptions } from './http.js';
import type { LoadKind } from './load-kind.js';
import { onePerInterval } from './one-per-interval.js';
import { inPages } from './pages.js';

/** US Energy Information Administration, Form EIA-930: needs a free key, data in the public domain. */
export const eiaBaseUrl = 'https://api.eia.gov';

export interface EiaRequest extends HttpOptions {
  /** balancing authority or region, such as `ISNE`, `CISO` or `US48` */
  readonly respondent: string;
  readonly kind: LoadKind;
  readonly interval: Interval;
  readonly apiKey: string;
  /** without path */
  readonly baseUrl: string;
  /** between requests; default 1,000 */
  readonly pauseMs?: number;
}

const source = 'EIA';
const mostBytes = 20_000_000;
/** the most that one answer holds */
const rowsPerAnswer = 5_000;
const daysPerPage = 200;
const typeOf = { actual: 'D', 'day-ahead': 'DF' } as const;

/**
 * Demand of a balancing authority, or its day-ahead forecast, in pages of 200 days, which one answer holds.
 * @yields MW, hourly, ascending; hours without a value are left out
 * @throws {LoadcastError} as `requestJson` does, and SOURCE_FAILED for an answer that is refused, cut short or not of
 * the documented shape
 */
export function fetchEia(request: EiaRequest): AsyncGenerator<Reading[]> {
  const { respondent, baseUrl, apiKey, pauseMs = 1_000 } = request;
  const type = typeOf[request.kind];
  return inPages({ ...request, source, daysPerPage, pauseMs }, async (page) => {
    // An hour bears the name of its end. That `end` is inclusive is not documented: one hour more is asked for.
    const url = addressOf(baseUrl, '/v2/electricity/rto/region-data/data/', {
      api_key: apiKey,
      frequency: 'hourly',
      'data[0]': 'value',
      'facets[respondent][]': respondent,
      'facets[type][]': type,
      start: hourText(page.startMs + hourMs),
      end: hourText(page.endMs + 2 * hourMs - 1),
      'sort[0][column]': 'period',
      'sort[0][direction]': 'asc',
      offset: '0',
      length: String(rowsPerAnswer),
    });
    const json = await requestJson({ ...request, source, url, mostBytes, secret: apiKey });
    return parseEia(json, respondent, type).filter(({ startMs }) => contains(page, startMs));
  });
}

function hourText(instantMs: number): string {
  return new Date(instantMs).toISOString().slice(0, 13);
}

/** Newer versions of the API write numbers as text. */
const numberText = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .transform(Number);

const hourEndMs = z
  .string()
  .transform((hour) => `${hour}:00Z`)
  .pipe(z.iso.datetime({ precision: -1 }))
  .transform((instant) => Date.parse(instant));

const answerSchema = z.object({
  response: z.object({
    total: z.union([z.int(), numberText]),
    warnings: z.unknown().optional(),
    data: z
      .array(
        z.object({
          period: hourEndMs,
          respondent: z.string(),
          type: z.string(),
          value: z.union([z.number(), numberText]).nullable(),
          'value-units': z.literal('megawatthours'),
        }),
      )
      .max(rowsPerAnswer),
  }),
});

/** A refusal comes with status 200 at times. */
const refusalSchema = z.object({
  error: z.union([z.string(), z.object({ code: z.string(), message: z.string() })]),
});

/**
 * The demand of an answer. `period` is the end of its hour: EIA-930 reports by hour ending, "the data for the hour
 * ending 1:00 a.m. is reported with a timestamp of 1:00 a.m." (eia.gov/electricity/gridmonitor/about), which holds for
 * the API as well. The energy of an hour in MWh is its mean load in MW.
 * @param type `D` for demand, `DF` for its day-ahead forecast
 * @returns MW, ascending; of an hour that is given twice the last value
 * @throws {LoadcastError} SOURCE_FAILED if EIA refuses the request, or the answer is not of the documented shape, has
 * fewer rows than it promises, or rows of another series
 */
export function parseEia(json: unknown, respondent: string, type: string): Reading[] {
  const refusal = refusalSchema.safeParse(json);
  if (refusal.success) throw refused(refusal.data.error);
  const { total, warnings, data } = asDocumented(source, answerSchema, json).response;
  if (data.length < total)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `EIA's answer has ${data.length} of ${total} rows (warnings: ${(JSON.stringify(warnings) ?? 'none').slice(0, 300)}).`,
    );
  const stranger = data.find((row) => row.respondent !== respondent || row.type !== type);
  if (stranger)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `EIA's answer has rows of "${stranger.respondent}", type ${stranger.type}; asked was "${respondent}", type ${type}.`,
    );
  return onePerInterval(
    data.flatMap(({ period, value }) =>
      value === null ? [] : [{ startMs: period - hourMs, minutes: 60, value }],
    ),
  );
}

function refused(error: string | { readonly code: string; readonly message: string }): Error {
  const reason = typeof error === 'string' ? error : `${error.code}: ${error.message}`;
  return new LoadcastError('SOURCE_FAILED', `EIA refuses the request: ${reason.slice(0, 300)}`);
}
