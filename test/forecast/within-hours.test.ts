import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ForecastValue } from '../../src/core/forecast.js';
import type { History } from '../../src/core/history.js';
import { valueAt } from '../../src/core/hourly.js';
import type { NativeLoad } from '../../src/core/native-load.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import { intervalsOf } from '../../src/core/within-hours.js';
import type { WithinHours } from '../../src/core/forecast.js';
import { knownHistory } from '../../src/forecast/known-history.js';
import { withinHours } from '../../src/forecast/within-hours.js';
import { present } from '../core/present.js';
import { victoriaHistory } from './sample-history.js';

const history = victoriaHistory();
const halfHours: NativeLoad = {
  startMs: history.load.startMs,
  minutes: 30,
  values: Float64Array.from(
    readFileSync(new URL('../../data/victoria_2014_half_hourly.csv', import.meta.url), 'utf8')
      .trim()
      .split('\n')
      .slice(1),
    (row) => Number(row.split(',')[1]),
  ),
};
const marchMs = Date.parse('2014-03-02T13:00Z');

/** A forecast that is right by the hour, with a band of ±2 %. */
function rightHours(issuedAtMs: number, of: History = history): ForecastValue[] {
  return Array.from({ length: 72 }, (_, leadHours): ForecastValue => {
    const startMs = issuedAtMs + leadHours * hourMs;
    const pointMw = valueAt(of.load, startMs);
    return {
      startMs,
      leadHours,
      pointMw,
      quantilesMw: [-3, -2, -1, 0, 1, 2, 3].map((pct) => pointMw + (Math.abs(pointMw) * pct) / 100),
      memberMw: { naive: pointMw },
      memberWeight: { naive: 1 },
      temperatureC: null,
      quality: 'full',
    };
  });
}

function learned(issuedAtMs: number, of: History = history, native = halfHours): WithinHours {
  const known = knownHistory({ ...of, native }, issuedAtMs, 0, null);
  const values = rightHours(issuedAtMs, of);
  return present(
    withinHours({ history: known, native: present(known.native), issuedAtMs, values }),
  );
}

/** Mean absolute error of the half hours of forecasts whose hours are right, %. */
function missedPct(shape: (issuedAtMs: number) => Pick<WithinHours, 'deviationMw'>): number {
  let [sum, count] = [0, 0];
  for (let day = 0; day < 240; day += 3) {
    const issuedAtMs = marchMs + day * dayMs;
    const { deviationMw } = shape(issuedAtMs);
    const first = (issuedAtMs - halfHours.startMs) / (hourMs / 2);
    for (const [i, deviation] of deviationMw.entries()) {
      const actualMw = present(halfHours.values[first + i]);
      const hourMw = valueAt(history.load, issuedAtMs + Math.floor(i / 2) * hourMs);
      sum += Math.abs(hourMw + deviation - actualMw) / actualMw;
      count++;
    }
  }
  return (100 * sum) / count;
}

/** Halves that go on as the neighbours do. */
function straightLine(issuedAtMs: number): Pick<WithinHours, 'deviationMw'> {
  const at = (lead: number): number => valueAt(history.load, issuedAtMs + lead * hourMs);
  return {
    deviationMw: Float64Array.from({ length: 144 }, (_, i) => {
      const lead = Math.floor(i / 2);
      return ((i % 2 === 0 ? -1 : 1) * (at(lead + 1) - at(lead - 1))) / 8;
    }),
  };
}

