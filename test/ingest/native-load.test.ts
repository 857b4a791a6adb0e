import { expect, test } from 'vitest';
import { forecastMinutes, nativeLoad } from '../../src/ingest/native-load.js';

const start = Date.UTC(2024, 0, 1);
const at = (minute: number, value: number, minutes: number) => ({
  startMs: start + minute * 60_000,
  minutes,
  value,
});

test.each([
  [1, 15],
  [5, 15],
  [15, 15],
  [6, 30],
  [10, 30],
  [30, 30],
  [12, 60],
  [20, 60],
  [60, 60],
])('loads of %i minutes are forecast in %i', (resolution, minutes) => {
  expect(forecastMinutes(resolution)).toBe(minutes);
});

test('finer readings are averaged, and those of hours are no course within an hour', () => {
  const readings = [at(0, 50, 60), at(60, 1, 10), at(70, 2, 10), at(80, 3, 10), at(90, 8, 10)];
  expect(nativeLoad(readings, 0, 10)).toEqual({
    startMs: start + 3_600_000,
    minutes: 30,
    values: Float64Array.of(2, Number.NaN),
  });
  expect(nativeLoad(readings, 0, 60)).toBeNull();
  expect(nativeLoad([at(0, 50, 60)], 0, 15)).toBeNull();
});

test('where hours begin on the half hour, so do the first of their halves', () => {
  const native = nativeLoad([at(60, 4, 30), at(90, 6, 30)], 30 * 60_000, 30);
  expect(native).toEqual({
    startMs: start + 30 * 60_000,
    minutes: 30,
    values: Float64Array.of(Number.NaN, 4, 6),
  });
});
