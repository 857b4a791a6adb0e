import { describe, expect, it } from 'vitest';
import type { History } from '../../src/core/history.js';
import type { HourlySeries } from '../../src/core/hourly.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import {
  actualWeather,
  firstWhole,
  modelWeather,
  runWeather,
  substituteWeather,
  type TemperatureRun,
} from '../../src/forecast/weather.js';
import { present } from '../core/present.js';

/** A daily course that is the same on every day. */
function course(hour: number): number {
  return 10 + 5 * Math.sin((2 * Math.PI * hour) / 24);
}

function run(runHour: number, availableHour: number, temperature: HourlySeries): TemperatureRun {
  return { runAtMs: runHour * hourMs, availableAtMs: availableHour * hourMs, temperature };
}

function series(startHour: number, values: readonly number[]): HourlySeries {
  return { startMs: startHour * hourMs, values: Float64Array.from(values) };
}

const flat: HourlySeries = { startMs: 0, values: new Float64Array(3000 * 24).fill(10) };

/** Error of the model weather by origin and lead hour, °C. */
function modelErrors(origins: number): Float64Array[] {
  const reader = modelWeather(flat, 'Europe/Paris', 1);
  return Array.from({ length: origins }, (_, day) =>
    present(reader(day * dayMs)).values.map((value) => value - 10),
  );
}

