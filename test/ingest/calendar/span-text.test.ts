import { describe, expect, it } from 'vitest';
import { isoUtc } from '../../../src/core/time.js';
import { readSpan } from '../../../src/ingest/calendar/span-text.js';

const read = (from: string, to = '', zone = 'Europe/Paris'): string[] => {
  const { startMs, endMs } = readSpan(from, to, zone);
  return [isoUtc(startMs), isoUtc(endMs)];
};

describe('readSpan', () => {
  it.each([
    ['a day', '2024-07-01', '', '2024-06-30T22:00:00Z', '2024-07-01T22:00:00Z'],
    [
      'days, the last one too',
      '2024-07-01',
      '2024-07-03',
      '2024-06-30T22:00:00Z',
      '2024-07-03T22:00:00Z',
    ],
    ['the day of 23 hours', '2024-03-31', '', '2024-03-30T23:00:00Z', '2024-03-31T22:00:00Z'],
    ['the day of 25 hours', '2024-10-27', '', '2024-10-26T22:00:00Z', '2024-10-27T23:00:00Z'],
    [
      'times of the zone',
      '2024-07-01T08:00',
      '2024-07-01 09:30',
      '2024-07-01T06:00:00Z',
      '2024-07-01T07:30:00Z',
    ],
    [
      'times with an offset',
      '2024-07-01T08:00Z',
      '2024-07-01T12:00+02:00',
      '2024-07-01T08:00:00Z',
      '2024-07-01T10:00:00Z',
    ],
    [
      'a time to the end of its day',
      '2024-12-24T14:00',
      '',
      '2024-12-24T13:00:00Z',
      '2024-12-24T23:00:00Z',
    ],
    [
      'a doubled time by its offset',
      '2024-10-27T02:30+01:00',
      '2024-10-27T03:00',
      '2024-10-27T01:30:00Z',
      '2024-10-27T02:00:00Z',
    ],
  ])('reads %s', (_, from, to, start, end) => {
    expect(read(from, to)).toEqual([start, end]);
  });

  it.each([
    ['2024-03-31T02:30', 'skip 2024-03-31 02:30'],
    ['2024-10-27T02:30', 'show 2024-10-27 02:30 twice'],
    ['2024-02-30', '"2024-02-30" is not a date'],
    ['2024-02-01T25:00', '"25:00" is not a time'],
    ['1.2.2024', '"1.2.2024" is no date or time'],
    ['', '"" is no date or time'],
  ])('refuses %j', (from, message) => {
    expect(() => read(from)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(message) }),
    );
  });

  it('refuses a day that the zone left out', () => {
    expect(() => read('2011-12-30', '', 'Pacific/Apia')).toThrow(/left out 2011-12-30/);
  });
});
