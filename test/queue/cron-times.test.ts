import { describe, expect, test } from 'vitest';
import { isoUtc } from '../../src/core/time.js';
import { nextCronTimes } from '../../src/queue/cron-times.js';

function next(cron: string, zone: string, after: string, count: number): string[] {
  return nextCronTimes(cron, zone, Date.parse(after), count).map(isoUtc);
}

describe('nextCronTimes', () => {
  test('keeps the local clock over the change to summer time: that day has 23 hours', () => {
    expect(next('15 0 * * *', 'Europe/Paris', '2024-03-30T00:00:00Z', 3)).toEqual([
      '2024-03-30T23:15:00Z',
      '2024-03-31T22:15:00Z',
      '2024-04-01T22:15:00Z',
    ]);
  });

  test('keeps the local clock over the change to winter time, south of the equator in April', () => {
    expect(next('15 0 * * *', 'Australia/Melbourne', '2024-04-05T12:00:00Z', 3)).toEqual([
      '2024-04-05T13:15:00Z',
      '2024-04-06T13:15:00Z',
      '2024-04-07T14:15:00Z',
    ]);
  });

  test('a time that the clock skips comes once, right after the gap', () => {
    expect(next('30 2 * * *', 'Europe/Paris', '2024-03-30T02:00:00Z', 2)).toEqual([
      '2024-03-31T01:00:00Z',
      '2024-04-01T00:30:00Z',
    ]);
    expect(next('15 0 * * *', 'America/Santiago', '2024-09-07T05:00:00Z', 2)).toEqual([
      '2024-09-08T04:00:00Z',
      '2024-09-09T03:15:00Z',
    ]);
  });

  test('a time that the clock repeats comes once, at the first of the two', () => {
    expect(next('30 2 * * *', 'Europe/Paris', '2024-10-26T02:00:00Z', 2)).toEqual([
      '2024-10-27T00:30:00Z',
      '2024-10-28T01:30:00Z',
    ]);
  });

  test('every hour means every elapsed hour, on both clock-change days', () => {
    for (const after of ['2024-10-26T23:30:00Z', '2024-03-30T23:30:00Z']) {
      const times = nextCronTimes('5 * * * *', 'Europe/Paris', Date.parse(after), 6);
      expect(times.map((time, i) => time - (times[0] ?? 0) - i * 3_600_000)).toEqual(
        Array.from({ length: 6 }, () => 0),
      );
    }
  });

  test.each([
    ['15 0 * * *', 'Europe/Pariss', /not an IANA time zone/],
    ['at noon', 'Europe/Paris', /"at noon" is not a cron time/],
    ['0 15 0 * * *', 'Europe/Paris', /five fields/],
    ['99 0 * * *', 'Europe/Paris', /"99 0 \* \* \*" is not a cron time/],
  ])('refuses %s in %s', (cron, zone, message) => {
    expect(() => nextCronTimes(cron, zone, 0, 1)).toThrow(message);
  });
});
