import { describe, expect, it } from 'vitest';
import { buildCalendar } from '../../src/features/calendar.js';
import { imputeLoad } from '../../src/features/impute-load.js';

const weeks = 6;
const calendar = buildCalendar(
  { zone: 'UTC', holidayRegion: 'FR' },
  Date.parse('2023-06-01T00:00:00Z'),
  weeks * 168,
);
/** 100 MW plus the hour of the week, 10 % more each week. */
const loadOf = (row: number): number => (100 + (row % 168)) * 1.1 ** Math.floor(row / 168);
const whole = Float64Array.from({ length: weeks * 168 }, (_, row) => loadOf(row));

function withGap(from: number, to: number): Float64Array {
  const values = whole.slice();
  values.fill(Number.NaN, from, to);
  return values;
}

describe('imputeLoad', () => {
  it('interpolates up to two hours', () => {
    const values = withGap(400, 402);
    values[399] = 90;
    values[402] = 120;
    imputeLoad(values, calendar);
    expect([values[400], values[401]]).toEqual([100, 110]);
  });

  it('takes a longer gap from the week before at the level of the days around it', () => {
    const values = withGap(400, 412);
    imputeLoad(values, calendar);
    for (let row = 400; row < 412; row++) expect(values[row]).toBeCloseTo(loadOf(row), 9);
  });

  it('fills the end from the past alone', () => {
    const values = withGap(500, weeks * 168);
    imputeLoad(values.subarray(0, 512), calendar);
    for (let row = 500; row < 512; row++) expect(values[row]).toBeCloseTo(loadOf(row), 9);
    expect(values[512]).toBeNaN();
  });

  it('goes further back where the week before is missing too', () => {
    const values = withGap(600, 612);
    values.fill(Number.NaN, 600 - 168, 612 - 168);
    imputeLoad(values, calendar);
    for (let row = 600; row < 612; row++)
      expect(Math.abs((values[row] ?? Number.NaN) / loadOf(row) - 1)).toBeLessThan(0.02);
  });

  it('fills an ordinary day from an ordinary day, not from the holiday a week before', () => {
    const bastille = 24 * 43; // 14 July
    const long = Float64Array.from({ length: 24 * 60 }, (_, row) => 100 + (row % 24));
    for (let row = bastille; row < bastille + 24; row++) long[row] = 50;
    const days = buildCalendar(
      { zone: 'UTC', holidayRegion: 'FR' },
      Date.parse('2023-06-01T00:00:00Z'),
      24 * 60,
    );
    expect(days.holiday[bastille]).toBe(1);
    const gap = bastille + 168;
    long.fill(Number.NaN, gap, gap + 24);
    imputeLoad(long, days);
    for (let row = gap; row < gap + 24; row++) expect(long[row]).toBeCloseTo(100 + (row % 24), 9);
  });

  it('leaves no hole wherever one week is known', () => {
    for (const from of [0, 100, 800]) {
      const values = new Float64Array(weeks * 168).fill(Number.NaN);
      values.set(whole.subarray(from, from + 168), from);
      imputeLoad(values, calendar);
      expect(values.every((value) => value > 50 && value < 500)).toBe(true);
    }
  });

  it('names both numbers when less than a week is known', () => {
    const values = new Float64Array(300).fill(Number.NaN).fill(5, 0, 167);
    expect(() => imputeLoad(values, calendar)).toThrow(/Need 168 h .* have 167 h/);
  });
});
