import { assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCalendar } from '../../src/features/calendar.js';
import {
  blockedFolds,
  leastTestRows,
  rollingOrigins,
  rowsWithin,
  touches,
  windowsBeside,
} from '../../src/features/folds.js';

const place = { zone: 'Europe/Paris', holidayRegion: null };
const calendarFrom = (utc: string, days: number) =>
  buildCalendar(place, Date.parse(utc), days * 24);
/** from a local midnight */
const january = calendarFrom('2023-01-01T23:00:00Z', 60);
const day = 24;

describe('rolling origins', () => {
  test('the last days are tested in turn, each after all that lies before', () => {
    const folds = rollingOrigins(january, 60 * day, { folds: 4, leastTraining: 20 * day });
    expect(folds).toEqual([
      { known: { from: 0, to: 480 }, test: { from: 480, to: 720 }, excluded: null },
      { known: { from: 0, to: 720 }, test: { from: 720, to: 960 }, excluded: null },
      { known: { from: 0, to: 960 }, test: { from: 960, to: 1200 }, excluded: null },
      { known: { from: 0, to: 1200 }, test: { from: 1200, to: 1440 }, excluded: null },
    ]);
  });

  test('of a fixed window know that and no more', () => {
    const options = { folds: 2, leastTraining: 20 * day, window: 10 * day };
    expect(rollingOrigins(january, 60 * day, options).map(({ known }) => known)).toEqual([
      { from: 240, to: 480 },
      { from: 720, to: 960 },
    ]);
  });

  test('begin with an equal part for the first fit where that is more than it needs', () => {
    const [first] = rollingOrigins(january, 60 * day, { folds: 2, leastTraining: 100 });
    expect(first?.test.from).toBe(20 * day);
  });

  test('the first fit has all it needs though the cut is at midnight', () => {
    const [first] = rollingOrigins(january, 60 * day, { folds: 2, leastTraining: 20 * day + 1 });
    expect(first?.test.from).toBe(21 * day);
  });

  test('too little history is refused with both numbers', () => {
    expect(() => rollingOrigins(january, 500, { folds: 3, leastTraining: 400 })).toThrow(
      /Need 775 h .*3 rolling folds after 400 h of training.* have 500 h/,
    );
    expect(() => rollingOrigins(january, 500, { folds: 0, leastTraining: 1 })).toThrow(/from 1/);
  });
});

describe('blocked folds', () => {
  test('each block is tested by a fit on the others', () => {
    expect(blockedFolds(january, 60 * day, { folds: 3 })).toEqual([
      {
        known: { from: 0, to: 1440 },
        test: { from: 0, to: 480 },
        excluded: { from: 0, to: 480 },
      },
      {
        known: { from: 0, to: 1440 },
        test: { from: 480, to: 960 },
        excluded: { from: 480, to: 960 },
      },
      {
        known: { from: 0, to: 1440 },
        test: { from: 960, to: 1440 },
        excluded: { from: 960, to: 1440 },
      },
    ]);
  });

  test('begin after the rows that the first forecasts read', () => {
    const folds = blockedFolds(january, 60 * day, { folds: 2, first: 19 * day + 1 });
    expect(folds.map((fold) => fold.test)).toEqual([
      { from: 480, to: 960 },
      { from: 960, to: 1440 },
    ]);
    expect(folds[0]?.known).toEqual({ from: 0, to: 1440 });
  });

  test('too little history, or one block, is refused', () => {
    expect(() => blockedFolds(january, 300, { folds: 5 })).toThrow(
      /Need 625 h .*5 blocks.* have 300 h/,
    );
    expect(() => blockedFolds(january, 1440, { folds: 1 })).toThrow(/from 2, has 1/);
  });
});