describe('the course within the hours of Victoria', () => {
  test('is learned far better than a straight line has it, and that better than none', () => {
    const none = missedPct(() => ({ deviationMw: new Float64Array(144) }));
    const straight = missedPct(straightLine);
    const ours = missedPct((issuedAtMs) => learned(issuedAtMs));
    expect(straight).toBeLessThan(0.4 * none);
    expect(ours).toBeLessThan(0.65 * straight);
  });

  test('leaves the mean of each hour as it is, with bands a little wider', () => {
    const within = learned(marchMs);
    const values = rightHours(marchMs);
    const halves = intervalsOf({ values, withinHours: within });
    expect(halves).toHaveLength(144);
    for (const [lead, hour] of values.entries()) {
      const [a, b] = [present(halves[2 * lead]), present(halves[2 * lead + 1])];
      expect([a.leadHours, b.leadHours]).toEqual([lead, lead + 0.5]);
      expect(b.startMs - a.startMs).toBe(hourMs / 2);
      expect((a.pointMw + b.pointMw) / 2).toBeCloseTo(hour.pointMw, 6);
      expect(a.memberMw['naive']).toBeCloseTo(a.pointMw, 9);
      expect(a.quantilesMw.toSorted((x, y) => x - y)).toEqual(a.quantilesMw);
    }
    expect(within.widening.every((factor) => factor > 1 && factor < 1.2)).toBe(true);
  });

  test('knows nothing of loads from the issue time on', () => {
    const values = halfHours.values.slice();
    values.fill(9_999, (marchMs - halfHours.startMs) / (hourMs / 2));
    const leaky = withinHours({
      history: { ...history, load: { ...history.load } },
      native: { ...halfHours, values },
      issuedAtMs: marchMs,
      values: rightHours(marchMs),
    });
    expect(leaky).toEqual(learned(marchMs));
  });

  test('does with ten days of loads, hours that are missing among them', () => {
    const startMs = marchMs - 10 * dayMs;
    const from = (startMs - history.load.startMs) / hourMs;
    const values = history.load.values.slice(from);
    for (let row = 0; row < 10 * 24; row += 7) values[row] = Number.NaN;
    values.fill(Number.NaN, 10 * 24 - 5, 10 * 24);
    const short = { ...history, load: { startMs, values } };
    const within = learned(marchMs, short, {
      ...halfHours,
      startMs,
      values: halfHours.values.subarray(2 * from),
    });
    expect(within.deviationMw.every(Number.isFinite)).toBe(true);
    expect(within.deviationMw.some((mw) => Math.abs(mw) > 50)).toBe(true);
    expect(within.widening.every((factor) => factor >= 1 && factor <= 3)).toBe(true);
  });

  test('is not made up where only hours are known', () => {
    const native = { ...halfHours, values: new Float64Array(0) };
    const values = rightHours(marchMs);
    expect(withinHours({ history, native, issuedAtMs: marchMs, values })).toBeNull();
    expect(intervalsOf({ values })).toBe(values);
  });
});

test('quarters of an hour that are switched are found, of a net load around zero too', () => {
  const startMs = Date.parse('2023-01-01T00:00Z');
  const hours = 24 * 120;
  const native = Float64Array.from({ length: 4 * hours }, (_, i) => {
    const hour = Math.floor(i / 4) % 24;
    return 8 * Math.sin((2 * Math.PI * i) / 96) + (hour === 6 && i % 4 >= 2 ? 5 : 0);
  });
  const load = Float64Array.from({ length: hours }, (_, hour) =>
    native.subarray(4 * hour, 4 * hour + 4).reduce((sum, mw) => sum + mw / 4, 0),
  );
  const net: History = {
    place: { zone: 'UTC', holidayRegion: null },
    load: { startMs, values: load },
    temperature: { startMs, values: new Float64Array(0) },
  };
  const issuedAtMs = startMs + 100 * dayMs;
  const within = learned(issuedAtMs, net, { startMs, minutes: 15, values: native });
  const quarters = intervalsOf({ values: rightHours(issuedAtMs, net), withinHours: within });
  expect(quarters).toHaveLength(288);
  for (const [i, quarter] of quarters.slice(0, 280).entries())
    expect(Math.abs(quarter.pointMw - present(native[4 * 2400 + i]))).toBeLessThan(0.3);
});
