import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dayMs, dayNumber } from '../../src/core/time.js';
import { holidaysOfYear, workingDaysOfYear } from '../../src/features/holidays.js';
import { decreedYear } from '../../src/features/moved-days.js';

const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);
const datesOf = (region: string, year: number): string[] =>
  holidaysOfYear(region, year).map(({ startLocalMs }) => dateOf(startLocalMs / dayMs));

describe('the table of China', () => {
  it('has the Spring Festival of 2024 and its working Sundays', () => {
    const february = datesOf('CN', 2024).filter((date) => date.startsWith('2024-02'));
    expect(february).toEqual([10, 11, 12, 13, 14, 15, 16, 17].map((day) => `2024-02-${day}`));
    expect(workingDaysOfYear('CN', 2024).map(dateOf)).toEqual([
      '2024-02-04',
      '2024-02-18',
      '2024-04-07',
      '2024-04-28',
      '2024-05-11',
      '2024-09-14',
      '2024-09-29',
      '2024-10-12',
    ]);
  });

  it('has the days that the notice for 2026 names', () => {
    const days = datesOf('CN', 2026);
    const runs = ['01-01', '01-03', '02-15', '02-23', '04-06', '05-05', '06-21', '09-25', '10-07'];
    for (const date of runs) expect(days).toContain(`2026-${date}`);
    expect(days).toHaveLength(3 + 9 + 3 + 5 + 3 + 3 + 7);
    expect(workingDaysOfYear('CN', 2026).map(dateOf)).toEqual([
      '2026-01-04',
      '2026-02-14',
      '2026-02-28',
      '2026-05-09',
      '2026-09-20',
      '2026-10-10',
    ]);
  });

  it('goes over to the holidays of the library in years that it does not cover', () => {
    expect(decreedYear('CN', 2014)).toBeNull();
    expect(datesOf('CN', 2014)).toContain('2014-10-01');
    expect(workingDaysOfYear('CN', 2014)).toEqual([]);
  });

  it('holds for no other country', () => {
    expect(workingDaysOfYear('HK', 2024)).toEqual([]);
    expect(datesOf('FR', 2024)).toContain('2024-07-14');
  });
});

it('Hungary rests on Friday 2 May 2025 and works on Saturday 17 May', () => {
  expect(datesOf('HU', 2025)).toContain('2025-05-02');
  expect(workingDaysOfYear('hu', 2025).map(dateOf)).toContain('2025-05-17');
});

describe.each(['CN', 'HU'])('the file of %s', (country) => {
  const file = new URL(`../../data/calendar/${country}.csv`, import.meta.url);
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const rows = lines.map((line) => line.split(','));

  it('is sorted, without a day twice, in its own format', () => {
    expect(header).toBe('date,region,kind,name');
    const dates = rows.map(([date]) => date);
    expect(dates.every((date = '', i) => i === 0 || date > (dates[i - 1] ?? ''))).toBe(true);
    for (const [date = '', region, kind, name] of rows) {
      expect(dateOf(dayNumber(date))).toBe(date);
      expect(region).toBe(country);
      expect(['holiday', 'working-day']).toContain(kind);
      expect(name).toMatch(/\S/);
    }
  });

  it('works on Saturdays and Sundays only', () => {
    const worked = rows.filter(([, , kind]) => kind === 'working-day');
    const weekdays = worked.map(([date = '']) => new Date(date).getUTCDay());
    expect(weekdays.filter((weekday) => weekday !== 0 && weekday !== 6)).toEqual([]);
  });
});
