import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import type { Reading } from '../../core/reading.js';
import { contains, hourMs, isoUtc, type Interval } from '../../core/time.js';
import { asDocumented } from './documented-shape.js';
import { eicOf } from './entsoe-areas.js';
import { addressOf, requestAnswer, type HttpOptions } from './http.js';
import type { LoadKind } from './load-kind.js';
import { onePerInterval } from './one-per-interval.js';
import { inPages } from './pages.js';
import { readXml } from './xml.js';

/** Transparency Platform of ENTSO-E: needs a free security token, data mostly under CC BY 4.0. */
export const entsoeBaseUrl = 'https://web-api.tp.entsoe.eu';

export interface EntsoeRequest extends HttpOptions {
  /** a name of `entsoeAreas`, or an EIC */
  readonly area: string;
  readonly kind: LoadKind;
  readonly interval: Interval;
  readonly securityToken: string;
  /** without path */
  readonly baseUrl: string;
  /** between requests; default 200, as 400 a minute are allowed and more are answered with a ban of ten minutes */
  readonly pauseMs?: number;
}

const source = 'ENTSO-E';
const mostBytes = 50_000_000;
/** A request may span one year. */
const daysPerPage = 360;
const answerStatuses = [400, 401];
const systemTotalLoad = 'A65';
const processOf = { actual: 'A16', 'day-ahead': 'A01' } as const;

/**
 * Total load of an area, or its day-ahead forecast, in pages of nearly a year.
 * @yields MW, ascending; intervals without a load are left out
 * @throws {LoadcastError} INVALID_INPUT if the area is unknown; else as `requestAnswer` does, and SOURCE_FAILED for a
 * request that is refused or an answer that is not of the documented shape
 */
export function fetchEntsoe(request: EntsoeRequest): AsyncGenerator<Reading[]> {
  const { baseUrl, securityToken, pauseMs = 200 } = request;
  const area = eicOf(request.area);
  return inPages({ ...request, source, daysPerPage, pauseMs }, async (page) => {
    const url = addressOf(baseUrl, '/api', {
      securityToken,
      documentType: systemTotalLoad,
      processType: processOf[request.kind],
      outBiddingZone_Domain: area,
      periodStart: minuteText(Math.floor(page.startMs / hourMs) * hourMs),
      periodEnd: minuteText(Math.ceil(page.endMs / hourMs) * hourMs),
    });
    const document = await ask(url, request);
    return parseEntsoe(document).filter(({ startMs }) => contains(page, startMs));
  });
}

/** That nothing matches comes with status 200 or 400; a refused token with a text that need not be XML. */
async function ask(url: URL, request: EntsoeRequest): Promise<unknown> {
  const { status, document } = await requestAnswer(
    { ...request, source, url, mostBytes, secret: request.securityToken, answerStatuses },
    (answer) => ({
      status: answer.status,
      document: answer.status === 401 ? null : readEntsoeXml(answer.text),
    }),
    'XML',
  );
  if (status === 401)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `ENTSO-E at ${url.origin} refuses the security token (HTTP 401); check it under "My Account" there.`,
    );
  return document;
}

/** As documented: yyyyMMddHHmm, in UTC. */
function minuteText(instantMs: number): string {
  return isoUtc(instantMs).replaceAll(/\D/g, '').slice(0, 12);
}

const lists: ReadonlySet<string> = new Set(['TimeSeries', 'Period', 'Point', 'Reason']);

/** @throws {Error} if the text is not well-formed */
export function readEntsoeXml(text: string): unknown {
  return readXml(text, lists);
}

const instantMs = z.iso.datetime({ precision: -1 }).transform((text) => Date.parse(text));
const minutesOf = { PT15M: 15, PT30M: 30, PT60M: 60 } as const;

/** of a leap year and some more, in quarter hours */
const intervalsAtMost = 40_000;

const periodSchema = z.object({
  timeInterval: z.object({ start: instantMs, end: instantMs }),
  resolution: z.enum(['PT15M', 'PT30M', 'PT60M']).transform((resolution) => minutesOf[resolution]),
  Point: z
    .array(
      z.object({
        position: z
          .string()
          .regex(/^[1-9]\d{0,5}$/)
          .transform(Number),
        quantity: z
          .string()
          .regex(/^-?\d+(\.\d+)?$/)
          .transform(Number),
      }),
    )
    .max(intervalsAtMost),
});
type Period = z.output<typeof periodSchema>;

const loadSchema = z.object({
  GL_MarketDocument: z.object({
    TimeSeries: z.array(
      z.object({
        'quantity_Measure_Unit.name': z.literal('MAW'),
        curveType: z.enum(['A01', 'A03']),
        Period: z.array(periodSchema),
      }),
    ),
  }),
});

const acknowledgementSchema = z.object({
  Acknowledgement_MarketDocument: z.object({
    Reason: z.array(z.object({ code: z.string(), text: z.string() })).min(1),
  }),
});

/**
 * The load of an answer.
 * @param document as `readEntsoeXml` gives it
 * @returns MW, ascending, none if nothing matches the request; of an interval that is given twice the last value
 * @throws {LoadcastError} SOURCE_FAILED if ENTSO-E refuses the request, or the answer is not of the documented shape or
 * has more loads than intervals
 */
export function parseEntsoe(document: unknown): Reading[] {
  const acknowledgement = acknowledgementSchema.safeParse(document);
  if (acknowledgement.success)
    return noMatch(acknowledgement.data.Acknowledgement_MarketDocument.Reason);
  const { GL_MarketDocument: load } = asDocumented(source, loadSchema, document);
  return onePerInterval(
    load.TimeSeries.flatMap(({ curveType, Period: periods }) =>
      periods.flatMap((period) => readingsOf(period, curveType)),
    ),
  );
}

/** Code 999 is that of nearly all reasons: only their text tells them apart. */
function noMatch(reasons: readonly { readonly code: string; readonly text: string }[]): [] {
  if (reasons.every(({ text }) => /no matching data/i.test(text))) return [];
  const said = reasons.map(({ code, text }) => `${text} (reason ${code})`).join('; ');
  throw new LoadcastError('SOURCE_FAILED', `ENTSO-E refuses the request: ${said.slice(0, 500)}`);
}

/**
 * The load at position p is that of the p-th interval of the period. In a curve of type A03 it holds until the next
 * position that is given; in one of type A01 a position that is not given has no load.
 * @see ENTSO-E, "The introduction of different time series possibilities (curveType)"
 */
function readingsOf(
  { timeInterval: { start, end }, resolution: minutes, Point: points }: Period,
  curveType: 'A01' | 'A03',
): Reading[] {
  const intervals = (end - start) / (minutes * 60_000);
  const last = Math.max(...points.map(({ position }) => position), 0);
  // Loads beyond the end put the time of all others in doubt.
  if (!Number.isInteger(intervals) || intervals < last || intervals > intervalsAtMost)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `ENTSO-E's answer has a period from ${isoUtc(start)} to ${isoUtc(end)} with ${last} positions of ${minutes} min.`,
    );
  const loads = new Map(points.map(({ position, quantity }) => [position, quantity]));
  const readings: Reading[] = [];
  let held: number | undefined;
  for (let position = 1; position <= intervals; position++) {
    const value = loads.get(position) ?? (curveType === 'A03' ? held : undefined);
    held = value;
    if (value !== undefined)
      readings.push({ startMs: start + (position - 1) * minutes * 60_000, minutes, value });
  }
  return readings;
}
