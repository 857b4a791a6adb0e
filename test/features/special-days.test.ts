import { describe, expect, it } from 'vitest';
import type { CalendarDays } from '../../src/core/calendar-entry.js';
import type { Place } from '../../src/core/history.js';
import { buildCalendar } from '../../src/features/calendar.js';
import type { CalendarTable } from '../../src/features/feature-table.js';

const paris = { zone: 'Europe/Paris', holidayRegion: 'FR' };
const at = (iso: string): number => Date.parse(iso);
/** One value a day, of tables that begin at a midnight and know no clock change. */
const atNoon = (column: ArrayLike<number>): number[] =>
  Array.from({ length: Math.floor(column.length / 24) }, (_, day) => column[24 * day + 12]!);
const bridges = (place: Place, firstDay: string, days: number): number[] =>
  atNoon(buildCalendar(place, at(firstDay), 24 * days).bridge);
const utc = (holidayRegion: string): Place => ({ zone: 'UTC', holidayRegion });
/** a midnight of summer in Paris */
const local = (date: string): string => `${date}T00:00:00+02:00`;
const days = (
  kind: CalendarDays['kind'],
  from: string,
  to: string,
  changes: Partial<CalendarDays> = {},
): CalendarDays => ({
  kind,
  name: kind,
  region: null,
  share: 1,
  startMs: at(from),
  endMs: at(to),
  ...changes,
});
const july = (...entries: CalendarDays[]): CalendarTable =>
  buildCalendar({ ...paris, entries }, at(local('2023-07-13')), 96); // Thursday to Sunday

describe('bridge days', () => {
  it('are a Friday after, a Monday before a holiday', () => {
    // Ascension on Thursday 9 May 2024, Wednesday to Saturday
    expect(bridges(utc('FR'), '2024-05-08T00:00:00Z', 4)).toEqual([0, 0, 1, 0]);
    // Tuesday 14 July 2026, Sunday to Wednesday
    expect(bridges(utc('FR'), '2026-07-12T00:00:00Z', 4)).toEqual([0, 1, 0, 0]);
  });

  it('are a day between two holidays', () => {
    // Poland, Monday 1 May and Wednesday 3 May 2023
    expect(bridges(utc('PL'), '2023-05-01T00:00:00Z', 4)).toEqual([0, 1, 0, 0]);
  });

  it('are none beside a holiday in the middle of the week, nor where a weekend alone is near', () => {
    // Wednesday 14 July 2021, Monday to Friday
    expect(bridges(utc('FR'), '2021-07-12T00:00:00Z', 5)).toEqual([0, 0, 0, 0, 0]);
  });

  it('are found in any year to come', () => {
    // Ascension on Thursday 30 May 2041
    expect(bridges(utc('FR'), '2041-05-31T00:00:00Z', 1)).toEqual([1]);
  });

  it('have the share of the regions that have the holiday', () => {
    // Corpus Christi on Thursday 30 May 2024: a holiday in Bavaria, not in Berlin
    const place = utc('DE-BY:1,DE-BE:3');
    expect(bridges(place, '2024-05-29T00:00:00Z', 4)).toEqual([0, 0, 0.25, 0]);
    const table = buildCalendar(place, at('2024-05-29T00:00:00Z'), 96);
    expect(atNoon(table.holiday)).toEqual([0, 0.25, 0, 0]);
    expect(atNoon(table.dayBeforeHoliday)).toEqual([0.25, 0, 0, 0]);
    expect(atNoon(table.dayAfterHoliday)).toEqual([0, 0, 0.25, 0]);
  });
});

