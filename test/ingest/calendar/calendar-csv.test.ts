import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CalendarFile } from '../../../src/ingest/calendar/calendar-file.js';
import { readCalendarFile } from '../../../src/ingest/calendar/read-calendar-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-calendar-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(...lines: string[]): Promise<CalendarFile> {
  const file = join(folder, 'days.csv');
  await writeFile(file, lines.join('\n'));
  return readCalendarFile(file, { zone: 'Europe/Paris', window: { startMs: 0, endMs: 0 } });
}

const midnight = (date: string): number => Date.parse(`${date}T00:00:00+02:00`);

describe('a calendar in CSV', () => {
  it('has a line a day, or more by its end', async () => {
    const { entries, rejected, source } = await read(
      'date,region,kind,name',
      '2024-07-15,FR,holiday,Works feast',
      '2024-07-20,,working-day,',
    );
    expect([source, rejected]).toEqual(['days.csv', []]);
    expect(entries).toEqual([
      {
        kind: 'holiday',
        name: 'Works feast',
        region: 'FR',
        share: 1,
        startMs: midnight('2024-07-15'),
        endMs: midnight('2024-07-16'),
      },
      {
        kind: 'working-day',
        name: 'working-day',
        region: null,
        share: 1,
        startMs: midnight('2024-07-20'),
        endMs: midnight('2024-07-21'),
      },
    ]);
  });

  it('tells shares of shutdowns and megawatts of events', async () => {
    const { entries } = await read(
      'Date;End;Kind;Name;Share;MW;Mask',
      '2024-07-29;2024-08-16;shutdown;Works holidays;0.3;;',
      '2024-07-01T08:00;2024-07-01T10:00;outage;Line 3;;-12.5;',
      '2024-07-02T08:00;2024-07-02T10:00;demand-response;DR;;-5;yes',
      '2024-07-03T08:00;2024-07-03T10:00;curtailment;PV;;;',
    );
    expect(entries).toMatchObject([
      { kind: 'shutdown', share: 0.3, endMs: midnight('2024-08-17') },
      { kind: 'outage', effectMw: -12.5, masked: false },
      { kind: 'demand-response', effectMw: -5, masked: true },
      { kind: 'curtailment', effectMw: null, masked: true },
    ]);
  });

  it.each([
    ['2024-02-30,,holiday,x,,,', '"2024-02-30" is not a date'],
    ['2024-07-01,,feast,x,,,', 'the kind "feast" is none of holiday, working-day, bridge'],
    ['2024-07-01,,holiday,x,2,,', '"x": its share 2 is not above 0 and at most 1'],
    ['2024-07-01,,holiday,x,half,,', 'share "half" is no number'],
    ['2024-07-01,,working-day,x,0.5,,', 'a working day has no share'],
    ['2024-07-01,,holiday,x,,5,', '"holiday" has no mw, and this one "5"'],
    ['2024-07-01,,outage,x,0.5,-5,', '"outage" has no share'],
    ['2024-07-01,,outage,x,,5,', 'an outage lowers the load: write -5 MW'],
    ['2024-07-01,,curtailment,x,,0,', '0 MW is no change'],
    ['2024-07-01,,curtailment,x,,1,maybe', 'mask "maybe" is neither'],
    ['2024-07-03,,holiday,x,,,2024-07-01', 'it ends at 2024-07-01T22:00:00Z, not after'],
    ['2024-07-03,,school,x,,,2027-07-01', 'lasts 1094 days'],
    [`2024-07-03,,school,${'x'.repeat(201)},,,`, 'its name has 201 characters'],
  ])('rejects the line %s and reads the others', async (line, reason) => {
    const { entries, rejected } = await read(
      'date,region,kind,name,share,mw,end,mask',
      line.endsWith('maybe') ? line.replace(',maybe', ',,maybe') : line,
      '2024-07-14,,holiday,good,,,',
    );
    expect(rejected).toEqual([{ line: 2, reason: expect.stringContaining(reason) }]);
    expect(entries).toMatchObject([{ name: 'good' }]);
  });

  it('needs its columns', async () => {
    await expect(read('day,kind', '2024-01-01,holiday')).rejects.toMatchObject({
      code: 'MISSING_COLUMN',
      message: expect.stringContaining('has no column "date"; it has day, kind'),
    });
  });
});
