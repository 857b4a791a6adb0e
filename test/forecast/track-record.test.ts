import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourMs } from '../../src/core/time.js';
import type { PastForecast } from '../../src/ensemble/past-forecast.js';
import { trackRecord } from '../../src/forecast/track-record.js';
import { hours } from '../ensemble/scored-forecasts.js';

/** A forecast of the given hour; `mark` tells it from others. */
function past(hour: number, mark = 0, names: readonly string[] = ['a']): PastForecast {
  return {
    issuedAtMs: hour * hourMs,
    memberMw: Object.fromEntries(names.map((name) => [name, hours(() => mark)])),
    blendMw: hours(() => mark),
  };
}

function hoursOf(record: readonly PastForecast[]): number[] {
  return record.map((forecast) => forecast.issuedAtMs / hourMs);
}

describe('trackRecord', () => {
  it('is ascending and before the issue time, whatever the order it was given in', () => {
    const record = trackRecord([past(72), past(24), past(96)], [past(48), past(0)], 96 * hourMs);
    expect(hoursOf(record)).toEqual([0, 24, 48, 72]);
  });

  it('counts what was issued rather than the bundle’s own of the same issue time, the last of several', () => {
    const record = trackRecord([past(0, 1), past(24, 1)], [past(24, 2), past(24, 3)], 50 * hourMs);
    expect(record.map((forecast) => forecast.blendMw[0])).toEqual([1, 3]);
  });

  it('keeps the bundle’s own where the issued one lacks a member', () => {
    const own = past(24, 1, ['a', 'new']);
    expect(trackRecord([own], [past(24, 2, ['a'])], 50 * hourMs)).toEqual([own]);
  });

  it('holds the issue hour ± 1 h where two weeks of it are there', () => {
    const days = Array.from({ length: 14 }, (_, day) => past(day * 24 + (day % 3) - 1));
    const noons = Array.from({ length: 14 }, (_, day) => past(day * 24 + 12));
    const at = 20 * 24 * hourMs;
    expect(trackRecord([...days, ...noons], [], at).length).toBe(14);
    expect(trackRecord([...days.slice(1), ...noons], [], at).length).toBe(27);
  });

  it('never repeats an issue time', () => {
    const some = fc.array(fc.integer({ min: 0, max: 200 }).map((hour) => past(hour)));
    fc.assert(
      fc.property(some, some, fc.integer({ min: 0, max: 250 }), (own, issued, at) => {
        const record = hoursOf(trackRecord(own, issued, at * hourMs));
        expect(record).toEqual([...new Set(record)].sort((x, y) => x - y));
        expect(record.every((hour) => hour < at)).toBe(true);
      }),
    );
  });
});
