import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import { contains, type Interval } from '../../core/time.js';
import type { Reading } from '../../core/reading.js';
import { asDocumented } from './documented-shape.js';
import { addressOf, requestJson, type HttpOptions } from './http.js';
import { onePerInterval } from './one-per-interval.js';
import { inPages } from './pages.js';

/** Energy-Charts of Fraunhofer ISE: no key, data under CC BY 4.0 (its own figures and those of ENTSO-E). */
export const energyChartsBaseUrl = 'https://api.energy-charts.info';

/** Countries whose load it shows, by their ISO codes. */
const countries: ReadonlySet<string> = new Set(
  (
    'AT BA BE BG CH CY CZ DE DK EE ES FI FR GB GE GR HR HU IE IT LT LU LV MD ME MK NL NO PL PT ' +
    'RO RS SE SI SK UA XK'
  ).split(' '),
);

/** What it calls a country; null for one that it does not have. */
export function energyChartsCode(isoCode: string): string | null {
  if (!countries.has(isoCode)) return null;
  return isoCode === 'GB' ? 'uk' : isoCode.toLowerCase();
}

export interface EnergyChartsRequest extends HttpOptions {
  /** lower case, such as `fr`; `all` for the European Union */
  readonly country: string;
  readonly interval: Interval;
  /** without path */
  readonly baseUrl: string;
  /** between requests; default 1,000 */
  readonly pauseMs?: number;
}

const source = 'Energy-Charts';
const mostBytes = 50_000_000;
const daysPerPage = 31;

/**
 * Load of a country, in pages of a month.
 * @yields MW, ascending; intervals without a load are left out
 * @throws {LoadcastError} as `requestJson` does, and SOURCE_FAILED for an answer that is not of the documented shape
 */
export function fetchEnergyCharts(request: EnergyChartsRequest): AsyncGenerator<Reading[]> {
  const { country, baseUrl, pauseMs = 1_000 } = request;
  return inPages({ ...request, source, daysPerPage, pauseMs }, async (page) => {
    const url = addressOf(baseUrl, '/public_power', {
      country,
      start: minuteText(page.startMs),
      end: minuteText(page.endMs - 1),
    });
    const readings = parseEnergyCharts(await requestJson({ ...request, source, url, mostBytes }));
    return readings.filter(({ startMs }) => contains(page, startMs));
  });
}

/** As documented: ISO 8601 to the minute, in UTC. */
function minuteText(instantMs: number): string {
  return `${new Date(instantMs).toISOString().slice(0, 16)}Z`;
}

/** a month of quarter hours and some more */
const stampsAtMost = 20_000;

const answerSchema = z.object({
  unix_seconds: z.array(z.int().min(0).max(1e11)).max(stampsAtMost),
  production_types: z
    .array(
      z.object({
        name: z.string(),
        data: z.array(z.number().nullable()).max(stampsAtMost),
      }),
    )
    .max(200),
});

/**
 * The load of an answer: the series named `Load` beside the kinds of production.
 * @returns MW, ascending
 * @throws {LoadcastError} SOURCE_FAILED if the answer is not of the documented shape, or knows kinds of production but
 * no load
 */
export function parseEnergyCharts(json: unknown): Reading[] {
  const { unix_seconds: seconds, production_types: types } = asDocumented(
    source,
    answerSchema,
    json,
  );
  if (seconds.length === 0) return [];
  const load = types.find(({ name }) => name === 'Load');
  if (!load)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `Energy-Charts' answer has no series "Load"; it has ${types.map(({ name }) => `"${name}"`).join(', ') || 'none'}.`,
    );
  if (load.data.length !== seconds.length)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `Energy-Charts' answer has ${seconds.length} times but ${load.data.length} loads.`,
    );
  const ascending = seconds
    .map((second, i) => ({ startMs: second * 1_000, value: load.data[i] ?? null }))
    .sort((a, b) => a.startMs - b.startMs);
  return onePerInterval(
    withLengths(ascending).flatMap(({ startMs, value, minutes }) =>
      value === null ? [] : [{ startMs, minutes, value }],
    ),
  );
}

const lengths: ReadonlySet<number> = new Set([15, 30, 60]);

/**
 * The length of each interval, which an answer does not tell: the distance to the next stamp, which is given for hours
 * without a value too. Across a hole, and for the last one, that of the interval before.
 */
function withLengths<T extends { readonly startMs: number }>(
  ascending: readonly T[],
): (T & { readonly minutes: number })[] {
  const distances = ascending.map(({ startMs }, i) =>
    i + 1 < ascending.length ? ((ascending[i + 1]?.startMs ?? 0) - startMs) / 60_000 : Number.NaN,
  );
  const first = distances.find((distance) => lengths.has(distance));
  let minutes = first ?? 60;
  return ascending.map((each, i) => {
    const distance = distances[i] ?? Number.NaN;
    if (lengths.has(distance)) minutes = distance;
    return { ...each, minutes };
  });
}
