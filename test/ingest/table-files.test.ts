import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLoadFile, type LoadFile } from '../../src/ingest/load-file.js';
import type { LoadTableOptions } from '../../src/ingest/load-table.js';
import { startsOf } from './csv-text.js';
import { serialOf, workbook, type Cell } from './sources/workbook-kit.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loadcast-table-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(
  content: string | Uint8Array,
  options: LoadTableOptions = { zone: 'UTC' },
): Promise<LoadFile> {
  const file = path.join(folder, 'load');
  await writeFile(file, content);
  return readLoadFile(file, options);
}

const loadsOf = ({ load }: LoadFile): number[] => load.map(({ value }) => value);
const hours = Array.from({ length: 24 }, (_, i) => `2024-01-01T${String(i).padStart(2, '0')}:00`);
const rowsOfDay = (cells: (hour: string, i: number) => readonly Cell[]) => hours.map(cells);

const sheetOf = (mw: number): Cell[][] => [['time', 'load'], ...hours.map((hour) => [hour, mw])];

describe('a workbook', () => {
  it('of quarter hours is read from the sheet with a load, below its title, over a spring clock change', async () => {
    const clocks = Array.from({ length: 96 }, (_, i) => i * 15)
      .filter((minute) => minute < 120 || minute >= 180) // 02:00 to 03:00 does not exist
      .map((minute) => serialOf('2024-03-31T00:00') + minute / 1440);
    const file = workbook({
      sheets: {
        'Read me': [['Made by the meter department']],
        'Load & more': [
          ['Lastgang Musterwerk', null, null],
          [],
          ['Zeit', 'Last [kW]', 'Temperatur'],
          ...clocks.map((serial, i): Cell[] => [{ serial }, 1000.125 + i, '3,5']),
        ],
      },
    });
    const table = await read(file, { zone: 'Europe/Berlin' });
    expect(table).toMatchObject({ rows: 92, rejected: 0, resolutionMinutes: 15, unit: 'kW' });
    expect(startsOf(table.load).slice(7, 9)).toEqual(['2024-03-31T00:45Z', '2024-03-31T01:00Z']);
    expect(table.load[1]?.value).toBe(1.001125);
    expect(table.temperature[0]?.value).toBe(3.5);
  });

  it('of 1904, with dates beside clocks, formulas, errors and blank rows, accounts for every row', async () => {
    const day = serialOf('2024-01-01T00:00') - 1462;
    const file = workbook({
      epoch1904: true,
      sheets: {
        Load: [
          ['Date', 'Time', 'Load MW'],
          ...rowsOfDay((_, i) => [
            { serial: day },
            { serial: i / 24, format: 'clock' },
            i === 3 ? { formula: 'C4*2', result: 77.5 } : i === 5 ? { error: '#N/A' } : 100 + i,
          ]),
          [],
          [{ serial: day + 1 }, { serial: 0, format: 'clock' }, 'broken'],
        ],
      },
    });
    const table = await read(file);
    expect(table).toMatchObject({ rows: 25, rejected: 1, resolutionMinutes: 60 });
    expect(table.issues[0]).toMatchObject({ line: 27, reason: 'cannot read the load "broken"' });
    expect(startsOf(table.load).slice(0, 2)).toEqual(['2024-01-01T00:00Z', '2024-01-01T01:00Z']);
    expect(loadsOf(table)).toHaveLength(23);
    expect(table.load[3]?.value).toBe(77.5);
  });

  it('is read from the sheet that is named', async () => {
    const file = workbook({ sheets: { 2023: sheetOf(1), 2024: sheetOf(2) } });
    expect(loadsOf(await read(file))[0]).toBe(1);
    expect(loadsOf(await read(file, { zone: 'UTC', sheet: '2024' }))[0]).toBe(2);
    await expect(read(file, { zone: 'UTC', sheet: '2025' })).rejects.toThrow(
      /has no sheet "2025" \(--sheet\); it has "2023", "2024"/,
    );
  });

  it.each<[string, () => string | Uint8Array, RegExp]>([
    [
      'without a load',
      () =>
        workbook({
          sheets: {
            Prices: [
              ['Zeit', 'Preis'],
              [1, 2],
            ],
          },
        }),
      /no load column .* "Zeit", "Preis"/,
    ],
    ['without rows', () => workbook({ sheets: { Empty: [] } }), /has no row with two cells/],
    [
      'that is another zip',
      () => Buffer.from('PK\u0003\u0004 and then nothing'),
      /no Excel workbook/,
    ],
    [
      'of the old kind',
      () => Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      /old \(\.xls\) or a protected Excel workbook; save it as \.xlsx/,
    ],
  ])('%s is refused in words', async (_, content, message) => {
    await expect(read(content())).rejects.toThrow(message);
  });
});

