import { describe, expect, it } from 'vitest';
import { buildCalendar } from '../../src/features/calendar.js';
import { chronologicalSplit } from '../../src/features/split.js';

const calendar = buildCalendar(
  { zone: 'Europe/Paris', holidayRegion: null },
  Date.parse('2023-01-01T05:00:00Z'),
  100 * 24,
);

describe('chronologicalSplit', () => {
  it('cuts 7:2:1 at local midnights', () => {
    const { validationStart, testStart } = chronologicalSplit(calendar);
    expect([calendar.hour[validationStart], calendar.hour[testStart]]).toEqual([0, 0]);
    expect(validationStart).toBeGreaterThan(69 * 24);
    expect(validationStart).toBeLessThanOrEqual(70 * 24);
    expect(testStart).toBeGreaterThan(89 * 24);
    expect(testStart).toBeLessThanOrEqual(90 * 24);
  });

  it('splits the first rows only when told so', () => {
    expect(chronologicalSplit(calendar, 1000, [1, 1, 2]).testStart).toBeLessThanOrEqual(500);
  });

  it('refuses shares that are not positive and histories that are too short', () => {
    expect(() => chronologicalSplit(calendar, 2400, [7, 0, 3])).toThrow(/7:0:3/);
    expect(() => chronologicalSplit(calendar, 30)).toThrow(/30 h/);
  });
});
