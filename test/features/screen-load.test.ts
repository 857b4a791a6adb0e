import { describe, expect, it } from 'vitest';
import { buildCalendar } from '../../src/features/calendar.js';
import { screenLoad } from '../../src/features/screen-load.js';
import { victoriaHistory } from './victoria.js';

const { load, place } = victoriaHistory();
const calendar = buildCalendar(place, load.startMs, load.values.length);
const end = 24 * 200;
const clean = load.values.slice(0, end);

/** Rows that a change brings to be marked. */
function markedAfter(change: (values: Float64Array) => void): number[] {
  const values = clean.slice();
  change(values);
  return [...screenLoad(values, calendar).entries()].filter(([, code]) => code > 0).map(([i]) => i);
}

function rows(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

describe('screenLoad', () => {
  it('marks nothing in a real year with heat waves, holidays and clock changes', () => {
    expect(screenLoad(load.values, calendar).reduce((sum, code) => sum + code, 0)).toBe(0);
  });

  for (const endedHoursBefore of [0, 24]) {
    const fault = (count: number): number => end - endedHoursBefore - count;
    describe(`of a fault that ended ${endedHoursBefore} h before the end`, () => {
      it.each([
        ['spike +50 %', 2, 1.5],
        ['spike -50 %', 3, 0.5],
        ['spike +100 %', 1, 2],
        ['zero', 3, 0],
        ['decimal lost for 6 h', 6, 10],
        ['decimal lost for 12 h', 12, 10],
        ['decimal gained for 6 h', 6, 0.1],
      ])('marks exactly a %s', (_, count, factor) => {
        const from = fault(count);
        const marked = markedAfter((values) => {
          for (const i of rows(from, count)) values[i] = (values[i] ?? Number.NaN) * factor;
        });
        expect(marked).toEqual(rows(from, count));
      });

      it('marks a value stuck for 12 h but for the hour that was measured', () => {
        const from = fault(12);
        const marked = markedAfter((values) =>
          values.fill(values[from - 1] ?? Number.NaN, from, from + 12),
        );
        expect(marked).toEqual(rows(from, 12));
      });
    });
  }

  it('leaves a day 25 % below the others, as holidays are', () => {
    const marked = markedAfter((values) => {
      const course = [0.95, 0.88, ...Array<number>(12).fill(0.75), 0.88, 0.95]; // 06:00 to 21:00
      for (const [i, factor] of course.entries())
        values[end - 48 + 6 + i] = (values[end - 48 + 6 + i] ?? Number.NaN) * factor;
    });
    expect(marked).toEqual([]);
  });

  it('leaves a lasting change of level', () => {
    const marked = markedAfter((values) => {
      for (const i of rows(end - 24 * 20, 24 * 20)) values[i] = (values[i] ?? Number.NaN) * 1.5;
    });
    expect(marked).toEqual([]);
  });

  it('does not call a small feeder in whole megawatts stuck', () => {
    expect(
      markedAfter((values) => {
        for (const [i, value] of values.entries()) values[i] = Math.round(value / 1500);
      }),
    ).toEqual([]);
  });

  it('leaves net load that is often negative', () => {
    expect(
      markedAfter((values) => {
        for (const [i, value] of values.entries()) values[i] = value - 4500;
      }),
    ).toEqual([]);
  });
});
