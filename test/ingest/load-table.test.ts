import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoadcastError } from '../../src/core/errors.js';
import {
  parseLoadTable,
  type LoadTable,
  type LoadTableOptions,
} from '../../src/ingest/load-table.js';
import { hourlyMeans } from '../../src/ingest/hourly-means.js';
import { endOfReading } from '../../src/core/reading.js';
import type { CsvTable } from '../../src/ingest/sources/csv-file.js';
import { parseLines, startsOf } from './csv-text.js';

const hours = ['00', '01', '02', '03'];
const iso = hours.map((hour) => `2024-01-01T${hour}:00:00Z`);

describe('columns of a load table', () => {
  it.each([
    ['timestamp,load_mw,temperature_c', 'timestamp', 'load_mw', 'temperature_c'],
    ['Zeitstempel;Verbrauch [kWh];Außentemperatur', 'Zeitstempel', 'Verbrauch [kWh]', null],
    [
      'horodate;Consommation (MW);Température (°C)',
      'horodate',
      'Consommation (MW)',
      'Température (°C)',
    ],
    ['Datum;Uhrzeit;Last;Lufttemperatur', 'Datum+Uhrzeit', 'Last', 'Lufttemperatur'],
    ['time,temperature,tso_forecast_mw,demand', 'time', 'demand', 'temperature'],
    [
      'utc_timestamp,DE_load_actual_mw,DE_load_forecast_mw',
      'utc_timestamp',
      'DE_load_actual_mw',
      null,
    ],
    ['Datetime,AEP_MW', 'Datetime', 'AEP_MW', null],
    ['ds,y,t2m', 'ds', 'y', 't2m'],
  ])('of "%s" are known by their usual names', (header, time, load, temperature) => {
    const delimiter = header.includes(';') ? ';' : ',';
    const names = header.split(delimiter);
    const pair = time.includes('+');
    const rows = hours.map((hour) =>
      names
        .map((_, i) =>
          i > 0
            ? pair && i === 1
              ? `${hour}:00`
              : '7'
            : pair
              ? '2024-01-01'
              : `2024-01-01T${hour}:00Z`,
        )
        .join(delimiter),
    );
    const table = parseLines([header, ...rows], { zone: 'UTC' });
    expect(table.columns).toEqual({ time, load, temperature });
    expect(table.load).toHaveLength(4);
  });

  it('are those that the options name, whatever their names', () => {
    const rows = iso.map((stamp, i) => `${stamp},1,${i},${20 + i}`);
    const table = parseLines(['when,load,feeder,outside', ...rows], {
      timeColumn: 'when',
      loadColumn: 'Feeder',
      temperatureColumn: 'outside',
    });
    expect(table.load.map(({ value }) => value)).toEqual([0, 1, 2, 3]);
    expect(table.temperature.map(({ value }) => value)).toEqual([20, 21, 22, 23]);
  });

  it('of date and time of day may be named together', () => {
    const rows = hours.map((hour) => `2024-01-01,${hour}:00,5`);
    const table = parseLines(['A,B,load', ...rows], { timeColumn: 'A+B', zone: 'UTC' });
    expect(startsOf(table.load)[1]).toBe('2024-01-01T01:00Z');
  });

  it.each([
    ['a,b,load', {}, /no time column.*--time-column.*"a", "b", "load"/],
    ['time,a,b', {}, /no load column.*--load-column.*"time", "a", "b"/],
    ['time,load_a,load_b', {}, /several load columns \("load_a", "load_b"\)/],
    ['time,load', { loadColumn: 'Last' }, /no column "Last".*"time", "load"/],
    ['2024-01-01T00:00Z,5', {}, /first row must name the columns.*"2024-01-01T00:00Z", "5"/],
  ])('of "%s" that are missing are an error naming those there are', (header, options, message) => {
    const failure = (): unknown => parseLines([header, '1,2,3'], options);
    expect(failure).toThrow(message);
    expect(failure).toThrow(expect.objectContaining({ code: 'MISSING_COLUMN' }));
  });

  it('of forecast temperature are read apart', () => {
    const rows = iso.map((stamp, i) => `${stamp},1,${i},${i + 10}`);
    const table = parseLines(['timestamp,load_mw,temperature_c,temperature_forecast_c', ...rows]);
    expect(table.temperature.map(({ value }) => value)).toEqual([0, 1, 2, 3]);
    expect(table.temperatureForecast.map(({ value }) => value)).toEqual([10, 11, 12, 13]);
  });
});

