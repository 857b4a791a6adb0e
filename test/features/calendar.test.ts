import { describe, expect, it } from 'vitest';
import { hourMs } from '../../src/core/time.js';
import { buildCalendar, rowDaysBefore, sliceCalendar } from '../../src/features/calendar.js';
import { holidaysOfYear } from '../../src/features/holidays.js';

const paris = { zone: 'Europe/Paris', holidayRegion: 'FR' };
const at = (iso: string): number => Date.parse(iso);

/** Marked hours of each of four days. */
function hoursByDay(flags: Float64Array): number[] {
  return [0, 1, 2, 3].map((day) =>
    flags.slice(24 * day, 24 * day + 24).reduce((sum, flag) => sum + flag, 0),
  );
}

describe('buildCalendar', () => {
  it('skips the hour that spring skips and doubles the one that autumn doubles', () => {
    const spring = buildCalendar(paris, at('2023-03-26T00:00:00Z'), 3);
    expect([...spring.hour]).toEqual([1, 3, 4]);
    const autumn = buildCalendar(paris, at('2023-10-28T23:00:00Z'), 4);
    expect([...autumn.hour]).toEqual([1, 2, 2, 3]);
  });

  it('gives weekday, day of the year and the turn of the year by the local date', () => {
    const table = buildCalendar(paris, at('2022-12-31T22:00:00Z'), 2);
    expect([...table.hour]).toEqual([23, 0]);
    expect([...table.weekday]).toEqual([5, 6]);
    expect([...table.dayOfYear]).toEqual([365, 1]);
    const days = buildCalendar(paris, at('2022-12-22T23:00:00Z'), 24 * 16);
    const ofDay = (day: number): number | undefined => days.yearEnd[24 * day];
    expect([0, 1, 13, 14].map(ofDay)).toEqual([0, 1, 1, 0]); // 23 and 24 December, 5 and 6 January
  });

  it('marks every local hour of a public holiday, its eve and its morrow, and no observance', () => {
    const table = buildCalendar(paris, at('2023-05-27T22:00:00Z'), 96); // Sunday 28 to Wednesday 31 May
    expect(hoursByDay(table.holiday)).toEqual([0, 24, 0, 0]); // Whit Monday; Whit Sunday is an observance
    expect(hoursByDay(table.dayBeforeHoliday)).toEqual([24, 0, 0, 0]);
    expect(hoursByDay(table.dayAfterHoliday)).toEqual([0, 0, 24, 0]);
  });

  it('calls no holiday the eve of another', () => {
    const victoria = { zone: 'Australia/Melbourne', holidayRegion: 'AU-VIC' };
    const table = buildCalendar(victoria, at('2014-12-23T13:00:00Z'), 96); // 24 to 27 December
    const noon = [12, 36, 60, 84];
    expect(noon.map((i) => table.holiday[i])).toEqual([0, 1, 1, 0]);
    expect(noon.map((i) => table.dayBeforeHoliday[i])).toEqual([1, 0, 0, 0]);
    expect(noon.map((i) => table.dayAfterHoliday[i])).toEqual([0, 0, 0, 1]);
  });

  it('begins a half holiday at its hour', () => {
    const berlin = { zone: 'Europe/Berlin', holidayRegion: 'DE' };
    const table = buildCalendar(berlin, at('2021-12-23T23:00:00Z'), 24);
    expect(table.holiday.indexOf(1)).toBe(14);
  });

  it('takes the local date of a holiday that begins at sunset before', () => {
    const skopje = { zone: 'Europe/Skopje', holidayRegion: 'MK' };
    const table = buildCalendar(skopje, at('2018-06-13T22:00:00Z'), 72); // 14 to 16 June
    expect([0, 24, 47, 48].map((i) => table.holiday[i])).toEqual([0, 1, 1, 0]);
  });

  it('gives the same holidays whatever the zone of the machine', () => {
    const before = process.env['TZ'];
    try {
      process.env['TZ'] = 'Pacific/Kiritimati';
      const [first] = holidaysOfYear('US-MA', 2031);
      expect(first?.startLocalMs).toBe(Date.UTC(2031, 0, 1));
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('knows no holidays where no region is given', () => {
    const table = buildCalendar({ zone: 'UTC', holidayRegion: null }, at('2023-12-25T00:00Z'), 24);
    expect(table.holiday.some((flag) => flag === 1)).toBe(false);
  });

  it.each([
    ['ZZ', /"ZZ".*AU/],
    ['AU-XX', /"AU-XX".*states of AU.*VIC/],
    ['FR-57-9', /"FR-57-9".*none/],
  ])('names the unknown region %s and what exists', (holidayRegion, message) => {
    const build = () => buildCalendar({ zone: 'UTC', holidayRegion }, 0, 24);
    expect(build).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(build).toThrow(message);
  });

  it('refuses more than 40 years', () => {
    expect(() => buildCalendar(paris, 0, 400_000)).toThrow(/400000 h/);
  });
});

describe('sliceCalendar', () => {
  it('is the calendar of those hours', () => {
    const whole = buildCalendar(paris, at('2023-03-24T00:00:00Z'), 240);
    const part = buildCalendar(paris, at('2023-03-25T12:00:00Z'), 60);
    expect(sliceCalendar(whole, 36, 96)).toEqual(part);
    expect(() => sliceCalendar(whole, 200, 241)).toThrow(RangeError);
  });
});

describe('rowDaysBefore', () => {
  it('keeps the local clock over both clock changes', () => {
    for (const start of ['2023-03-19T23:00:00Z', '2023-10-22T22:00:00Z']) {
      const table = buildCalendar(paris, at(start), 24 * 14);
      for (let row = 24 * 9; row < 24 * 13; row++) {
        const before = rowDaysBefore(table, row, 7);
        expect((table.localMs[row] ?? Number.NaN) - (table.localMs[before] ?? Number.NaN)).toBe(
          7 * 24 * hourMs,
        );
      }
    }
  });

  it('is -1 outside the table', () => {
    const table = buildCalendar(paris, at('2023-06-01T00:00:00Z'), 48);
    expect(rowDaysBefore(table, 23, 1)).toBe(-1);
    expect(rowDaysBefore(table, 24, 1)).toBe(0);
    expect(rowDaysBefore(table, 24, -1)).toBe(-1);
  });
});
