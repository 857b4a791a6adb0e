import { describe, expect, it } from 'vitest';
import { entsoeAreas, eicOf } from '../../../src/ingest/sources/entsoe-areas.js';
import {
  fetchEntsoe,
  parseEntsoe,
  readEntsoeXml,
  type EntsoeRequest,
} from '../../../src/ingest/sources/entsoe.js';
import { localServer, pagesOf, passingFailures } from './local-server.js';

const start = Date.UTC(2024, 0, 1);
const minuteText = (minute: number) =>
  `${new Date(start + minute * 60_000).toISOString().slice(0, 16)}Z`;

/** @param points such as `1:50000 2:50100.5`, position and load */
const period = (from: number, until: number, resolution: string, points: string) => `
    <Period>
      <timeInterval><start>${minuteText(from)}</start><end>${minuteText(until)}</end></timeInterval>
      <resolution>${resolution}</resolution>
      ${points
        .split(' ')
        .map((point) => point.split(':'))
        .map(([p, mw]) => `<Point><position>${p}</position><quantity>${mw}</quantity></Point>`)
        .join('\n')}
    </Period>`;
const series = (curveType: string, ...periods: readonly string[]) => `
  <TimeSeries>
    <mRID>1</mRID>
    <businessType>A04</businessType>
    <objectAggregation>A01</objectAggregation>
    <outBiddingZone_Domain.mRID codingScheme="A01">10YFR-RTE------C</outBiddingZone_Domain.mRID>
    <quantity_Measure_Unit.name>MAW</quantity_Measure_Unit.name>
    <curveType>${curveType}</curveType>${periods.join('')}
  </TimeSeries>`;
/** As documented in the guide to the Transparency Platform's REST API, 6.1.A "Actual total load". */
const load = (...all: readonly string[]) => `<?xml version="1.0" encoding="UTF-8"?>
<GL_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-6:generationloaddocument:3:0">
  <mRID>a8b5</mRID>
  <type>A65</type>
  <process.processType>A16</process.processType>
  <time_Period.timeInterval><start>${minuteText(0)}</start><end>${minuteText(1_440)}</end></time_Period.timeInterval>${all.join('')}
</GL_MarketDocument>`;
const acknowledgement = (text: string, code = 999) => `<?xml version="1.0" encoding="UTF-8"?>
<Acknowledgement_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0">
  <mRID>73e4</mRID>
  <createdDateTime>2025-08-04T19:55:30Z</createdDateTime>
  <Reason><code>${code}</code><text>${text}</text></Reason>
</Acknowledgement_MarketDocument>`;
const noMatch = acknowledgement(
  'No matching data found for Data item Actual Total Load [6.1.A] (10YFR-RTE------C).',
);

const at = (minute: number, minutes: number, value: number) => ({
  startMs: start + minute * 60_000,
  minutes,
  value,
});
const read = (xml: string) => parseEntsoe(readEntsoeXml(xml));