const brief = (table: LoadFile) => ({
  rows: [table.rows, table.rejected],
  second: startsOf(table.load)[1],
  loads: loadsOf(table),
});

describe('a JSON file', () => {
  const loads = hours.map((_, i) => 100.25 + i);
  const whole = { rows: [24, 0], second: '2024-01-01T01:00Z', loads };

  it.each<[string, unknown]>([
    ['a list of objects', hours.map((time, i) => ({ time, load: loads[i] }))],
    ['a list of lists with names', [['time', 'load'], ...hours.map((time, i) => [time, loads[i]])]],
    ['a list of lists without', hours.map((time, i) => [Date.parse(`${time}Z`), loads[i]])],
    ['an object of lists', { unit: 'MW', time: hours, load: loads }],
    [
      'a table inside an object',
      { status: 200, response: { data: hours.map((time, i) => ({ time, load: loads[i] })) } },
    ],
    [
      'seconds since 1970',
      {
        unix_seconds: [1],
        data: hours.map((time, i) => ({ ts: Date.parse(`${time}Z`) / 1000, load: loads[i] })),
      },
    ],
  ])('of %s', async (_, value) => {
    expect(brief(await read(JSON.stringify(value)))).toEqual(whole);
    expect(brief(await read(gzipSync(JSON.stringify(value, null, 2))))).toEqual(whole);
  });

  it('of a line for each object, of which one is broken, accounts for every row', async () => {
    const lines = hours.map((time, i) => JSON.stringify({ time, load: loads[i], t: null }));
    expect(brief(await read(`${lines.join('\n')}\n`))).toEqual(whole);
    const broken = await read(lines.with(4, '{"time": "2024-01-').join('\n'));
    expect(broken).toMatchObject({ rows: 24, rejected: 1 });
    expect(broken.issues[0]).toMatchObject({ kind: 'rejected-row', line: 5 });
  });

  it('keeps numbers apart from the decimal comma of texts', async () => {
    const table = await read(
      JSON.stringify(hours.map((time, i) => ({ time, load: i === 2 ? '1.234,5' : 1234.567 }))),
    );
    expect(loadsOf(table).slice(1, 4)).toEqual([1234.567, 1234.5, 1234.567]);
  });

  it.each<[string, string, RegExp]>([
    ['cut off', '[{"time":"2024-01-01T00:00","load":1', /is no JSON: .*JSON/],
    ['a mere value', '{"a":1}', /has no table: a list of objects/],
    ['of two tables', '{"a":[{"x":1}],"b":[{"y":2}]}', /several tables \(a, b\)/],
    ['without a load', '[{"time":"2024-01-01T00:00","price":1}]', /no load column/],
    [
      'of objects in cells',
      '[{"time":"2024-01-01T00:00","load":{"mw":1}}]',
      /cannot read the load "\{"mw":1\}"/,
    ],
  ])('%s is refused in words', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});

describe('names and units', () => {
  it.each<[string, string, number, string]>([
    ['数据时间,负荷(万千瓦)', '123.45', 1234.5, '万千瓦'],
    ['日期,时间,用电量（兆瓦时）', '60', 60, 'MWh'],
    ['DATE,TIME,当日実績(万kW)', '2850', 28_500, '万千瓦'],
    ['Date,Heure,Consommation (MW)', '50000', 50_000, 'MW'],
    ['time,load_twh', '0.001', 1_000, 'TWh'],
    ['time,load [Wh]', '1000000', 1, 'Wh'],
    ['time,Load in Megawatts', '7', 7, 'MW'],
  ])('%s', async (header, cell, mw, unit) => {
    const two = header.split(',').length === 3;
    const rows = hours.map((hour) => `${two ? hour.replace('T', ',') : hour},${cell}`);
    const table = await read([header, ...rows].join('\n'));
    expect(table.unit).toBe(unit);
    expect(table.load[0]?.value).toBeCloseTo(mw, 9);
  });
});
