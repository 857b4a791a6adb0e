import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createProgram } from '../../src/cli/program.js';
import { loadcast, type Ended } from './loadcast.js';
import { writeLoadCsv } from './load-csv.js';

/** A newcomer's first five minutes with a file of their own, one command after the other in one home. */
let folder: string;
let env: Record<string, string>;
let csv: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-own-'));
  env = { LOADCAST_HOME: join(folder, 'home') };
  csv = join(folder, 'feeder.csv');
  await writeLoadCsv(csv, 30, 72);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
afterAll(() => rm(folder, { recursive: true }));

const zone = ['--zone', 'Australia/Melbourne', '--holidays', 'AU-VIC'];

const read = (...args: string[]): Promise<Ended> => loadcast(['import', ...args], env);

describe('before there is a series', () => {
  test.each(['train', 'forecast', 'report', 'evaluate'])(
    '%s says how to make one',
    async (name) => {
      const { code, out, err } = await loadcast([name], env);
      expect([code, out]).toEqual([4, '']);
      expect(err).toBe('error: There is no series yet; import a file with `loadcast import`.\n');
    },
  );
});

describe('import', () => {
  test('of a new series asks for its zone', async () => {
    const { code, err } = await read(csv, '--series', 'Feeder 7');
    expect(code).toBe(2);
    expect(err).toMatch(/series "Feeder 7" is new: give its time zone, such as --zone/);
  });

  test.each<[string, string[], number, RegExp]>([
    ['a file that is not there', ['no.csv', '--series', 'a', ...zone], 3, /no\.csv/],
    ['a zone that is none', ['F', '--series', 'a', '--zone', 'Mars'], 2, /"Mars" is not an IANA/],
    [
      'an unknown holiday region',
      ['F', '--series', 'a', '--zone', 'UTC', '--holidays', 'XX'],
      2,
      /XX/,
    ],
    [
      'a name without a letter',
      ['F', '--series', '##', ...zone],
      2,
      /"##" is no name for a series/,
    ],
    ['half a coordinate', ['F', '--series', 'a', ...zone, '--latitude', '1'], 2, /both --latitude/],
  ])('refuses %s in one line', async (_, args, code, message) => {
    const ended = await read(...args.map((arg) => (arg === 'F' ? csv : arg)));
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(message);
    expect(ended.err).not.toMatch(/\n\s+at /);
  });

  test('of a wrong column names the columns there are', async () => {
    const { code, err } = await read(csv, '--series', 'a', ...zone, '--load-column', 'power');
    expect(code).toBe(3);
    for (const column of ['power', 'timestamp', 'load_mw', 'temperature_c'])
      expect(err).toContain(column);
  });

  test('stores the loads, and the temperatures after them as a forecast', async () => {
    const { code, out, err } = await read(csv, '--series', 'Feeder 7', ...zone);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('time "timestamp" (stamps at the start), load "load_mw" in MW');
    expect(out).toContain('792 rows, 0 rejected. Series feeder-7: 720 loads added, 0 revised');
    expect(out).toContain('72 temperatures after them serve as weather forecast');
  });

  test('of the same file changes nothing; of a corrected one says how many values are new versions', async () => {
    const again = await read(csv, '--series', 'Feeder 7');
    expect(again.out).toContain('0 loads added, 0 revised, 720 unchanged');
    await writeLoadCsv(csv, 30, 72, (mw, hour) => (hour >= 700 && hour < 703 ? mw + 1 : mw));
    const corrected = await read(csv, '--series', 'Feeder 7', '--json', join(folder, 'i.json'));
    expect(corrected.out).toContain('0 loads added, 3 revised, 717 unchanged');
    expect(JSON.parse(await readFile(join(folder, 'i.json'), 'utf8'))).toMatchObject({
      seriesId: 'feeder-7',
      revised: 3,
    });
  });

  test('lists rejected rows with line and reason', async () => {
    const odd = join(folder, 'odd.csv');
    const loads = ['1,5', 'x', '2', '2,5', '3'];
    const rows = loads.map((load, hour) => `2024-01-01 0${hour}:00;${load}`);
    await writeFile(odd, ['time;load_kw', ...rows, ''].join('\n'));
    const { code, out } = await read(odd, '--series', 'Odd', '--zone', 'Europe/Paris');
    expect(code).toBe(0);
    expect(out).toContain('5 rows, 1 rejected');
    expect(out).toMatch(/line 3: .*"x"/);
  });
});