describe('working days of a weekend', () => {
  it('are like a Friday or a Monday; the holiday is one on its weekend too', () => {
    const china = { zone: 'Asia/Shanghai', holidayRegion: 'CN' };
    // Saturday 3 February to Monday 19 February 2024
    const table = buildCalendar(china, at('2024-02-02T16:00:00Z'), 24 * 17);
    expect(atNoon(table.weekday)).toEqual([5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0]);
    expect(atNoon(table.workWeekday)).toEqual([5, 0, 0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 0, 0]);
    expect(atNoon(table.holiday)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
    expect(atNoon(table.dayAfterHoliday).indexOf(1)).toBe(15); // the working Sunday
    expect(atNoon(table.bridge).some((share) => share > 0)).toBe(false);
  });
});

describe('what was added to the calendar', () => {
  it('changes nothing where it is nothing', () => {
    const { school, shutdown, ...rest } = buildCalendar(paris, at(local('2023-07-13')), 96);
    expect(school.some(Boolean) || shutdown.some(Boolean)).toBe(false);
    expect(july()).toMatchObject(rest);
  });

  it('a holiday of its own is like any other', () => {
    const table = july(days('holiday', local('2023-07-16'), local('2023-07-17')));
    expect(atNoon(table.holiday)).toEqual([0, 1, 0, 1]);
    expect(atNoon(table.dayBeforeHoliday)).toEqual([1, 0, 1, 0]);
  });

  it('a holiday that is worked is none', () => {
    const table = july(days('working-day', local('2023-07-14'), local('2023-07-16')));
    expect(atNoon(table.holiday)).toEqual([0, 0, 0, 0]);
    expect(atNoon(table.workWeekday)).toEqual([3, 4, 4, 6]); // and the Saturday after it is worked
  });

  it('a holiday wins over a decreed working day', () => {
    const china = { zone: 'Asia/Shanghai', holidayRegion: 'CN' };
    const first = at('2024-02-04T00:00:00+08:00');
    const entries = [
      days('holiday', '2024-02-04T00:00:00+08:00', '2024-02-05T00:00:00+08:00', { share: 0.5 }),
    ];
    const table = buildCalendar({ ...china, entries }, first, 24);
    expect([table.workWeekday[12], table.holiday[12]]).toEqual([6, 0.5]);
  });

  it('holds in its region only', () => {
    const place = { zone: 'Europe/Berlin', holidayRegion: 'DE-BY:1,DE-BE:3' };
    const school = days('school', local('2023-07-13'), local('2023-07-15'), { region: 'DE-BE' });
    const all = days('school', local('2023-07-15'), local('2023-07-16'), { region: 'DE' });
    const table = buildCalendar(
      { ...place, entries: [school, all] },
      at(local('2023-07-13')),
      24 * 4,
    );
    expect(atNoon(table.school)).toEqual([0.75, 0.75, 1, 0]);
  });

  it('school breaks that overlap are one, shutdowns add up to all of the load', () => {
    const twice = (['school', 'shutdown'] as const).flatMap((kind) => [
      days(kind, local('2023-07-13'), local('2023-07-15'), { share: 0.25 }),
      days(kind, local('2023-07-14'), local('2023-07-16'), { share: 0.5 }),
      days(kind, local('2023-07-15'), local('2023-07-16'), { share: 0.75 }),
    ]);
    const table = july(...twice);
    expect(atNoon(table.school)).toEqual([0.25, 0.5, 0.75, 0]);
    expect(atNoon(table.shutdown)).toEqual([0.25, 0.75, 1, 0]);
  });

  it('an hour that a shutdown covers in part has that part of it', () => {
    const table = july(
      days('shutdown', '2023-07-13T06:30:00+02:00', '2023-07-13T08:15:00+02:00', { share: 0.4 }),
    );
    expect(Array.from(table.shutdown.slice(5, 10), (share) => Number(share.toFixed(6)))).toEqual([
      0, 0.2, 0.4, 0.1, 0,
    ]);
  });

  it('a day is all of its 23 and of its 25 hours', () => {
    const spring = buildCalendar(
      {
        ...paris,
        entries: [days('holiday', '2023-03-26T00:00:00+01:00', '2023-03-27T00:00:00+02:00')],
      },
      at('2023-03-25T23:00:00Z'),
      24,
    );
    expect(spring.holiday.indexOf(0)).toBe(23);
    const autumn = buildCalendar(
      {
        ...paris,
        entries: [days('school', '2023-10-29T00:00:00+02:00', '2023-10-30T00:00:00+01:00')],
      },
      at('2023-10-28T22:00:00Z'),
      26,
    );
    expect(autumn.school.indexOf(0)).toBe(25);
  });

  it('a listed bridge day stands beside those that are found', () => {
    const table = july(days('bridge', local('2023-07-13'), local('2023-07-14'), { share: 0.5 }));
    expect(atNoon(table.bridge)).toEqual([0.5, 0, 0, 0]);
  });

  it('holds without a holiday region too', () => {
    const entries = [days('holiday', local('2023-07-13'), local('2023-07-14'))];
    const table = buildCalendar(
      { ...paris, holidayRegion: null, entries },
      at(local('2023-07-13')),
      96,
    );
    expect(atNoon(table.holiday)).toEqual([1, 0, 0, 0]);
    expect(atNoon(table.bridge)).toEqual([0, 1, 0, 0]);
  });
});