describe('loads of a table', () => {
  it.each([
    ['load_kw', undefined, 1.5],
    ['load', undefined, 1500],
    ['load', 'kW', 1.5],
    ['load_kw', 'GW', 1_500_000],
    ['load_gw', undefined, 1_500_000],
    ['load_w', undefined, 0.0015],
    ['Last [kWh]', undefined, 3],
  ] as const)('in column %s with unit %s are MW', (column, unit, loadMw) => {
    const rows = ['00', '30'].flatMap((minute) =>
      hours.map((hour) => `2024-01-01T${hour}:${minute}Z;1500`),
    );
    const table = parseLines([`time;${column}`, ...rows], unit ? { unit } : {});
    expect(table.load[0]?.value).toBe(loadMw);
  });

  it('that are blank are accepted and missing, and may carry a temperature', () => {
    const loads = ['1', '', 'n/a', '4'];
    const rows = iso.map((stamp, i) => `${stamp},${loads[i]},${i}`);
    const table = parseLines(['time,load,temp', ...rows]);
    expect(table).toMatchObject({ rows: 4, rejected: 0 });
    expect(startsOf(table.load)).toEqual(['2024-01-01T00:00Z', '2024-01-01T03:00Z']);
    expect(table.temperature).toHaveLength(4);
    expect(table.issues).toMatchObject([{ kind: 'gap', count: 2 }]);
  });

  it('that cannot be read are rejected with line and reason', () => {
    const [first, second, third] = iso;
    const rows = [`${first},1`, `${second},error`, 'Total,99', `${third},3`, '2024-01-01T03:00Z'];
    const more = ['2024-01-01T04:00Z,4', '2024-01-01T05:00Z,5', '2024-01-01T06:00Z,6'];
    const table = parseLines(['time,load', ...rows, ...more]);
    expect(table).toMatchObject({ rows: 8, rejected: 3 });
    expect(table.issues.filter(({ kind }) => kind === 'rejected-row')).toEqual([
      {
        kind: 'rejected-row',
        line: 3,
        validAtMs: null,
        count: 1,
        reason: 'cannot read the load "error"',
      },
      {
        kind: 'rejected-row',
        line: 4,
        validAtMs: null,
        count: 1,
        reason: 'cannot read the time "Total"',
      },
      {
        kind: 'rejected-row',
        line: 6,
        validAtMs: null,
        count: 1,
        reason: 'has 1 cells, the load would be cell 2',
      },
    ]);
  });

  it('split by a decimal comma between commas are rejected, never misread', () => {
    const rows = [...iso.map((stamp) => `${stamp},5,1`), '2024-01-01T04:00Z,12,5,20'];
    const table = parseLines(['time,load,temp', ...rows]);
    expect(table.rejected).toBe(1);
    expect(table.issues[0]?.reason).toBe('has 4 cells for 3 columns');
  });

  it('none of which can be read are an error that shows the first reason', () => {
    expect(() => parseLines(['time,load', '2024-01-01 00:00,5', '2024-01-01 01:00,6'])).toThrow(
      'None of the 2 rows of load.csv holds a load. 2 were rejected; the first, line 2: "2024-01-01 00:00" has no zone; say --zone.',
    );
  });

  it('of a broken file are listed up to a limit and then counted', () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => `nonsense ${i},1`);
    const table = parseLines(['time,load', ...iso.map((stamp) => `${stamp},1`), ...rows]);
    expect(table.rejected).toBe(3_000);
    expect(table.issues).toHaveLength(1_001);
    expect(table.issues.at(-1)).toMatchObject({ kind: 'rejected-row', count: 2_000 });
  });

  it('with an impossible temperature stay, the temperature is left out and reported', () => {
    const rows = iso.map((stamp, i) => `${stamp},5,${['1', '999', 'x', '4'][i]}`);
    const table = parseLines(['time,load,temp', ...rows]);
    expect(table).toMatchObject({ rejected: 0 });
    expect(table.temperature.map(({ value }) => value)).toEqual([1, 4]);
    expect(table.issues).toMatchObject([
      { kind: 'suspect-value', line: 3 },
      { kind: 'suspect-value', line: 4 },
    ]);
  });

  it('have temperatures in °F turned into °C', () => {
    const rows = iso.map((stamp) => `${stamp},5,50`);
    expect(parseLines(['time,load,temp_f', ...rows]).temperature[0]?.value).toBe(10);
  });
});

