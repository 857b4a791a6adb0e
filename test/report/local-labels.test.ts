import { describe, expect, test } from 'vitest';
import {
  clockLabel,
  dateLabel,
  isClockChangeDay,
  localDays,
  offsetLabel,
  stampLabel,
  timeLabel,
} from '../../src/report/local-labels.js';

const melbourne = 'Australia/Melbourne';
const at = Date.parse;

describe('local labels', () => {
  test('are local to the zone of the series, whatever the zone of the machine', () => {
    const instant = at('2014-12-28T13:00:00Z');
    expect(dateLabel(instant, melbourne)).toBe('Mon 29 Dec 2014');
    expect(timeLabel(instant, melbourne)).toBe('Mon 29 Dec 00:00');
    expect(stampLabel(instant, 'America/New_York')).toBe('Sun 28 Dec 2014 08:00');
    expect(offsetLabel(instant, melbourne)).toBe('UTC+11');
    expect(offsetLabel(instant, 'America/St_Johns')).toBe('UTC−03:30');
    expect(offsetLabel(instant, 'UTC')).toBe('UTC');
  });

  test('the doubled hour of a 25-hour day is told apart by its offset', () => {
    // 2014-04-06 03:00 summer time became 02:00 in Melbourne
    expect(isClockChangeDay(at('2014-04-05T15:00:00Z'), melbourne)).toBe(true);
    expect(clockLabel(at('2014-04-05T15:00:00Z'), melbourne)).toBe('02:00 UTC+11');
    expect(clockLabel(at('2014-04-05T16:00:00Z'), melbourne)).toBe('02:00 UTC+10');
    expect(clockLabel(at('2014-04-06T16:00:00Z'), melbourne)).toBe('02:00');
  });

  test('a horizon of 72 h over the end of summer time has local days of 25, 24 and 23 h', () => {
    const start = at('2014-04-05T13:00:00Z');
    const days = localDays(start, start + 72 * 3_600_000, melbourne);
    expect(days.map((day) => (day.endMs - day.startMs) / 3_600_000)).toEqual([25, 24, 23]);
    expect(days.map((day) => day.whole)).toEqual([true, true, false]);
  });

  test('a horizon from nine in the morning touches four local days, two of them cut', () => {
    const start = at('2014-12-28T22:00:00Z');
    const days = localDays(start, start + 72 * 3_600_000, melbourne);
    expect(days.map((day) => (day.endMs - day.startMs) / 3_600_000)).toEqual([15, 24, 24, 9]);
    expect(days.map((day) => day.whole)).toEqual([false, true, true, false]);
  });
});
