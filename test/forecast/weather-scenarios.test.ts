import { describe, expect, test } from 'vitest';
import { hourMs } from '../../src/core/time.js';
import { runScenarios } from '../../src/forecast/weather-scenarios.js';
import { runWeather, type TemperatureRun } from '../../src/forecast/weather.js';

const issuedAtMs = 100 * hourMs;

/** A run of one temperature that begins at an hour and is out four hours later. */
function run(runHour: number, celsius: number, hours = 200): TemperatureRun {
  return {
    runAtMs: runHour * hourMs,
    availableAtMs: (runHour + 4) * hourMs,
    temperature: {
      startMs: runHour * hourMs,
      values: new Float64Array(hours).fill(celsius),
    },
  };
}

function firstHours(runs: readonly TemperatureRun[]): (number | undefined)[] {
  return runScenarios(runs, 72)(issuedAtMs).map((course) => course[0]);
}

describe('other temperatures that may come', () => {
  test('are the members of the newest ensemble that is out', () => {
    const members = [1, 2, 3, 4].map((celsius) => run(90, celsius));
    const later = [7, 8, 9].map((celsius) => run(98, celsius));
    const earlier = [0, 0, 0].map((celsius) => run(84, celsius));
    expect(firstHours([...earlier, ...members, ...later])).toEqual([1, 2, 3, 4]);
  });

  test('are the last runs where none is an ensemble, those of a day and a half', () => {
    const runs = [run(50, 5), run(60, 6), run(72, 7), run(84, 8), run(90, 9), run(97, 10)];
    expect(firstHours(runs)).toEqual([9, 8, 7, 6]);
  });

  test('are none with less than three, or where runs do not reach', () => {
    expect(firstHours([run(84, 8), run(90, 9)])).toEqual([]);
    expect(firstHours([run(72, 7, 80), run(84, 8), run(90, 9)])).toEqual([]);
    expect(firstHours([])).toEqual([]);
  });

  test('go on as the newest run where one ends', () => {
    const courses = runScenarios([run(80, 1, 80), run(84, 2), run(90, 3)], 72)(issuedAtMs);
    expect(courses.map((course) => [course[59], course[60], course[71]])).toEqual([
      [3, 3, 3],
      [2, 2, 2],
      [1, 3, 3],
    ]);
  });

  test('are ten at most, the first among them', () => {
    const members = Array.from({ length: 40 }, (_, i) => run(90, i));
    expect(firstHours(members)).toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32, 36]);
  });
});

test('of an ensemble the forecast is the mean', () => {
  const horizon = runWeather([run(90, 1), run(90, 2), run(90, 6), run(80, 50)])(issuedAtMs);
  expect(horizon?.values[0]).toBe(3);
});