describe('rows of the same interval', () => {
  it('that say the same are counted once', () => {
    const rows = [...iso, ...iso].map((stamp) => `${stamp},5`);
    const table = parseLines(['time,load', ...rows]);
    expect(table).toMatchObject({ rows: 8, rejected: 0 });
    expect(table.load).toHaveLength(4);
    expect(table.issues).toMatchObject([{ kind: 'duplicate', count: 4, line: 6 }]);
  });

  it('that differ are listed, and the last counts; a blank replaces nothing', () => {
    const rows = [...iso.map((stamp) => `${stamp},5`), `${iso[1]},6`, `${iso[2]},`];
    const table = parseLines(['time,load', ...rows]);
    expect(table.load.map(({ value }) => value)).toEqual([5, 6, 5, 5]);
    expect(table.issues).toMatchObject([
      { kind: 'duplicate', line: 6, reason: expect.stringContaining('load 5, then 6') },
      { kind: 'duplicate', line: 7, count: 1 },
    ]);
  });
});

const every = (minutes: number, count: number, firstMs = Date.UTC(2024, 0, 1)): string[] =>
  Array.from(
    { length: count },
    (_, i) => `${new Date(firstMs + i * minutes * 60_000).toISOString()},1`,
  );

/** Rows of 10 MWh each, from and until instants of interval starts. */
const intervals = (minutes: number, fromMs: number, untilMs: number, stamps: 'start' | 'end') =>
  every(
    minutes,
    (untilMs - fromMs) / (minutes * 60_000),
    fromMs + (stamps === 'end' ? minutes * 60_000 : 0),
  ).map((row) => row.replace(/,1$/, ',10'));