test('both clock changes: cuts lie on local midnights, of days of 23 and 25 hours too', () => {
  // 26 March 2023 has 23 hours, 29 October 25
  for (const [from, changeDay, length] of [
    ['2023-03-20T23:00:00Z', 5, 23],
    ['2023-10-23T22:00:00Z', 5, 25],
  ] as const) {
    const calendar = calendarFrom(from, 20);
    const rows = (10 - 1) * 24 + length;
    const folds = blockedFolds(calendar, rows, { folds: 2 });
    expect(folds.map(({ test: { from: at } }) => calendar.hour[at])).toEqual([0, 0]);
    expect(folds[1]?.test.from).toBe(changeDay * 24);
    const [rolling] = rollingOrigins(calendar, 20 * 24, {
      folds: 2,
      leastTraining: changeDay * 24 + 1,
    });
    expect(rolling?.test.from).toBe(changeDay * 24 + length + 24);
    expect(calendar.hour[rolling?.test.from ?? 0]).toBe(0);
  }
});

describe('windows beside a hole', () => {
  const reach = { back: 408, ahead: 72 };

  test('end 72 rows before it and begin 408 after it', () => {
    expect(windowsBeside(2000, { from: 800, to: 1000 }, reach)).toEqual([
      { from: 408, to: 729 },
      { from: 1408, to: 1929 },
    ]);
    expect(windowsBeside(2000, null, reach)).toEqual([{ from: 408, to: 1929 }]);
    expect(windowsBeside(2000, { from: 0, to: 600 }, reach)).toEqual([{ from: 1008, to: 1929 }]);
    expect(windowsBeside(1000, { from: 400, to: 700 }, reach)).toEqual([]);
  });

  test('are all there are', () => {
    const cases = record({
      rows: integer({ min: 500, max: 900 }),
      from: integer({ min: 0, max: 800 }),
      length: integer({ min: 1, max: 300 }),
    });
    assert(
      property(cases, ({ rows, from, length }) => {
        const hole = { from, to: from + length };
        const found = windowsBeside(rows, hole, { back: 20, ahead: 7 });
        for (let origin = 0; origin <= rows; origin++) {
          const inside = origin - 20 >= 0 && origin + 7 <= rows;
          const clean = !touches(hole, origin - 20, origin + 7);
          const listed = found.some((range) => origin >= range.from && origin < range.to);
          expect(listed).toBe(inside && clean);
        }
      }),
    );
  });
});

test('folds of any length: test parts follow one another without gap or overlap, and no fit knows its own', () => {
  const cases = record({
    utcHour: integer({ min: 0, max: 23 }),
    rows: integer({ min: 700, max: 60 * 24 }),
    folds: integer({ min: 2, max: 4 }),
    month: constantFrom('2023-03-10', '2023-10-10', '2023-06-01'),
  });
  assert(
    property(cases, ({ utcHour, rows, folds, month }) => {
      const calendar = calendarFrom(`${month}T${String(utcHour).padStart(2, '0')}:00:00Z`, 60);
      const blocked = blockedFolds(calendar, rows, { folds });
      const rolling = rollingOrigins(calendar, rows, { folds, leastTraining: 168 });
      expect(blocked[0]?.test.from).toBe(0);
      expect(rolling[0]?.test.from).toBeGreaterThanOrEqual(168);
      for (const parts of [blocked, rolling]) {
        expect(parts).toHaveLength(folds);
        expect(parts.at(-1)?.test.to).toBe(rows);
        const later = parts.slice(1).map((fold) => fold.test.from);
        expect(later).toEqual(parts.slice(0, -1).map((fold) => fold.test.to));
        expect(later.map((row) => calendar.hour[row])).toEqual(later.map(() => 0));
        for (const { test: tested, known, excluded } of parts) {
          expect(tested.to - tested.from).toBeGreaterThanOrEqual(leastTestRows());
          const seen = rowsWithin(tested, known.to) - rowsWithin(excluded, known.to);
          expect(seen).toBe(0);
        }
      }
    }),
  );
});
