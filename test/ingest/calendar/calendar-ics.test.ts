import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoUtc } from '../../../src/core/time.js';
import type {
  CalendarFile,
  CalendarFileOptions,
} from '../../../src/ingest/calendar/calendar-file.js';
import { readCalendarFile } from '../../../src/ingest/calendar/read-calendar-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-calendar-'));
});
afterAll(() => rm(folder, { recursive: true }));

const window = { startMs: Date.UTC(2024, 0, 1), endMs: Date.UTC(2026, 11, 31) };

async function readText(
  text: string,
  options: Partial<CalendarFileOptions> = {},
): Promise<CalendarFile> {
  const file = join(folder, 'breaks.ics');
  await writeFile(file, text);
  return readCalendarFile(file, { zone: 'Europe/Paris', window, ...options });
}

const event = (...lines: string[]): string =>
  ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT'].join('\r\n');
const calendar = (...parts: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', ...parts, 'END:VCALENDAR', ''].join('\r\n');
const read = (...parts: string[]): Promise<CalendarFile> => readText(calendar(...parts));
const spans = ({ entries }: CalendarFile): string[] =>
  entries.map(({ startMs, endMs }) => `${isoUtc(startMs)} ${isoUtc(endMs)}`);

/** A zone with a name of its own, as Outlook writes it. */
const outlook = [
  'BEGIN:VTIMEZONE',
  'TZID:W. Europe Standard Time',
  'BEGIN:STANDARD',
  'DTSTART:16010101T030000',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010101T020000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
].join('\r\n');

describe('an iCal file', () => {
  it('has days whose end is the first day that is no longer meant', async () => {
    const file = await read(
      event('DTSTART;VALUE=DATE:20240706', 'DTEND;VALUE=DATE:20240902', 'SUMMARY:Été'),
      event('DTSTART;VALUE=DATE:20241027', 'SUMMARY:one day of 25 hours'),
    );
    expect(spans(file)).toEqual([
      '2024-07-05T22:00:00Z 2024-09-01T22:00:00Z',
      '2024-10-26T22:00:00Z 2024-10-27T23:00:00Z',
    ]);
    expect(file.entries[0]).toMatchObject({ kind: 'school', name: 'Été', region: null, share: 1 });
  });

  it('has times of the series, of a zone by name, of one that it defines, and of UTC', async () => {
    const at = (zone: string): string =>
      event(`DTSTART${zone}:20240701T080000`, `DTEND${zone}:20240701T093000`, 'SUMMARY:x');
    const file = await read(
      outlook,
      at(''),
      at(';TZID=America/New_York'),
      at(';TZID=W. Europe Standard Time'),
      event('DTSTART:20240701T080000Z', 'DURATION:PT90M', 'SUMMARY:x'),
    );
    expect(spans(file)).toEqual([
      '2024-07-01T06:00:00Z 2024-07-01T07:30:00Z',
      '2024-07-01T12:00:00Z 2024-07-01T13:30:00Z',
      '2024-07-01T06:00:00Z 2024-07-01T07:30:00Z',
      '2024-07-01T08:00:00Z 2024-07-01T09:30:00Z',
    ]);
  });

  it('has events that recur, one by one inside the window, at the same local time', async () => {
    const file = await read(
      event('DTSTART;VALUE=DATE:20200101', 'RRULE:FREQ=YEARLY', 'SUMMARY:New Year'),
      event(
        'DTSTART:20240328T080000',
        'DTEND:20240328T090000',
        'RRULE:FREQ=WEEKLY;COUNT=2',
        'SUMMARY:test run',
      ),
    );
    expect(spans(file)).toEqual([
      '2023-12-31T23:00:00Z 2024-01-01T23:00:00Z',
      '2024-12-31T23:00:00Z 2025-01-01T23:00:00Z',
      '2025-12-31T23:00:00Z 2026-01-01T23:00:00Z',
      '2024-03-28T07:00:00Z 2024-03-28T08:00:00Z',
      '2024-04-04T06:00:00Z 2024-04-04T07:00:00Z',
    ]);
  });

  it('leaves out what is excepted or cancelled, and moves what was moved', async () => {
    const file = await read(
      event(
        'DTSTART;VALUE=DATE:20240101',
        'RRULE:FREQ=DAILY;COUNT=4',
        'EXDATE;VALUE=DATE:20240102',
        'SUMMARY:x',
      ),
      event('RECURRENCE-ID;VALUE=DATE:20240103', 'DTSTART;VALUE=DATE:20240110', 'SUMMARY:moved'),
      event('RECURRENCE-ID;VALUE=DATE:20240104', 'DTSTART;VALUE=DATE:20240104', 'STATUS:CANCELLED'),
      event('DTSTART;VALUE=DATE:20240201', 'STATUS:CANCELLED', 'SUMMARY:gone').replace(
        'UID:1',
        'UID:2',
      ),
    );
    expect(file.entries.map(({ name, startMs }) => [name, isoUtc(startMs)])).toEqual([
      ['x', '2023-12-31T23:00:00Z'],
      ['moved', '2024-01-09T23:00:00Z'],
    ]);
  });

  it('may be of another kind and of a part of the load area', async () => {
    const text = calendar(event('DTSTART;VALUE=DATE:20240701', 'SUMMARY:x'));
    const shutdown = await readText(text, { kind: 'shutdown', region: 'de-by' });
    expect(shutdown.entries).toMatchObject([{ kind: 'shutdown', region: 'DE-BY', share: 1 }]);
    const outage = await readText(text, { kind: 'outage' });
    expect(outage.entries).toMatchObject([{ kind: 'outage', effectMw: null, masked: true }]);
  });

  it.each([
    ['a zone that nobody knows', event('DTSTART;TZID=Mars:20240701T080000', 'SUMMARY:x'), '"Mars"'],
    ['no begin', event('SUMMARY:x'), 'it has no begin'],
    ['no length', event('DTSTART:20240701T080000', 'SUMMARY:x'), 'not after its begin'],
  ])('rejects an event with %s and reads the others', async (_, bad, reason) => {
    const good = event('DTSTART;VALUE=DATE:20240701', 'SUMMARY:good');
    const { entries, rejected } = await read(bad, good);
    expect(rejected).toEqual([{ line: null, reason: expect.stringContaining(reason) }]);
    expect(rejected[0]?.reason).toMatch(/^"x": /);
    expect(entries).toMatchObject([{ name: 'good' }]);
  });

  it.each([
    ['that is none', 'hello', 'UNREADABLE_FILE', 'is no iCal file'],
    ['of one address card', 'BEGIN:VCARD\r\nEND:VCARD\r\n', 'UNREADABLE_FILE', 'no iCal file'],
    ['over the limit', 'x'.repeat(2 * 1024 * 1024 + 1), 'INVALID_INPUT', 'larger than 2 MiB'],
    [
      'with events without end',
      calendar(event('DTSTART:20240101T000000', 'DURATION:PT1M', 'RRULE:FREQ=MINUTELY')),
      'INVALID_INPUT',
      'more than 5000 events',
    ],
  ])('refuses a file %s', async (_, text, code, message) => {
    await expect(readText(text)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('ends at a rule that never comes true', async () => {
    const rule = 'RRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31';
    const { entries } = await read(event('DTSTART;VALUE=DATE:20240101', rule, 'SUMMARY:x'));
    expect(entries.length).toBeLessThan(10);
  });
});