async function threeLoads(name: string, header: string, factor = 1): Promise<string> {
  const rows = [1, 2, 3].map((mw, hour) => `2024-01-01T0${hour}:00Z,${factor * mw}`);
  const to = join(folder, name);
  await writeFile(to, [`time,${header}`, ...rows, ''].join('\n'));
  return to;
}

describe('import of net and gross load', () => {
  const into = (path: string, ...args: string[]) =>
    loadcast(['import', path, '--series', 'Kinds', '--zone', 'UTC', ...args], kinds);
  let kinds: Record<string, string>;
  beforeAll(() => {
    kinds = { LOADCAST_HOME: join(folder, 'kinds') };
  });

  test('tells them apart by the name of the column, and keeps them apart', async () => {
    const net = await into(await threeLoads('net.csv', 'net_load_mw'));
    expect(net.out).toContain('net load "net_load_mw" in MW');
    const gross = await into(await threeLoads('gross.csv', 'Last brutto [MW]'));
    expect([gross.code, gross.err]).toEqual([
      2,
      'error: The series "Kinds" is of net load, the column "Last brutto [MW]" by its name of gross load: import it into a series of its own, or say --load-kind net.\n',
    ]);
    const said = await into(await threeLoads('plain.csv', 'load'), '--load-kind', 'gross');
    expect(said.err).toContain('is of net load, this file of gross load: import it into a series');
    const misnamed = await into(join(folder, 'gross.csv'), '--load-kind', 'net');
    expect(misnamed.out).toContain('0 loads added, 0 revised, 3 unchanged');
  });

  test('takes settled loads before operational ones, and `quality` says how far they lie apart', async () => {
    const settled = await into(
      await threeLoads('settled.csv', 'load', 1.5),
      '--stage',
      'settlement',
      '--load-kind',
      'net',
    );
    expect(settled.out).toContain('0 loads added, 3 revised, 0 unchanged');
    const later = await into(join(folder, 'net.csv'));
    expect(later.out).toContain('0 loads added, 0 revised, 3 unchanged');
    const { out } = await loadcast(['quality', 'Kinds'], kinds);
    expect(out).toContain(
      'Settled: 3 h from 2024-01-01T00:00:00Z to 2024-01-01T03:00:00Z; against the operational loads of 3 h they are +33.33 % in the mean, 33.33 % apart.',
    );
    const { out: json } = await loadcast(['quality', 'Kinds', '--json'], kinds);
    expect(JSON.parse(json)).toMatchObject({
      settlement: { hours: 3, comparedHours: 3, first: '2024-01-01T00:00:00Z' },
    });
  });
});

const beside = (name: string, ...args: string[]): Promise<Ended> =>
  read(join(folder, name), '--series', 'Kinds too', '--without-load', ...args);

describe('import of weather without load', () => {
  const header = 'time;Temperatur;Globalstrahlung';
  const weather = (name: string, rows: readonly string[]) =>
    writeFile(join(folder, name), [header, ...rows, ''].join('\n'));
  test('goes beside loads that are there: the past as it was, the rest as a forecast', async () => {
    await weather('weather.csv', [
      '2024-01-01T00:00Z;3,5;0',
      '2024-01-01T02:00Z;4,5;10,5',
      '2024-01-01T03:00Z;5,5;20',
      '2024-01-01T04:00Z;6,5;x',
    ]);
    const early = await beside('weather.csv');
    expect([early.code, early.err]).toEqual([
      4,
      'error: There is no series "Kinds too" yet: import its loads first, then what goes with them.\n',
    ]);
    const loads = await threeLoads('loads.csv', 'load_kw');
    await read(loads, '--series', 'Kinds too', '--zone', 'UTC');
    const { code, out } = await beside('weather.csv', '--extra-columns', 'Globalstrahlung');
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 4)).toEqual([
      'Read weather.csv: time "time" (stamps at the start), no load, temperature "Temperatur", extra inputs "globalstrahlung" (3), one row every 60 min.',
      '4 rows, 0 rejected. Series kinds-too: 7 values added, 0 revised, 0 unchanged.',
      '2 temperatures after the last load serve as weather forecast.',
      '  line 5: "x" of "Globalstrahlung" is no number up to 1000000000; left out',
    ]);
    const again = await beside('weather.csv', '--extra-columns', 'Globalstrahlung', '--json');
    expect(JSON.parse(again.out)).toMatchObject({ added: 0, unchanged: 7, rows: 4 });
    // The loads go on coming from their own file.
    const source = join(folder, 'home', 'sources', 'kinds-too.json');
    expect(JSON.parse(await readFile(source, 'utf8'))).toMatchObject({ file: loads });
    await rm(join(folder, 'home', 'sources', 'kinds-too.json'));
  });

  test('is refused where it has nothing to bring, or is said to have a load', async () => {
    await weather('empty.csv', ['2024-01-01T00:00Z;;', '2024-01-01T01:00Z;;']);
    const empty = await beside('empty.csv');
    expect([empty.code, empty.err]).toEqual([
      2,
      'error: None of the 2 rows of empty.csv holds a temperature or another input.\n',
    ]);
    await writeFile(join(folder, 'rain.csv'), 'time,rain\n2024-01-01T00:00Z,3\n');
    const rain = await beside('rain.csv');
    expect(rain.err).toContain(
      'has no temperature known by its name; name it with --temperature-column, other inputs with --extra-columns',
    );
    const both = await beside('weather.csv', '--load-column', 'Temperatur');
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('cannot be used with')]);
  });
});