describe('the grid of a table', () => {
  it.each([5, 10, 15, 30, 60])('of %d minutes is found', (minutes) => {
    const table = parseLines(['time,load', ...every(minutes, 50)]);
    expect(table).toMatchObject({ resolutionMinutes: minutes, rejected: 0 });
    expect(table.load).toHaveLength(50);
  });

  it.each([45, 120, 1440])('of %d minutes is refused', (minutes) => {
    expect(() => parseLines(['time,load', ...every(minutes, 50)])).toThrow(`${minutes} min apart`);
  });

  it('may lie off the full hour, as in zones with a half-hour offset', () => {
    const table = parseLines(['time,load', ...every(60, 5, Date.UTC(2024, 0, 1, 0, 30))]);
    expect(table).toMatchObject({ resolutionMinutes: 60, rejected: 0 });
  });

  it('rejects rows that lie off it', () => {
    const rows = [...every(30, 50), '2024-01-01T00:07:00Z,9'];
    const table = parseLines(['time,load', ...rows]);
    expect(table.rejected).toBe(1);
    expect(table.issues[0]).toMatchObject({
      line: 52,
      reason: expect.stringContaining('30-minute'),
    });
  });

  it.each(['start', 'end'] as const)(
    'may change within a file, stamps at the %s of the interval',
    (stamps) => {
      const changesMs = Date.UTC(2024, 0, 8, 6);
      const endMs = Date.UTC(2024, 0, 20);
      const firstMs = Date.UTC(2024, 0, 1);
      const rows = [
        ...intervals(60, firstMs, changesMs, stamps),
        ...intervals(15, changesMs, endMs, stamps),
      ];
      const { load, rejected, resolutionMinutes, issues } = parseLines(
        ['time,load_mwh', ...rows.toReversed()],
        { stamps },
      );
      expect({ rejected, resolutionMinutes, issues }).toEqual({
        rejected: 0,
        resolutionMinutes: 15,
        issues: [],
      });
      expect(load[0]?.startMs).toBe(firstMs);
      for (const [i, reading] of load.entries()) {
        const late = reading.startMs >= changesMs;
        expect(reading).toMatchObject({ minutes: late ? 15 : 60, value: late ? 40 : 10 });
        expect(endOfReading(reading)).toBe(load[i + 1]?.startMs ?? endMs);
      }
      const { hourly } = hourlyMeans(load);
      expect(hourly.values).toHaveLength(19 * 24);
    },
  );

  it('does not change where days of it are full of holes', () => {
    const holed = every(30, 48 * 20).filter((_, i) => i < 480 || i > 600 || i % 2 === 0);
    const table = parseLines(['time,load', ...holed]);
    expect(new Set(table.load.map(({ minutes }) => minutes))).toEqual(new Set([30]));
  });

  it('of a file of one row is what the caller says', () => {
    const table = parseLines(['time,load', ...every(15, 1)], { resolutionMinutes: 15 });
    expect(table.resolutionMinutes).toBe(15);
  });

  it('does not depend on the order of the rows', () => {
    const rows = every(30, 40);
    const forwards = parseLines(['time,load', ...rows]);
    const backwards = parseLines(['time,load', ...rows.toReversed()]);
    expect(backwards.load).toEqual(forwards.load);
  });
});

function parseOrRefuse(table: CsvTable, options: LoadTableOptions): LoadTable | 'refused' {
  try {
    return parseLoadTable(table, options);
  } catch (error) {
    if (error instanceof LoadcastError && error.code === 'INVALID_INPUT') return 'refused';
    throw error;
  }
}

describe('any table', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      ...iso,
      '2024-03-31 02:30',
      '31/12/2023 24:00',
      '1,5',
      '1.234,5',
      'NaN',
      '',
      '1e999',
    ),
    fc
      .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
      .map((date) => date.toISOString()),
    fc.integer().map(String),
    fc.double().map(String),
    fc.string({ maxLength: 8 }),
  );

  it('has rows = accepted + rejected, finite readings in order, or is refused in words', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 40 }),
        fc.constantFrom({}, { zone: 'Europe/Berlin' }, { stamps: 'end' as const, zone: 'UTC' }),
        (rows, options) => {
          const good = iso.map((stamp) => [stamp, '5', '1']);
          const all = [...good, ...rows];
          const table = {
            source: 'garbage.csv',
            delimiter: ',' as const,
            columns: ['time', 'load', 'temp'],
            rows: all,
            lines: all.map((_, i) => i + 2),
          };
          const parsed = parseOrRefuse(table, { dateOrder: 'dmy', ...options });
          if (parsed === 'refused') return;
          const listed = parsed.issues
            .filter(({ kind }) => kind === 'rejected-row')
            .reduce((sum, { count }) => sum + count, 0);
          expect([parsed.rows, parsed.rejected]).toEqual([all.length, listed]);
          for (const readings of [parsed.load, parsed.temperature])
            readings.forEach(({ startMs, value }, i) => {
              expect(Number.isFinite(value)).toBe(true);
              expect(startMs).toBeGreaterThan(readings[i - 1]?.startMs ?? Number.NEGATIVE_INFINITY);
            });
        },
      ),
      { numRuns: 300 },
    );
  });
});