describe("ENTSO-E's answer", () => {
  it.each([
    [
      'is the load of each position',
      load(series('A01', period(0, 120, 'PT60M', '1:50000 2:50100.5'))),
      [at(0, 60, 50_000), at(60, 60, 50_100.5)],
    ],
    [
      'lacks the positions that a curve of type A01 leaves out',
      load(series('A01', period(0, 120, 'PT30M', '2:7 4:8'))),
      [at(30, 30, 7), at(90, 30, 8)],
    ],
    [
      'holds a load until the next position, or the end, in a curve of type A03',
      load(series('A03', period(0, 75, 'PT15M', '1:7 4:8'))),
      [at(0, 15, 7), at(15, 15, 7), at(30, 15, 7), at(45, 15, 8), at(60, 15, 8)],
    ],
    [
      'lacks what comes before the first position of a curve of type A03',
      load(series('A03', period(0, 60, 'PT15M', '3:7'))),
      [at(30, 15, 7), at(45, 15, 7)],
    ],
    [
      'may go over from hours to quarter hours, with a hole between',
      load(series('A01', period(0, 60, 'PT60M', '1:1'), period(120, 150, 'PT15M', '1:2 2:3'))),
      [at(0, 60, 1), at(120, 15, 2), at(135, 15, 3)],
    ],
    [
      'may have several series in any order, and loads of 0 or less',
      load(
        series('A03', period(60, 120, 'PT60M', '1:0')),
        series('A01', period(0, 60, 'PT60M', '1:-2')),
      ),
      [at(0, 60, -2), at(60, 60, 0)],
    ],
    [
      'may give an hour twice: the last value counts',
      load(
        series('A01', period(0, 60, 'PT60M', '1:1 1:2'), period(60, 120, 'PT60M', '1:3')),
        series('A01', period(60, 120, 'PT60M', '1:4')),
      ),
      [at(0, 60, 2), at(60, 60, 4)],
    ],
    [
      'may write its elements with a namespace',
      load(series('A01', period(0, 60, 'PT60M', '1:1'))).replaceAll(
        /<(\/?)(?=[A-Za-z])/g,
        '<$1ns1:',
      ),
      [at(0, 60, 1)],
    ],
    ['is no load where nothing matches', noMatch, []],
  ])('%s', (_, xml, expected) => {
    expect(read(xml)).toEqual(expected);
  });

  const hour = (points: string, resolution = 'PT60M') =>
    load(series('A01', period(0, 60, resolution, points)));
  it.each([
    ['another document', '<Publication_MarketDocument/>', /documented shape/],
    ['without series', '<GL_MarketDocument><mRID>1</mRID></GL_MarketDocument>', /TimeSeries/],
    ['in another unit', hour('1:1').replace('MAW', 'MWH'), /documented shape[^]*MAW/],
    ['of days', hour('1:1', 'P1D'), /documented shape[^]*PT15M/],
    ['a curve of another type', hour('1:1').replace('>A01</curve', '>A02</curve'), /curveType/],
    ['with a word for a load', hour('1:n/a'), /documented shape[^]*quantity/],
    ['with an empty load', hour('1:'), /documented shape[^]*quantity/],
    ['with an entity for a load', hour('1:&#49;'), /documented shape[^]*quantity/],
    ['with position 0', hour('0:1'), /documented shape[^]*position/],
    ['with an instant that is none', hour('1:1').replaceAll('01T00:00Z', '99T00:00Z'), /start/],
    [
      'with loads beyond its period',
      hour('1:1 4:2', 'PT30M'),
      /period from 2024-01-01T00:00:00Z to 2024-01-01T01:00:00Z with 4 positions of 30 min/,
    ],
    [
      'with half an interval',
      load(series('A01', period(0, 90, 'PT60M', '1:1'))),
      /to 2024-01-01T01:30:00Z with 1 positions of 60 min/,
    ],
    [
      'with a period that ends before it starts',
      load(series('A01', period(60, 0, 'PT60M', '1:1'))),
      /with 1 positions/,
    ],
    [
      'a refusal for want of access',
      acknowledgement('Unauthorized. Missing or invalid security token', 401),
      /ENTSO-E refuses the request: Unauthorized.* \(reason 401\)/,
    ],
    [
      'a refusal of too many requests',
      acknowledgement('Max allowed requests per minute from each unique IP is max up to 400 only'),
      /Max allowed requests per minute.* \(reason 999\)/,
    ],
    [
      'a refusal of a long interval',
      acknowledgement('The amount of requested data exceeds allowed limit: one year'),
      /exceeds allowed limit: one year/,
    ],
  ])('that is %s is refused', (_, xml, message) => {
    expect(() => read(xml)).toThrow(
      expect.objectContaining({ code: 'SOURCE_FAILED', message: expect.stringMatching(message) }),
    );
  });

  it('does not expand what a document type declares', () => {
    const declared = '<!DOCTYPE a [<!ENTITY x "1"><!ENTITY y "&x;&x;">]>';
    const bomb = hour('1:&y;').replace('<GL_', `${declared}<GL_`);
    expect(() => read(bomb)).toThrow(/documented shape[^]*quantity/);
  });
});

describe('an area of ENTSO-E', () => {
  it('has an EIC with the right check character', () => {
    for (const [area, eic] of Object.entries(entsoeAreas)) expect(eicOf(area)).toBe(eicOf(eic));
  });

  it('may be written small, or as its EIC', () => {
    expect(eicOf('de_lu')).toBe('10Y1001A1001A82H');
    expect(eicOf('10YTR-TEIAS----W')).toBe('10YTR-TEIAS----W');
  });

  it.each(['Atlantis', '', '10YTR-TEIAS----V', '10YTR-TEIAS---W'])('is not "%s"', (area) => {
    expect(() => eicOf(area)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(/is no area of ENTSO-E; .* AL, AT, /),
      }),
    );
  });
});

