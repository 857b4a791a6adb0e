import { expect, test } from 'vitest';
import { issueTimesOf } from '../../src/jobs/issue-times.js';

const nowMs = Date.parse('2026-03-25T11:00:00Z');

test.each<[string, string | null, string[]]>([
  ['the usual schedule', '15 0 * * *', ['00:00']],
  ['a control room', '5 9 * * *', ['09:00']],
  ['workdays only', '0 9 * * 1-5', ['09:00']],
  ['twice a day, more often at the desk', '30 6,13 * * *', ['06:00', '13:00']],
  ['once a month', '0 7 1 * *', ['07:00']],
  ['every hour', '5 * * * *', ['00:00', '06:00', '12:00', '18:00']],
  ['never', null, ['00:00']],
])('issue times of %s', (_, cron, times) => {
  expect(issueTimesOf(cron, 'Europe/Berlin', nowMs)).toEqual(times);
});

test('are on the clock of the zone', () => {
  // New York has been on summer time for two weeks; the same clock time before and after Berlin's change
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata'])
    expect(issueTimesOf('20 17 * * *', zone, nowMs)).toEqual(['17:00']);
});
