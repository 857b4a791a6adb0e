import { describe, expect, it } from 'vitest';
import type { History } from '../../src/core/history.js';
import { hourMs } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import { buildCalendar } from '../../src/features/calendar.js';
import { victoriaHistory } from './victoria.js';

const whole = victoriaHistory();
const { startMs } = whole.load;
const issuedAtMs = startMs + 2000 * hourMs;
const endMs = issuedAtMs + 72 * hourMs;

/** What is known at the issue time, with changes. */
function known(change?: (load: Float64Array, temperature: Float64Array) => void): History {
  const load = whole.load.values.slice(0, 2000);
  const temperature = whole.temperature.values.slice(0, 2072);
  change?.(load, temperature);
  return {
    ...whole,
    load: { startMs, values: load },
    temperature: { startMs, values: temperature },
  };
}

describe('buildFeatureTable', () => {
  it('passes whole inputs on unchanged', () => {
    const table = buildFeatureTable({ history: known(), issuedAtMs, endMs });
    expect(table.startMs).toBe(startMs);
    expect([table.length, table.originIndex]).toEqual([2072, 2000]);
    expect(table.loadMw.slice(0, 2000)).toEqual(whole.load.values.slice(0, 2000));
    expect(table.loadMw.slice(2000).every((value) => Number.isNaN(value))).toBe(true);
    expect(table.temperatureC).toEqual(whole.temperature.values.slice(0, 2072));
    expect(table.issues).toEqual([]);
    const mean = whole.temperature.values.slice(77, 101).reduce((a, b) => a + b, 0) / 24;
    expect(table.temperature24hC[100]).toBeCloseTo(mean, 9);
  });

  it('gives a window the same rows as the whole table, with or without a calendar at hand', () => {
    const table = buildFeatureTable({ history: known(), issuedAtMs, endMs });
    const from = 1000;
    const input = { history: known(), issuedAtMs, endMs, startMs: startMs + from * hourMs };
    const calendar = buildCalendar(whole.place, startMs - 48 * hourMs, 3000);
    for (const window of [buildFeatureTable(input), buildFeatureTable({ ...input, calendar })]) {
      expect(window.originIndex).toBe(1000);
      expect(window.temperature72hC).toEqual(table.temperature72hC.slice(from));
      expect(window.loadMw.slice(0, 1000)).toEqual(table.loadMw.slice(from, 2000));
      expect(window.calendar.holiday).toEqual(table.calendar.holiday.slice(from));
    }
  });

  it('imputes the hours not reported yet and says so', () => {
    const history = known();
    const late = {
      ...history,
      load: { startMs, values: history.load.values.slice(0, 1997) },
    };
    const table = buildFeatureTable({ history: late, issuedAtMs, endMs });
    expect(table.loadImputed.slice(1996, 2001)).toEqual(Uint8Array.of(0, 1, 1, 1, 0));
    expect(table.loadMw.slice(0, 2000).every((value) => value > 1000)).toBe(true);
    expect(table.issues).toMatchObject([
      { kind: 'imputed', count: 3, validAtMs: startMs + 1997 * hourMs },
    ]);
  });

  it('replaces a spike and lists it', () => {
    const history = known((load) => {
      load[1500] = (load[1500] ?? Number.NaN) * 2;
    });
    const table = buildFeatureTable({ history, issuedAtMs, endMs });
    const truth = whole.load.values[1500] ?? Number.NaN;
    expect(Math.abs((table.loadMw[1500] ?? 0) / truth - 1)).toBeLessThan(0.1);
    expect(table.issues).toMatchObject([{ kind: 'suspect-value', count: 1 }]);
    expect(table.issues[0]?.reason).toMatch(/spike/);
  });

  it('keeps the list of issues short and the count whole', () => {
    const history = known((load) => {
      for (let row = 300; row < 1900; row += 10) load[row] = Number.NaN;
    });
    const table = buildFeatureTable({ history, issuedAtMs, endMs });
    expect(table.issues.length).toBeLessThanOrEqual(51);
    expect(table.issues.reduce((sum, issue) => sum + issue.count, 0)).toBe(160);
  });

  it('fills temperature missing from the horizon and counts it', () => {
    const history = known((_, temperature) => temperature.fill(Number.NaN, 2060));
    const table = buildFeatureTable({ history, issuedAtMs, endMs });
    expect(table.temperatureC.every((value) => Number.isFinite(value))).toBe(true);
    expect(table.issues).toMatchObject([{ kind: 'weather-missing', count: 12 }]);
    expect(table.issues[0]?.reason).toMatch(/horizon/);
  });

  it('does without temperature where there is none, or for most of the history none', () => {
    for (const to of [2072, 1200]) {
      const history = known((_, temperature) => temperature.fill(Number.NaN, 0, to));
      const table = buildFeatureTable({ history, issuedAtMs, endMs: issuedAtMs });
      expect(table.startMs).toBe(startMs);
      expect(table.hasTemperature).toBe(false);
      expect(table.temperature24hC.every((value) => Number.isNaN(value))).toBe(true);
    }
  });

  it('starts where load and temperature are both known', () => {
    const history = known((_, temperature) => temperature.fill(Number.NaN, 0, 100));
    const table = buildFeatureTable({ history, issuedAtMs, endMs });
    expect(table.startMs).toBe(startMs + 100 * hourMs);
    expect(table.hasTemperature).toBe(true);
  });

  it('never reads load from the issue time on', () => {
    const future = { ...whole, load: { startMs, values: whole.load.values.slice(0, 3000) } };
    const changed = { ...future, load: { startMs, values: future.load.values.slice() } };
    changed.load.values.fill(99_999, 2000);
    const table = buildFeatureTable({ history: future, issuedAtMs, endMs });
    expect(buildFeatureTable({ history: changed, issuedAtMs, endMs })).toEqual(table);
  });

  it('refuses instants off the hour grid or out of order', () => {
    const history = known();
    expect(() => buildFeatureTable({ history, issuedAtMs: issuedAtMs + 1, endMs })).toThrow(
      /issuedAtMs .* hour grid/,
    );
    expect(() => buildFeatureTable({ history, issuedAtMs, endMs: startMs })).toThrow(/descend/);
  });

  it('needs a week of load', () => {
    const history = known((load) => load.fill(Number.NaN, 100));
    expect(() => buildFeatureTable({ history, issuedAtMs, endMs })).toThrow(
      expect.objectContaining({ code: 'INSUFFICIENT_HISTORY' }),
    );
  });
});
