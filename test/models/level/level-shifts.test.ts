import { describe, expect, test } from 'vitest';
import type { History } from '../../../src/core/history.js';
import { dayMs, hourMs } from '../../../src/core/time.js';
import { historyBefore } from '../../../src/forecast/split-run.js';
import { buildCalendar } from '../../../src/features/calendar.js';
import { findLevelShifts } from '../../../src/models/level/level-shifts.js';
import { changed, victoriaHistory } from '../../forecast/sample-history.js';

const history = victoriaHistory();
const { startMs, values } = history.load;
const calendar = buildCalendar(history.place, startMs, values.length);
const noonMs = Date.parse('2014-08-12T02:00Z');

function withLoad(change: (mw: number, atMs: number) => number, of = history): History {
  return changed(of, { loadMw: change });
}

/** What is found so many days after an instant: hours off it, and the ratio. */
function foundAfter(days: number, of: History, atMs = noonMs): [number, number][] {
  return findLevelShifts(historyBefore(of, atMs + days * dayMs), calendar).map((shift) => [
    (shift.startMs - atMs) / hourMs,
    Math.exp(shift.logRatio),
  ]);
}

const lost = withLoad((mw, atMs) => (atMs >= noonMs ? 0.7 * mw : mw));

describe('level shifts', () => {
  test('are none in a year of Victoria, whatever the weather did', () => {
    for (let day = 21; day <= 364; day += 7)
      expect(findLevelShifts(historyBefore(history, startMs + day * dayMs), calendar)).toEqual([]);
  });

  test.each([
    [0.7, 3],
    [1.3, 3],
    [0.82, 10],
  ])('by a factor of %d are told after %i days, to the hour', (factor, days) => {
    const of = withLoad((mw, atMs) => (atMs >= noonMs ? factor * mw : mw));
    for (const known of [days, 15, 60]) {
      const [shift, ...others] = foundAfter(known, of);
      expect(others).toEqual([]);
      expect(Math.abs(shift?.[0] ?? Number.NaN)).toBeLessThanOrEqual(2);
      expect(Math.abs((shift?.[1] ?? Number.NaN) / factor - 1)).toBeLessThan(0.05);
    }
  });

  test('are not told by one day, as an outage is none', () => {
    expect(foundAfter(1, lost)).toEqual([]);
    const outage = withLoad((mw, atMs) =>
      atMs >= noonMs && atMs < noonMs + 20 * hourMs ? 0.3 * mw : mw,
    );
    for (const days of [1, 2, 4, 20]) expect(foundAfter(days, outage)).toEqual([]);
  });

  test.each<[string, (mw: number, hour: number) => number]>([
    ['ten times the load', (mw, hour) => (hour < 6 ? 10 * mw : mw)],
    ['half of it', (mw, hour) => (hour < 6 ? 0.5 * mw : mw)],
    ['none', (mw, hour) => (hour < 24 ? Number.NaN : mw)],
    ['zeros', (mw, hour) => (hour < 12 ? 0 : mw)],
  ])('are not seen in some hours of %s', (_, fault) => {
    for (const atMs of [noonMs, noonMs + 9 * hourMs]) {
      const of = withLoad((mw, at) => (at >= atMs ? fault(mw, (at - atMs) / hourMs) : mw));
      for (const days of [0.5, 1, 2, 3]) expect(foundAfter(days, of, atMs)).toEqual([]);
    }
  });

  test('that are taken back are two', () => {
    const back = withLoad((mw, atMs) =>
      atMs >= noonMs && atMs < noonMs + 20 * dayMs ? 0.7 * mw : mw,
    );
    const [there, again, ...others] = foundAfter(40, back);
    expect(others).toEqual([]);
    expect([there?.[0], again?.[0]]).toEqual([0, 480]);
    expect(Math.abs((there?.[1] ?? 0) * (again?.[1] ?? 0) - 1)).toBeLessThan(0.1);
  });

  test('are told without temperature, with hours missing, and without a calendar given', () => {
    const bare = {
      ...withLoad((mw, atMs) => ((atMs / hourMs) % 11 === 0 ? Number.NaN : mw), lost),
      temperature: { startMs, values: new Float64Array(0) },
    };
    const [shift, ...others] = findLevelShifts(historyBefore(bare, noonMs + 20 * dayMs));
    expect(others).toEqual([]);
    expect(Math.exp(shift?.logRatio ?? 0)).toBeCloseTo(0.7, 1);
  });

  test('of a load around zero, or of a few days, are none', () => {
    const net = withLoad((mw, atMs) => (atMs >= noonMs ? 0.7 : 1) * (mw - 4500));
    expect(foundAfter(30, net)).toEqual([]);
    for (const days of [0, 1, 5, 11])
      expect(findLevelShifts(historyBefore(lost, startMs + days * dayMs), calendar)).toEqual([]);
  });
});
