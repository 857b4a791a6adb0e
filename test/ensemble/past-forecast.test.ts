import { describe, expect, it } from 'vitest';
import { hourMs } from '../../src/core/time.js';
import { scorePastForecasts } from '../../src/ensemble/past-forecast.js';
import { hours } from './scored-forecasts.js';

const issuedAtMs = 100 * hourMs;
const past = [{ issuedAtMs, memberMw: {}, blendMw: hours(() => 1) }];

function actuals(loadHours: number, loadMw = (i: number) => i + 1, imputed = new Set<number>()) {
  const values = Float64Array.from({ length: loadHours }, (_, i) => loadMw(i));
  return scorePastForecasts(past, { startMs: 90 * hourMs, values }, { hours: imputed })[0]
    ?.actualMw;
}

describe('scorePastForecasts', () => {
  it('put each hour beside the load of that hour', () => {
    // The load starts ten hours before the issue time: lead hour 0 is its eleventh value.
    expect(actuals(100)?.subarray(0, 3)).toEqual(Float64Array.from([11, 12, 13]));
  });

  it('leave an hour of lead day 3 open until it has ended', () => {
    // Load known up to 50 h after the issue time: lead hours 0 to 49.
    const open = actuals(60);
    expect(open?.findIndex(Number.isNaN)).toBe(50);
    expect(open?.subarray(50).every(Number.isNaN)).toBe(true);
    const later = actuals(61);
    expect(later?.[50]).toBe(61);
    expect(later?.subarray(0, 50)).toEqual(open?.subarray(0, 50));
  });

  it('score no suspect hour, and none whose load is missing or not positive', () => {
    const suspect = new Set([issuedAtMs + 2 * hourMs]);
    const missing = new Map([
      [13, Number.NaN],
      [14, 0],
      [15, -3],
    ]);
    const actual = actuals(100, (i) => missing.get(i) ?? 7, suspect);
    expect([...(actual?.subarray(0, 8) ?? [])]).toEqual([
      7,
      7,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      7,
      7,
    ]);
  });
});