describe('with a series', () => {
  test('of several one has to be named; an unknown one is answered with those there are', async () => {
    const { code, err } = await loadcast(['report'], env);
    expect([code, err]).toEqual([
      2,
      'error: Say which series with --series; there are: Feeder 7, Kinds too, Odd.\n',
    ]);
    const unknown = await loadcast(['report', 'feeder'], env);
    expect(unknown.code).toBe(4);
    expect(unknown.err).toContain(
      'There is no series "feeder"; there are: Feeder 7, Kinds too, Odd',
    );
  });

  test('forecast gives 72 hours from the ladder, and says that training comes next', async () => {
    const json = join(folder, 'forecast.json');
    const { code, out, err } = await loadcast(['forecast', 'Feeder 7', '--json', json], env);
    expect(code).toBe(0);
    expect(out).toMatch(
      /Forecast feeder-7-20140130T140000Z-\w+, issued 2014-01-31.01:00 .*: fallback\n/,
    );
    expect(out).toContain('no trained models yet; `loadcast train` makes them');
    expect(out).toMatch(/2014-02-01: peak [\d,]+ MW at \d\d:00 .* MWh in 24 h\n/);
    expect(err).toMatch(/Issue a forecast of Feeder 7: done/);
    const body = z
      .object({ quality: z.string(), values: z.array(z.object({ forecastMw: z.number() })) })
      .parse(JSON.parse(await readFile(json, 'utf8')));
    expect(body.quality).toBe('fallback');
    expect(body.values).toHaveLength(72);
  });

  test('outlook gives peaks, energy and ramps of its whole days, and writes the paths', async () => {
    const paths = join(folder, 'paths.csv');
    const json = join(folder, 'outlook.json');
    const args = ['outlook', 'Feeder 7', '--paths', paths, '--json', json];
    const { code, out } = await loadcast(args, env);
    expect(code).toBe(0);
    expect(out).toMatch(
      /\n {2}2014-02-01: peak [\d,]+ \[[\d,]+, [\d,]+\] MW at \d\d:00 \(\d+ %\).*; the month's peak with \d+ %\n/,
    );
    expect(out).toMatch(/ {4}[\d,]+ \[[\d,]+, [\d,]+\] MWh; over 3 h up to [\d,]+ .* MW down\n/);
    const rows = (await readFile(paths, 'utf8')).trim().split('\n');
    expect(rows).toHaveLength(1 + 72);
    expect(rows[0]).toMatch(/^valid_at,path_1_mw,.*,path_200_mw$/);
    expect(JSON.parse(await readFile(json, 'utf8')).days).toHaveLength(2);
    const nowhere = join(folder, 'none', 'paths.csv');
    const refused = await loadcast(['outlook', 'Feeder 7', '--paths', nowhere], env);
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('cannot be written')]);
    const unknown = await loadcast(['outlook', 'Feeder 7', '--forecast', 'none'], env);
    expect(unknown.err).toContain('"Feeder 7" has no forecast "none".');
    const explained = await loadcast(['explain', 'Feeder 7'], env);
    expect([explained.code, explained.err]).toEqual([
      4,
      expect.stringMatching(/was made without models: there is nothing to explain/),
    ]);
  });

  test('a forecast is made once more with what was known, and compared', async () => {
    const json = join(folder, 'again.json');
    const { id } = z
      .object({ id: z.string() })
      .parse(JSON.parse(await readFile(join(folder, 'forecast.json'), 'utf8')));
    const again = ['forecast', 'Feeder 7', '--reproduce', id, '--json', json];
    const { code, out } = await loadcast(again, env);
    expect(code).toBe(0);
    expect(out).toMatch(
      /With what was known on \d{4}-\d\d-\d\d.\d\d:\d\d: the same to the last digit\.\n$/,
    );
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({ id, largestDifferenceMw: 0 });
    const none = await loadcast(['forecast', 'Feeder 7', '--reproduce', 'none'], env);
    expect([none.code, none.err]).toEqual([
      4,
      expect.stringContaining('error: "Feeder 7" has no forecast "none".\n'),
    ]);
  });

  test('a forecast off the hour, or without a zone, is refused', async () => {
    const withoutZone = await loadcast(
      ['forecast', 'feeder-7', '--issued-at', '2014-01-20T00:00'],
      env,
    );
    expect(withoutZone.code).toBe(2);
    expect(withoutZone.err).toContain('with its zone');
  });

  test('report writes one file and prints its path', async () => {
    const { code, out } = await loadcast(['report', 'Feeder 7'], env);
    expect([code, out]).toEqual([0, `${join(folder, 'home', 'reports', 'feeder-7.html')}\n`]);
    expect(await readFile(out.trim(), 'utf8')).toContain('Feeder 7');
  });

  test('training on a few loads is refused with both numbers; nothing to evaluate yet is said', async () => {
    const train = await loadcast(['train', 'Odd'], env);
    expect(train.code).toBe(6);
    expect(train.err).toMatch(/error: .*Need \d+ h of load history .*have \d h/);
    const evaluate = await loadcast(['evaluate', 'Odd'], env);
    expect(evaluate.code).toBe(4);
    expect(evaluate.err).toContain('No forecast of "Odd"');
  });

  test('cross-validation says how far members are off on parts they were not fitted on', async () => {
    const json = join(folder, 'folds.json');
    const args = ['--folds', '2', '--members', 'naive', '--json', json];
    const { code, out, err } = await loadcast(
      ['evaluate', 'Feeder 7', '--cross-validation', 'rolling', ...args],
      env,
    );
    expect([code, err.includes('Cross-validate members on Feeder 7: done')]).toEqual([0, true]);
    expect(out).toMatch(/^2 rolling folds, \d+ forecasts with actual temperature, MAPE in %/);
    expect(out).toMatch(/^ {2}naive +\d+\.\d{3} .*; \d+\.\d{3} to \d+\.\d{3}$/m);
    expect(out).toMatch(/^Fold 2, 2014-01-2\d to 2014-01-31, fitted on \d+ h, \d+ forecasts: /m);
    const { folds, pooled } = z
      .object({
        folds: z.array(z.object({ forecasts: z.number() })),
        pooled: z.object({ forecasts: z.number() }),
      })
      .parse(JSON.parse(await readFile(json, 'utf8')));
    expect(folds).toHaveLength(2);
    expect(pooled.forecasts).toBe(folds.reduce((sum, fold) => sum + fold.forecasts, 0));
  });

  test.each<[string, string[], number, RegExp]>([
    [
      'too little history for the members',
      ['--cross-validation', 'blocked', '--folds', '3'],
      6,
      /Need 1529 h .*3 blocks after the first 1154 h .* have 720 h/,
    ],
    [
      'too many folds',
      ['--cross-validation', 'rolling', '--folds', '20', '--members', 'naive'],
      6,
      /Need \d+ h .*20 rolling folds .* have 720 h/,
    ],
    [
      'an unknown scheme',
      ['--cross-validation', 'random'],
      2,
      /Allowed choices are rolling, block/,
    ],
    ['folds without a scheme', ['--folds', '3'], 2, /--folds goes with --cross-validation only/],
    [
      'a window of blocks',
      ['--cross-validation', 'blocked', '--window-days', '9'],
      2,
      /--window-days goes with rolling folds only/,
    ],
    [
      'an unknown member',
      ['--cross-validation', 'rolling', '--members', 'lstn'],
      2,
      /no member "lstn"/,
    ],
  ])('%s: cross-validation refused', async (_, args, code, message) => {
    const ended = await loadcast(['evaluate', 'Feeder 7', ...args], env);
    expect(ended.err).toMatch(message);
    expect([ended.code, ended.out]).toEqual([code, '']);
  });

  test('jobs lists what has run, failures with their reason', async () => {
    const { out } = await loadcast(['jobs'], env);
    expect(out).toMatch(/ {2}forecast of feeder-7 {2}succeeded in /);
    expect(out).toMatch(/ {2}retrain of odd {2}failed in .*: Need \d+ h/);
  });
});

