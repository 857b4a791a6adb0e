import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import * as fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { LoadcastError } from '../../src/core/errors.js';
import {
  assertZone,
  contains,
  dayMs,
  dayNumber,
  hourMs,
  hourPhaseMs,
  isOnGrid,
  isoUtc,
  localClock,
  localDate,
  localInstants,
  localWallClock,
  plusLocalDays,
  sameClockEarlier,
  startOfLocalDay,
} from '../../src/core/time.js';
import { present } from './present.js';

const zones = [
  'Europe/Paris',
  'America/New_York',
  'America/Sao_Paulo',
  'America/Havana',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Atlantic/Azores',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'Pacific/Chatham',
  'UTC',
];

function at(iso: string): number {
  return Date.parse(iso);
}

function instants(zone: string, date: string, time?: string): string[] {
  return localInstants(zone, date, date, time).map(isoUtc);
}

/** Local hours of four hours in Paris. */
function parisHours(startMs: number): number[] {
  return Array.from(localWallClock('Europe/Paris', startMs, hourMs, 4), (ms) =>
    new Date(ms).getUTCHours(),
  );
}

function weekBefore(iso: string): string {
  return isoUtc(sameClockEarlier(at(iso), 'Europe/Paris', 7));
}

describe('localInstants', () => {
  it('gives local midnights that stand 23 and 25 hours apart around the clock changes', () => {
    const spring = localInstants('Europe/Paris', '2023-03-25', '2023-03-27');
    expect(spring.map(isoUtc)).toEqual([
      '2023-03-24T23:00:00Z',
      '2023-03-25T23:00:00Z',
      '2023-03-26T22:00:00Z',
    ]);
    const autumn = localInstants('Europe/Paris', '2023-10-29', '2023-10-30');
    expect((present(autumn[1]) - present(autumn[0])) / hourMs).toBe(25);
  });

  it('takes the first instant of a day whose midnight the clock skips', () => {
    expect(instants('America/Sao_Paulo', '2018-11-04')).toEqual(['2018-11-04T03:00:00Z']);
    expect(instants('Asia/Beirut', '2022-03-27')).toEqual(['2022-03-26T22:00:00Z']);
    expect(localClock(at('2022-03-26T22:00:00Z'), 'Asia/Beirut')).toBe('2022-03-27 01:00');
  });

  it('takes the first of a doubled midnight', () => {
    // Clocks go back from 01:00 to 00:00.
    expect(instants('America/Havana', '2022-11-06')).toEqual(['2022-11-06T04:00:00Z']);
    expect(instants('Atlantic/Azores', '2023-10-29')).toEqual(['2023-10-29T00:00:00Z']);
    expect(instants('Asia/Amman', '2021-10-29')).toEqual(['2021-10-28T21:00:00Z']);
  });

  it('takes the only midnight of a day before which the clock goes back to 23:00', () => {
    expect(instants('America/Sao_Paulo', '2018-02-18')).toEqual(['2018-02-18T03:00:00Z']);
  });

  it('moves a skipped time to the first instant after the gap', () => {
    expect(instants('Europe/Paris', '2023-03-26', '02:00')).toEqual(['2023-03-26T01:00:00Z']);
    expect(instants('Europe/Paris', '2023-03-26', '02:30')).toEqual(['2023-03-26T01:00:00Z']);
    expect(instants('Europe/Paris', '2023-03-26', '03:00')).toEqual(['2023-03-26T01:00:00Z']);
    expect(instants('Australia/Lord_Howe', '2023-10-01', '02:15')).toEqual([
      '2023-09-30T15:30:00Z',
    ]);
    expect(instants('Antarctica/Troll', '2023-03-26', '02:00')).toEqual(['2023-03-26T01:00:00Z']);
  });

  it('takes the first of a doubled time, also where the clock goes back by half an hour or two', () => {
    expect(instants('Europe/Paris', '2023-10-29', '02:30')).toEqual(['2023-10-29T00:30:00Z']);
    expect(instants('Australia/Lord_Howe', '2023-04-02', '01:45')).toEqual([
      '2023-04-01T14:45:00Z',
    ]);
    expect(instants('Antarctica/Troll', '2023-10-29', '02:30')).toEqual(['2023-10-29T00:30:00Z']);
  });

  it('works in zones that stand 30 or 45 minutes off the hour', () => {
    expect(instants('Asia/Kolkata', '2024-01-01', '09:00')).toEqual(['2024-01-01T03:30:00Z']);
    expect(instants('Asia/Kathmandu', '2024-01-01')).toEqual(['2023-12-31T18:15:00Z']);
    expect(instants('Australia/Adelaide', '2024-01-01')).toEqual(['2023-12-31T13:30:00Z']);
  });

  it('has no instant on a day that a zone left out', () => {
    const days = localInstants('Pacific/Apia', '2011-12-29', '2011-12-31');
    expect(days.map((ms) => localDate(ms, 'Pacific/Apia'))).toEqual(['2011-12-29', '2011-12-31']);
  });

  it('is empty where the last day comes before the first', () => {
    expect(localInstants('UTC', '2024-01-02', '2024-01-01')).toEqual([]);
  });

  it('names what cannot be read', () => {
    expect(() => localInstants('Mars/Base', '2024-01-01', '2024-01-01')).toThrow(/Mars\/Base/);
    expect(() => localInstants('UTC', '2024-02-30', '2024-03-01')).toThrow(/2024-02-30/);
    expect(() => localInstants('UTC', '2024-2-3', '2024-03-01')).toThrow(LoadcastError);
    expect(() => localInstants('UTC', '2024-01-01', 'soon')).toThrow(/soon/);
    expect(() => localInstants('UTC', '2024-01-01', '2024-01-01', '24:00')).toThrow(/24:00/);
    expect(() => localInstants('UTC', '2024-01-01', '2024-01-01', '9:00')).toThrow(/HH:MM/);
  });

  it('is always the first instant of its day, ascending and without a gap', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: dayNumber('2000-01-01'), max: dayNumber('2030-01-01') }),
        (zone, day) => {
          const date = isoUtc(day * dayMs).slice(0, 10);
          const midnight = present(localInstants(zone, date, date)[0]);
          expect(localDate(midnight, zone)).toBe(date);
          expect(localDate(midnight - 1, zone)).not.toBe(date);
          expect(startOfLocalDay(midnight, zone)).toBe(midnight);
          const next = isoUtc((day + 1) * dayMs).slice(0, 10);
          expect(plusLocalDays(midnight, zone, 1)).toBe(localInstants(zone, next, next)[0]);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('startOfLocalDay and plusLocalDays', () => {
  it('find the start of a day from any instant in it, doubled midnight included', () => {
    const first = at('2022-11-06T04:00:00Z');
    for (const hours of [0, 0.5, 1, 1.5, 12, 24.5])
      expect(startOfLocalDay(first + hours * hourMs, 'America/Havana')).toBe(first);
    expect(plusLocalDays(first, 'America/Havana', 1) - first).toBe(25 * hourMs);
    expect(plusLocalDays(first, 'America/Havana', -1)).toBe(first - 24 * hourMs);
  });
});

describe('localWallClock', () => {
  it('skips an hour in spring and doubles one in autumn', () => {
    expect(parisHours(at('2023-03-26T00:00:00Z'))).toEqual([1, 3, 4, 5]);
    expect(parisHours(at('2023-10-28T23:00:00Z'))).toEqual([1, 2, 2, 3]);
  });

  it('agrees with luxon in every hour around the clock changes, whatever the zone', () => {
    const difficult = ['Africa/Casablanca', 'Africa/Cairo', 'Europe/Paris', 'Asia/Kathmandu'];
    for (const zone of [...difficult, 'Australia/Lord_Howe', 'Pacific/Chatham', 'America/Havana']) {
      for (const start of ['2023-03-10T00:00:00Z', '2023-09-20T00:00:00Z']) {
        const local = localWallClock(zone, at(start), hourMs, 50 * 24);
        const wrong = Array.from(local).findIndex((ms, i) => {
          const instant = DateTime.fromMillis(at(start) + i * hourMs, { zone });
          return ms !== instant.toMillis() + instant.offset * 60_000;
        });
        expect([zone, wrong]).toEqual([zone, -1]);
      }
    }
  });
});

describe('sameClockEarlier', () => {
  it('keeps the wall clock across both clock changes', () => {
    expect(weekBefore('2023-03-27T10:00:00Z')).toBe('2023-03-20T11:00:00Z');
    expect(weekBefore('2023-10-30T11:00:00Z')).toBe('2023-10-23T10:00:00Z');
    expect(weekBefore('2023-06-15T12:00:00Z')).toBe('2023-06-08T12:00:00Z');
  });

  it('takes the hour that took the place of a skipped one', () => {
    // 2 April, 02:00 local: 26 March had no 02:00; 03:00 followed 01:00.
    expect(weekBefore('2023-04-02T00:00:00Z')).toBe('2023-03-26T01:00:00Z');
  });

  it('gives both of a doubled hour the one hour of the week before', () => {
    expect(weekBefore('2023-10-29T00:00:00Z')).toBe('2023-10-22T00:00:00Z');
    expect(weekBefore('2023-10-29T01:00:00Z')).toBe('2023-10-22T00:00:00Z');
  });

  it('shows the same wall clock wherever that time existed once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones.filter((zone) => zone !== 'Australia/Lord_Howe')),
        fc.integer({ min: at('2015-01-01') / hourMs, max: at('2025-01-01') / hourMs }),
        (zone, hour) => {
          const instantMs = hour * hourMs;
          const earlier = DateTime.fromMillis(sameClockEarlier(instantMs, zone, 7), { zone });
          const now = DateTime.fromMillis(instantMs, { zone });
          const wanted = now.minus({ weeks: 1 }).toFormat('yyyy-MM-dd HH:mm');
          const change = Math.abs(
            DateTime.fromMillis(earlier.toMillis() - 4 * hourMs, { zone }).offset -
              DateTime.fromMillis(earlier.toMillis() + 4 * hourMs, { zone }).offset,
          );
          fc.pre(change === 0);
          expect(earlier.toFormat('yyyy-MM-dd HH:mm')).toBe(wanted);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('small words of time', () => {
  it('holds an interval half-open', () => {
    const interval = { startMs: 10, endMs: 20 };
    expect([9, 10, 19, 20].map((ms) => contains(interval, ms))).toEqual([false, true, true, false]);
  });

  it('accepts IANA zones alone', () => {
    expect(() => assertZone('Europe/Paris')).not.toThrow();
    expect(() => assertZone('Paris')).toThrow(/IANA/);
  });

  it('starts the hour grid of a zone where its clock shows a full hour', () => {
    const winter = at('2024-01-01T00:00:00Z');
    expect(hourPhaseMs('Europe/Paris', winter)).toBe(0);
    expect(hourPhaseMs('Asia/Kolkata', winter)).toBe(hourMs / 2);
    expect(hourPhaseMs('Asia/Kathmandu', winter)).toBe(hourMs / 4);
    for (const zone of zones) {
      const gridMs = winter + hourPhaseMs(zone, winter);
      expect(localClock(gridMs, zone).slice(-2)).toBe('00');
    }
  });

  it('knows whether an instant starts an hour of a grid', () => {
    expect(isOnGrid(3 * hourMs + 5, 5)).toBe(true);
    expect(isOnGrid(3 * hourMs, 5)).toBe(false);
    expect(isOnGrid(Number.NaN, 5)).toBe(false);
  });
});

describe('the zone of the machine', () => {
  it('changes nothing', () => {
    const time = pathToFileURL(resolve(import.meta.dirname, '../../src/core/time.ts')).href;
    const script = `
      import { localInstants, localWallClock, startOfLocalDay, localClock, sameClockEarlier } from ${JSON.stringify(time)};
      const midnights = localInstants('Europe/Paris', '2023-03-20', '2023-11-02', '02:30');
      process.stdout.write(JSON.stringify([
        Intl.DateTimeFormat().resolvedOptions().timeZone,
        midnights,
        midnights.map((ms) => [startOfLocalDay(ms, 'Asia/Beirut'), localClock(ms, 'America/New_York'), sameClockEarlier(ms, 'Europe/Paris', 7)]),
        [...localWallClock('Australia/Lord_Howe', midnights[0], 3600000, 500)],
      ]));`;
    const child = spawnSync(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', script],
      { env: { ...process.env, TZ: 'America/Sao_Paulo' }, encoding: 'utf8', timeout: 50_000 },
    );
    expect(child.stderr).toBe('');
    const midnights = localInstants('Europe/Paris', '2023-03-20', '2023-11-02', '02:30');
    expect(midnights.length).toBeGreaterThan(200);
    expect(JSON.parse(child.stdout)).toEqual([
      'America/Sao_Paulo',
      midnights,
      midnights.map((ms) => [
        startOfLocalDay(ms, 'Asia/Beirut'),
        localClock(ms, 'America/New_York'),
        sameClockEarlier(ms, 'Europe/Paris', 7),
      ]),
      [...localWallClock('Australia/Lord_Howe', present(midnights[0]), hourMs, 500)],
    ]);
  });
});