function deviation(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

describe('actualWeather', () => {
  it('is the horizon as it came', () => {
    const temperature = series(
      0,
      Array.from({ length: 100 }, (_, i) => i),
    );
    const horizon = present(actualWeather(temperature)(50 * hourMs));
    expect(horizon.startMs).toBe(50 * hourMs);
    expect(horizon.values.length).toBe(72);
    expect(horizon.values[0]).toBe(50);
    expect(horizon.values[49]).toBe(99);
    expect(horizon.values[50]).toBeNaN();
  });
});

describe('modelWeather', () => {
  it('is seeded by seed, zone and issue time alone', () => {
    const issuedAtMs = 100 * dayMs;
    const noise = (temperature: HourlySeries, zone: string, seed: number, atMs = issuedAtMs) => {
      const horizon = present(modelWeather(temperature, zone, seed)(atMs));
      return Array.from(horizon.values, (value) => Math.round((value - 10) * 1e9));
    };
    const first = noise(flat, 'Europe/Paris', 1);
    expect(noise(flat, 'Europe/Paris', 1)).toEqual(first);
    // Neither the rest of the file nor its length changes the noise.
    const other = { startMs: 50 * dayMs, values: new Float64Array(60 * 24).fill(10) };
    other.values.fill(30, 0, 40 * 24);
    expect(noise(other, 'Europe/Paris', 1)).toEqual(first);
    expect(noise(flat, 'Europe/Rome', 1)).not.toEqual(first);
    expect(noise(flat, 'Europe/Paris', 2)).not.toEqual(first);
    expect(noise(flat, 'Europe/Paris', 1, issuedAtMs + hourMs)).not.toEqual(first);
  });

  it('has the protocol’s standard deviation on each lead day', () => {
    const errors = modelErrors(2500);
    for (const [day, expected] of [0.9, 1.3, 1.8].entries()) {
      const ofDay = errors.flatMap((error) => [...error.subarray(day * 24, day * 24 + 24)]);
      expect(deviation(ofDay) / expected).toBeGreaterThan(0.96);
      expect(deviation(ofDay) / expected).toBeLessThan(1.04);
      const mean = ofDay.reduce((sum, value) => sum + value, 0) / ofDay.length;
      expect(Math.abs(mean)).toBeLessThan(0.08 * expected);
    }
    // From the first hour on: the noise starts in its stationary state.
    expect(deviation(errors.map((error) => error[0] ?? 0)) / 0.9).toBeGreaterThan(0.94);
  });

  it('has an hourly correlation of 0.95, also over the border of two lead days', () => {
    const errors = modelErrors(2500);
    const correlation = (a: number, b: number): number => {
      const [x, y] = [a, b].map((lead) => errors.map((error) => error[lead] ?? Number.NaN));
      const product = present(x).reduce((sum, value, i) => sum + value * (y?.[i] ?? Number.NaN), 0);
      return product / errors.length / (deviation(present(x)) * deviation(present(y)));
    };
    expect(correlation(10, 11)).toBeCloseTo(0.95, 1);
    expect(correlation(23, 24)).toBeGreaterThan(0.93);
    expect(correlation(23, 24)).toBeLessThan(0.965);
    expect(correlation(10, 30)).toBeGreaterThan(0.95 ** 20 - 0.08);
    expect(correlation(10, 30)).toBeLessThan(0.95 ** 20 + 0.08);
  });

  it('leaves a missing hour missing', () => {
    const temperature = series(0, [Number.NaN, 5]);
    const horizon = present(modelWeather(temperature, 'UTC', 1)(0));
    expect(horizon.values[0]).toBeNaN();
    expect(Number.isFinite(horizon.values[1])).toBe(true);
  });
});

describe('runWeather', () => {
  it('takes the newest run that was available, hour by hour', () => {
    const reader = runWeather([
      run(6, 8, series(10, [3, Number.NaN, 3])),
      run(0, 2, series(10, [1, 1, 1, 1])),
      run(12, 14, series(10, [9, 9, 9, 9])), // not there yet at hour 10
    ]);
    const horizon = present(reader(10 * hourMs));
    expect([...horizon.values.subarray(0, 5)]).toEqual([3, 1, 3, 1, Number.NaN]);
    expect(horizon.values.length).toBe(72);
  });

  it('goes by the run’s own time, not by its arrival', () => {
    const late = run(0, 9, series(10, [1]));
    const early = run(6, 8, series(10, [3]));
    expect(runWeather([early, late])(10 * hourMs)?.values[0]).toBe(3);
  });

  it('takes a run that becomes available at the issue time itself', () => {
    const reader = runWeather([run(6, 10, series(10, [3]))]);
    expect(reader(10 * hourMs)?.values[0]).toBe(3);
    expect(reader(9 * hourMs)).toBeNull();
  });

  it('is null where no run says anything of the horizon', () => {
    expect(runWeather([run(0, 1, series(0, [1, 2]))])(50 * hourMs)).toBeNull();
    expect(runWeather([])(0)).toBeNull();
  });
});

/** What readers of these horizons give together. */
function read(...horizons: (HourlySeries | null)[]): HourlySeries | null {
  return firstWhole(...horizons.map((horizon) => () => horizon))(0);
}

describe('firstWhole', () => {
  const whole = (value: number) =>
    series(
      0,
      Array.from({ length: 72 }, () => value),
    );
  const holed = series(0, [1, Number.NaN]);

  it('takes the first reader that knows the whole horizon, or what the last one says', () => {
    expect(read(whole(1), whole(2))).toEqual(whole(1));
    expect(read(null, holed, whole(2), whole(3))).toEqual(whole(2));
    expect(read(null, holed)).toEqual(holed);
    expect(read()).toBeNull();
  });
});

describe('substituteWeather', () => {
  const place = { zone: 'UTC', holidayRegion: null };
  const load = { startMs: 0, values: new Float64Array(0) };
  const historyOf = (temperature: HourlySeries): History => ({ place, load, temperature });

  it('repeats the climate of the hour where the last day was as usual', () => {
    const past = series(
      0,
      Array.from({ length: 30 * 24 }, (_, hour) => course(hour)),
    );
    const { history, substitutedHours } = substituteWeather(historyOf(past), 30 * dayMs);
    expect(substitutedHours).toBe(72);
    for (let lead = 0; lead < 72; lead++)
      expect(history.temperature.values[30 * 24 + lead]).toBeCloseTo(course(lead), 9);
    expect(past.values.length).toBe(30 * 24); // the input is left as it was
  });

  it('carries the last departure on, fading over a day', () => {
    const past = series(
      0,
      Array.from({ length: 30 * 24 }, (_, hour) => course(hour) + (hour === 30 * 24 - 1 ? 6 : 0)),
    );
    const { history } = substituteWeather(historyOf(past), 30 * dayMs);
    const departure = (lead: number): number =>
      present(history.temperature.values[30 * 24 + lead]) - course(lead);
    expect(departure(1)).toBeGreaterThan(4.5);
    expect(departure(1)).toBeLessThan(6);
    expect(departure(25) / departure(1)).toBeCloseTo(Math.exp(-1), 6);
    expect(departure(70)).toBeLessThan(0.5);
  });

  it('fills the hours that are missing and no other', () => {
    const values = Array.from({ length: 13 * 24 }, (_, hour) => course(hour));
    values.fill(Number.NaN, 10 * 24 + 60);
    values[10 * 24 + 5] = Number.NaN;
    values[10 * 24 + 6] = 33;
    const { history, substitutedHours } = substituteWeather(
      historyOf(series(0, values)),
      10 * dayMs,
    );
    expect(substitutedHours).toBe(1 + 12);
    expect(history.temperature.values[10 * 24 + 6]).toBe(33);
    // The hours beside the hole pull it up: 33 °C by hour 6.
    expect(history.temperature.values[10 * 24 + 5]).toBeGreaterThan(course(5) + 3);
    expect(history.temperature.values.every(Number.isFinite)).toBe(true);
  });

  it('looks at no temperature beyond the horizon', () => {
    const values = Array.from({ length: 15 * 24 }, (_, hour) => course(hour));
    values.fill(Number.NaN, 10 * 24, 12 * 24);
    const other = values.map((value, hour) => (hour >= 13 * 24 ? 40 : value));
    const filled = [values, other].map((column) =>
      substituteWeather(
        historyOf(series(0, column)),
        10 * dayMs,
      ).history.temperature.values.subarray(0, 13 * 24),
    );
    expect(filled[0]).toEqual(filled[1]);
  });

  it('changes nothing where no temperature was ever known', () => {
    for (const temperature of [series(0, []), series(240, [5, 6]), series(0, [Number.NaN])]) {
      const history = historyOf(temperature);
      expect(substituteWeather(history, 10 * dayMs)).toEqual({
        history,
        substitutedHours: 0,
        substitutedExtras: {},
      });
    }
  });
});
