import { describe, expect, test } from 'vitest';
import { hourMs, localInstants } from '../../src/core/time.js';
import { accuracyOf, breakdown, type ScoredHour } from '../../src/evaluate/breakdown.js';
import { present } from '../core/present.js';

const place = { zone: 'Europe/Paris', holidayRegion: 'FR' };

/** An hour of a local day that is missed by so many percent. */
function missed(date: string, hour: number, pct: number, celsius = 10): ScoredHour {
  const startMs = present(localInstants(place.zone, date, date)[0]) + hour * hourMs;
  return {
    startMs,
    leadHours: hour,
    actualMw: 100,
    forecastMw: 100 + pct,
    quantilesMw: null,
    temperatureC: celsius,
  };
}

function mapes(hours: readonly ScoredHour[], grouping: keyof ReturnType<typeof breakdown>) {
  return breakdown(hours, place)[grouping].map(({ label, figures }) => [
    label,
    figures.n,
    Math.round(figures.mape),
  ]);
}

describe('where the errors are', () => {
  test('by kind of day: what is special goes before the weekday, in the order of the kinds', () => {
    const hours = [
      missed('2023-05-01', 12, 1), // Labour Day, a Monday
      missed('2023-05-02', 12, 2), // the day after
      missed('2023-05-19', 12, 3), // between Ascension and the weekend
      missed('2023-03-26', 12, 4), // the clock goes forward
      missed('2023-12-27', 12, 5),
      missed('2023-06-14', 12, 6),
      missed('2023-06-15', 12, 8),
      missed('2023-06-17', 12, 9),
    ];
    expect(mapes(hours, 'day')).toEqual([
      ['Tuesday to Thursday', 2, 7],
      ['Saturday', 1, 9],
      ['holiday', 1, 1],
      ['bridge day', 1, 3],
      ['day after a holiday', 1, 2],
      ['24 December to 5 January', 1, 5],
      ['clock change', 1, 4],
    ]);
  });

  test('by lead and local hour, ascending, and by season', () => {
    const hours = [
      missed('2023-07-04', 10, 4),
      missed('2023-07-04', 9, 2),
      missed('2023-12-05', 9, 6),
    ];
    expect(mapes(hours, 'lead')).toEqual([
      ['9', 2, 4],
      ['10', 1, 4],
    ]);
    expect(mapes(hours, 'hour')).toEqual([
      ['09:00', 2, 4],
      ['10:00', 1, 4],
    ]);
    expect(mapes(hours, 'season')).toEqual([
      ['December to February', 1, 6],
      ['June to August', 2, 3],
    ]);
  });

  test('by fifths of the temperatures; an hour without one is in none', () => {
    const hours = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((celsius) =>
      missed('2023-07-04', celsius, celsius, celsius),
    );
    const unknown = { ...missed('2023-07-05', 3, 50), temperatureC: Number.NaN };
    expect(mapes([...hours, unknown], 'temperature').map(([, n]) => n)).toEqual([3, 2, 2, 2, 1]);
    expect(mapes([...hours, unknown], 'temperature')[0]).toEqual(['coldest fifth', 3, 2]);
  });

  test('an hour whose load is not known is nowhere, and of none there is no group', () => {
    const unknown = { ...missed('2023-07-05', 3, 50), actualMw: Number.NaN };
    expect(mapes([unknown, missed('2023-07-05', 4, 2)], 'lead')).toEqual([['4', 1, 2]]);
    for (const groups of Object.values(breakdown([unknown], place))) expect(groups).toEqual([]);
  });
});

test('bands are judged where every hour has one', () => {
  const band = { ...missed('2023-07-05', 4, 2), quantilesMw: [90, 95, 98, 100, 103, 105, 110] };
  expect(accuracyOf([band]).coverage1090).toBe(100);
  expect(accuracyOf([band, missed('2023-07-05', 5, 2)]).coverage1090).toBeNaN();
});
