import { describe, expect, it } from 'vitest';
import type { HourlySeries } from '../../src/core/hourly.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import { seasonalNaive } from '../../src/evaluate/seasonal-naive.js';
import { naiveMember } from '../../src/models/naive/naive.js';
import { changed, sampleHistory } from '../forecast/sample-history.js';
import { sampleForecast } from './sample-forecasts.js';

const zone = 'Europe/Paris';
/** Every hour's load is its own number of hours since 1970. */
const counter: HourlySeries = {
  startMs: Date.parse('2023-01-01T00:00:00Z'),
  values: Float64Array.from(
    { length: 365 * 24 },
    (_, i) => Date.parse('2023-01-01T00:00:00Z') / hourMs + i,
  ),
};

/** Hours between each hour of the horizon and the hour that naive took. */
function hoursBack(issued: string, changes: Parameters<typeof sampleForecast>[2] = {}): number[] {
  const forecast = sampleForecast(Date.parse(issued), () => 1, changes);
  const naive = seasonalNaive(counter, zone, forecast);
  return forecast.values.map((value, i) => value.startMs / hourMs - (naive[i] ?? Number.NaN));
}

describe('seasonalNaive', () => {
  it('takes the same local clock hour a week before', () => {
    expect(new Set(hoursBack('2023-06-14T22:00:00Z'))).toEqual(new Set([168]));
  });

  it('keeps the wall clock when clocks go forward', () => {
    // Issued at midnight before 26 March, 02:00 → 03:00: from then on an hour of the week was lost.
    const back = hoursBack('2023-03-25T23:00:00Z');
    expect(back.slice(0, 2)).toEqual([168, 168]);
    expect(new Set(back.slice(2))).toEqual(new Set([167]));
  });

  it('keeps the wall clock when clocks go back, and takes one hour twice for the doubled one', () => {
    const back = hoursBack('2023-10-28T22:00:00Z');
    expect(back.slice(0, 3)).toEqual([168, 168, 168]); // 00, 01 and the first 02
    expect(new Set(back.slice(3))).toEqual(new Set([169])); // the second 02 and all after it
  });

  it('takes for a skipped hour of the week before the one in its place', () => {
    // 2 April 02:00: 26 March had none; 03:00 followed 01:00.
    const back = hoursBack('2023-04-01T22:00:00Z');
    expect(back.slice(0, 4)).toEqual([167, 167, 167, 168]);
  });

  it('goes further back where a week is missing or was not known yet', () => {
    const issuedAtMs = Date.parse('2023-06-14T22:00:00Z');
    const load = changed(
      { ...sampleHistory(1), load: counter },
      {
        loadMw: (value, startMs) =>
          startMs < issuedAtMs - 7 * dayMs + 5 * hourMs && startMs >= issuedAtMs - 7 * dayMs
            ? Number.NaN
            : value,
      },
    ).load;
    const forecast = sampleForecast(issuedAtMs, () => 1);
    const naive = seasonalNaive(load, zone, forecast);
    expect((issuedAtMs / hourMs - (naive[4] ?? 0) + 4) / 168).toBe(2);
    expect((issuedAtMs / hourMs - (naive[5] ?? 0) + 5) / 168).toBe(1);
    // Knowledge that ended five days and a half before: the last 60 hours reach back another week.
    const late = hoursBack('2023-06-14T22:00:00Z', { dataCutoffMs: issuedAtMs - 132 * hourMs });
    expect(late.findIndex((hours) => hours === 336)).toBe(36);
    expect(new Set(late.slice(0, 36))).toEqual(new Set([168]));
  });

  it('is NaN where eight weeks hold nothing', () => {
    const empty = { startMs: counter.startMs, values: new Float64Array(365 * 24).fill(Number.NaN) };
    const forecast = sampleForecast(Date.parse('2023-06-14T22:00:00Z'), () => 1);
    expect(seasonalNaive(empty, zone, forecast).every(Number.isNaN)).toBe(true);
  });

  it('agrees with the naive member on a whole history, at clock changes too', async () => {
    const history = sampleHistory(330);
    const fitted = await naiveMember.restore({
      name: 'naive',
      manifest: {},
      weights: new Uint8Array(0),
    });
    for (const issued of [
      '2023-03-25T23:00',
      '2023-04-01T22:00',
      '2023-10-28T22:00',
      '2023-11-05T23:00',
    ]) {
      const issuedAtMs = Date.parse(`${issued}:00Z`);
      const table = buildFeatureTable({
        history,
        issuedAtMs,
        startMs: issuedAtMs - 60 * dayMs,
        endMs: issuedAtMs + 72 * hourMs,
      });
      expect(fitted.predict(table).pointMw).toEqual(
        seasonalNaive(
          history.load,
          zone,
          sampleForecast(issuedAtMs, () => 1),
        ),
      );
    }
  });
});
