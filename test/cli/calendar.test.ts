import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { loadcast, type Ended } from './loadcast.js';
import { writeLoadCsv } from './load-csv.js';

/** One calendar, from its first entry to the forecast that knows an outage, in one home. */
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-calendar-'));
  env = { LOADCAST_HOME: join(folder, 'home') };
  const csv = join(folder, 'feeder.csv');
  await writeLoadCsv(csv, 30, 72);
  const place = ['--zone', 'Australia/Melbourne', '--holidays', 'AU-VIC'];
  await loadcast(['import', csv, '--series', 'Feeder 7', ...place], env);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
afterAll(() => rm(folder, { recursive: true }));

const calendar = (...args: string[]): Promise<Ended> =>
  loadcast(['calendar', 'Feeder 7', ...args], env);

async function file(name: string, ...lines: string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, lines.join('\r\n'));
  return path;
}

const january = ['--from', '2014-01-20', '--to', '2014-02-02'];

describe('loadcast calendar', () => {
  test('lists holidays and bridge days of a span', async () => {
    const { code, out, err } = await calendar('--from', '2014-04-18', '--to', '2014-04-25');
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      [
        'Special days of Feeder 7 from 2014-04-18 to 2014-04-25, Australia/Melbourne, holidays AU-VIC',
        '2014-04-18 Fri  holiday      Good Friday',
        '2014-04-19 Sat  holiday      Easter Saturday',
        '2014-04-20 Sun  holiday      Easter Sunday',
        '2014-04-21 Mon  holiday      Easter Monday',
        '2014-04-25 Fri  holiday      Anzac Day',
        '',
      ].join('\n'),
    );
    const melbourneCup = await calendar('--from', '2014-11-03', '--to', '2014-11-04');
    expect(melbourneCup.out).toContain('2014-11-03 Mon  bridge\n');
  });

  test('lists a year without options', async () => {
    const { code, out } = await calendar('--json');
    expect(code).toBe(0);
    const { days } = z
      .object({ days: z.array(z.object({ date: z.string(), kind: z.string() })) })
      .parse(JSON.parse(out));
    const years = days.filter(({ date, kind }) => kind === 'holiday' && date.endsWith('-12-25'));
    expect(years).toHaveLength(1);
  });

  test('adds a CSV file, says what it could not read, and adds nothing twice', async () => {
    const path = await file(
      'days.csv',
      'date,end,region,kind,name,share',
      '2014-01-28,,AU-VIC,holiday,Works feast,0.5',
      '2014-01-31,2014-02-01,,shutdown,Furnace,0.2',
      '2014-02-30,,,holiday,none,',
      '2014-01-29,,NZ,holiday,abroad,',
    );
    const first = await calendar('--add', path, '--reason', 'agreed with the works');
    expect(first.code).toBe(0);
    expect(first.out).toContain(
      'days.csv: 2 entries added to the calendar of Feeder 7, 0 unchanged, 2 rejected.\n',
    );
    expect(first.out).toContain('  line 4: "2014-02-30" is not a date');
    expect(first.out).toContain(
      '  the region NZ is none of "Feeder 7", whose holidays are those of AU-VIC',
    );
    expect((await calendar('--add', path)).out).toContain('0 entries added');
    const { out } = await calendar(...january);
    expect(out).toContain('2014-01-27 Mon  holiday      Australia Day\n');
    expect(out).toContain('2014-01-28 Tue  holiday      Works feast, 50 % of the area\n');
    expect(out).toMatch(
      /#2 {2}2014-01-31 00:00 to 2014-02-02 00:00 {2}shutdown {2}Furnace, 20 % {2}\(days\.csv, \S+, 20/,
    );
  });

  test('adds the breaks of an iCal file', async () => {
    const path = await file(
      'breaks.ics',
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:test',
      'BEGIN:VEVENT',
      'UID:1',
      'DTSTART;VALUE=DATE:20131221',
      'DTEND;VALUE=DATE:20140128',
      'SUMMARY:Summer holidays',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    );
    const { code, out } = await calendar('--add', path, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      source: 'breaks.ics',
      added: 1,
      unchanged: 0,
      rejected: [],
    });
    expect((await calendar(...january)).out).toContain(
      '2013-12-21 00:00 to 2014-01-28 00:00  school  Summer holidays',
    );
  });

  test('adds an outage that the forecast has in it, and withdraws it', async () => {
    const json = join(folder, 'forecast.json');
    const eventMw = async (): Promise<(number | undefined)[]> => {
      const { code, out } = await loadcast(['forecast', 'Feeder 7', '--json', json], env);
      expect(code).toBe(0);
      const { values } = z
        .object({ values: z.array(z.object({ eventMw: z.number().optional() })) })
        .parse(JSON.parse(await readFile(json, 'utf8')));
      expect(out.includes('known events change 2 of these hours, by -3 to -1.5 MW')).toBe(
        values.some((value) => value.eventMw !== undefined),
      );
      return values.slice(0, 8).map((value) => value.eventMw);
    };
    const none = [undefined, undefined, undefined, undefined];
    expect(await eventMw()).toEqual([...none, ...none]);
    const outage = ['--event', 'outage', '--name', 'Line 3', '--mw', '-3'];
    // The forecast is issued at 01:00 of 31 January.
    const span = ['--from', '2014-01-31T03:00', '--to', '2014-01-31T04:30'];
    const added = await calendar(...outage, ...span);
    expect(added.code).toBe(0);
    expect(added.out).toMatch(
      /^Added: #4 {2}2014-01-31 03:00 to 2014-01-31 04:30 {2}outage {2}Line 3, -3 MW {2}\(command line/,
    );
    expect((await calendar(...outage, ...span)).out).toMatch(/^There already: #4 /);
    expect((await eventMw()).slice(0, 5)).toEqual([undefined, undefined, -3, -1.5, undefined]);
    const report = await loadcast(['report', 'Feeder 7'], env);
    const html = await readFile(report.out.trim(), 'utf8');
    expect(html).toContain('Known events');
    expect(html).toContain('forecast without known events');
    expect(JSON.parse((await calendar('--withdraw', '4', '--json')).out)).toMatchObject({
      id: 4,
      kind: 'outage',
      effectMw: -3,
      start: '2014-01-30T16:00:00Z',
      withdrawnAt: expect.stringMatching(/^20/),
    });
    expect(await eventMw()).toEqual([...none, ...none]);
    expect((await calendar('--withdraw', '4')).code).toBe(5);
  });

  test.each<[string, string[], number, RegExp]>([
    [
      'two things at a time',
      ['--add', 'x.csv', '--withdraw', '1'],
      2,
      /one of --add and --withdraw/,
    ],
    ['an option of another', ['--add', 'x.csv', '--mw', '3'], 2, /--mw does not go with --add/],
    ['megawatts of a list', ['--mw', '3'], 2, /--mw does not go with a list/],
    ['an event without its span', ['--event', 'outage', '--mw', '-3'], 2, /needs --from and --to/],
    [
      'an outage that raises the load',
      ['--event', 'outage', '--from', '2014-01-31', '--to', '2014-01-31', '--mw', '3'],
      2,
      /an outage lowers the load: write -3 MW/,
    ],
    [
      'a time that the clocks skip',
      ['--event', 'outage', '--from', '2014-10-05T02:30', '--to', '2014-10-05T04:00'],
      2,
      /Australia\/Melbourne skip 2014-10-05 02:30/,
    ],
    ['an unknown kind', ['--event', 'storm'], 2, /Allowed choices are outage, demand-response/],
    ['days in the wrong order', ['--from', '2014-02-01', '--to', '2014-01-01'], 2, /is after --to/],
    ['a file that is not there', ['--add', 'no.csv'], 3, /no\.csv/],
    ['an entry that is not there', ['--withdraw', '99'], 4, /no calendar entry 99/],
  ])('refuses %s', async (_, args, code, message) => {
    const ended = await calendar(...args);
    expect(ended.err).toMatch(message);
    expect([ended.code, ended.out]).toEqual([code, '']);
  });

  test('refuses a file with nothing for the series', async () => {
    const path = await file('abroad.csv', 'date,region,kind,name', '2014-01-28,NZ,holiday,x');
    const { code, err } = await calendar('--add', path);
    expect(code).toBe(2);
    expect(err).toContain('"abroad.csv" has nothing for the calendar of "Feeder 7": the region NZ');
  });
});