const server = localServer();
type Handler = Parameters<typeof server.serve>[0];
const answersXml =
  (xml: string, code = 200): Handler =>
  (_, response) =>
    response.writeHead(code, { 'content-type': 'text/xml' }).end(xml);
const good = answersXml(load(series('A01', period(0, 60, 'PT60M', '1:5'))));

const ask = (baseUrl: string, changes: Partial<EntsoeRequest> = {}) =>
  pagesOf(
    fetchEntsoe({
      area: 'FR',
      kind: 'actual',
      interval: { startMs: start, endMs: start + 86_400_000 },
      securityToken: 's3cret',
      baseUrl,
      timeoutMs: 300,
      retryDelayMs: 1,
      pauseMs: 1,
      ...changes,
    }),
  );

describe("asking for ENTSO-E's load", () => {
  it('goes in pages of less than a year, and leaves out what was not asked', async () => {
    const day = 1_440;
    const wide = load(
      series(
        'A01',
        period(-60, 60, 'PT60M', '1:9 2:1'),
        period(360 * day, 360 * day + 60, 'PT60M', '1:2'),
      ),
    );
    const baseUrl = await server.serve(answersXml(wide));
    const interval = { startMs: start, endMs: start + (400 * day + 7) * 60_000 };
    expect(await ask(baseUrl, { interval })).toEqual([[at(0, 60, 1)], [at(360 * day, 60, 2)]]);
    const [page, next] = server.asked.map((path) => new URL(path, 'http://host'));
    expect(page?.pathname).toBe('/api');
    expect(Object.fromEntries(page?.searchParams ?? [])).toEqual({
      securityToken: 's3cret',
      documentType: 'A65',
      processType: 'A16',
      outBiddingZone_Domain: '10YFR-RTE------C',
      periodStart: '202401010000',
      periodEnd: '202412260000',
    });
    expect(next?.searchParams.get('periodStart')).toBe('202412260000');
    expect(next?.searchParams.get('periodEnd')).toBe('202502040100');
  });

  it('may be for the day-ahead forecast', async () => {
    expect(await ask(await server.serve(good), { kind: 'day-ahead' })).toEqual([[at(0, 60, 5)]]);
    expect(server.asked[0]).toContain('processType=A01');
  });

  it('takes no match for no load, with status 400 as well', async () => {
    for (const code of [200, 400])
      expect(await ask(await server.serve(answersXml(noMatch, code)))).toEqual([[]]);
    expect(server.asked).toHaveLength(1);
  });

  it.each(passingFailures)('tries again after %s', async (_, failing) => {
    expect(await ask(await server.serve(failing, good))).toEqual([[at(0, 60, 5)]]);
    expect(server.asked).toHaveLength(2);
  });

  it('tries again after a document that is cut short', async () => {
    const short = answersXml(load(series('A01', period(0, 60, 'PT60M', '1:4'))).slice(0, -30));
    expect(await ask(await server.serve(short, good))).toEqual([[at(0, 60, 5)]]);
  });

  it.each([
    ['401', answersXml('Unauthorized: s3cret', 401), /refuses the security token \(HTTP 401\)/],
    ['400', answersXml(acknowledgement('No such s3cret', 1), 400), /refuses.*No such \*\*\*/],
    ['403', answersXml('no s3cret', 403), /failed after 1 of 3 attempts: HTTP 403: no \*\*\*/],
  ])('says why it is refused with %s, without its token', async (_, refusing, message) => {
    const failure = await ask(await server.serve(refusing)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringMatching(message),
    });
    expect(failure instanceof Error ? failure.stack : '').not.toContain('s3cret');
    expect(server.asked).toHaveLength(1);
  });

  it('is stopped at once, between pages too', async () => {
    const stopping = new AbortController();
    const baseUrl = await server.serve((request, response) => {
      good(request, response);
      setTimeout(() => stopping.abort(), 50);
    });
    const interval = { startMs: start, endMs: start + 400 * 86_400_000 };
    const asking = ask(baseUrl, { interval, pauseMs: 60_000, signal: stopping.signal });
    await expect(asking).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(server.asked).toHaveLength(1);
  });
});