describe('backtest', () => {
  const options = ['--zone', 'Australia/Melbourne', '--members', 'naive', '--refits', '1'];
  const backtest = (...args: string[]): Promise<Ended> =>
    loadcast(['backtest', '--file', csv, ...options, ...args], env);

  test('of three days writes rows and a summary', async () => {
    const out = join(folder, 'backtest.csv');
    const days = ['--from', '2014-01-20', '--to', '2014-01-24', '--out', out];
    const { code, out: json, err } = await backtest(...days, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(json)).toMatchObject({
      origins: 3,
      blend: { all: { n: 216 } },
      members: { naive: { day3: { n: 72 } } },
    });
    expect(err).toContain('Back-test 2014-01-20 to 2014-01-24: done');
    const rows = (await readFile(out, 'utf8')).trimEnd().split('\n');
    expect(rows).toHaveLength(1 + 216);
    expect(rows[0]).toMatch(/^issued_at,.*,member_naive_mw,weight_naive,quality$/);
  });

  test.each([
    [[], 3 * 144, '0.5'],
    [['--resolution', 'hourly'], 3 * 72, '1'],
    [['--horizon-hours', '96'], 2 * 192, '0.5'],
  ])('of half-hourly loads with %o writes a row for each interval', async (more, count, lead) => {
    const file = join(import.meta.dirname, '../../data/victoria_2014_half_hourly.csv');
    const out = join(folder, 'half-hours.csv');
    const days = ['--from', '2014-01-20', '--to', '2014-01-24', '--out', out];
    const ended = await loadcast(
      ['backtest', '--file', file, ...options, ...days, ...more, '--json'],
      env,
    );
    expect(ended.code).toBe(0);
    const rows = (await readFile(out, 'utf8')).trimEnd().split('\n').slice(1);
    expect(rows).toHaveLength(count);
    expect(rows[1]?.split(',')[2]).toBe(lead);
    expect(JSON.parse(ended.out)).toMatchObject({ blend: { all: { n: count } } });
  });

  test.each<[string, string[], number, RegExp]>([
    ['days in the wrong order', ['--from', '2014-01-24', '--to', '2014-01-20'], 2, /is after --to/],
    [
      'days before the file',
      ['--from', '2013-01-20', '--to', '2013-01-24'],
      6,
      /Need 168 h .* have 0 h/,
    ],
    [
      'a horizon of no whole days',
      ['--from', '2014-01-20', '--to', '2014-01-24', '--horizon-hours', '80'],
      2,
      /Write 72, 96, 120, 144 or 168/,
    ],
    ['days after the file', ['--from', '2015-01-20', '--to', '2015-01-24'], 2, /file, which ends/],
    [
      'an unknown member',
      ['--from', '2014-01-20', '--to', '2014-01-24', '--members', 'lstn'],
      2,
      /no member "lstn"; there are naive, prophet, additive, boosting, boosting-stacked, lstm, lstm-stacked, similar-day, mstl, or all/,
    ],
  ])('%s: refused', async (_, args, code, message) => {
    const ended = await backtest('--out', join(folder, 'x.csv'), ...args);
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(message);
  });
});

test('every command has a help text with its options, on standard output', async () => {
  const names = createProgram().commands.map((command) => command.name());
  expect(names).toEqual(expect.arrayContaining(['start', 'import', 'backtest', 'doctor']));
  for (const name of names) {
    const { code, out, err } = await loadcast([name, '--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^Usage: loadcast ${name} `));
    expect(out).toContain('--help');
  }
});
