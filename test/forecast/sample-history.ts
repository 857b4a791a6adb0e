import { readFileSync } from 'node:fs';
import type { History } from '../../src/core/history.js';
import type { HourlySeries } from '../../src/core/hourly.js';
import { createRandom } from '../../src/core/random.js';
import { hourMs } from '../../src/core/time.js';

/** Load of a small region with a daily and weekly course, weather and noise: 50 to 150 MW. */
export function sampleHistory(
  days: number,
  place: History['place'] = { zone: 'Europe/Paris', holidayRegion: null },
  startMs = Date.parse('2023-01-01T23:00:00Z'),
): History {
  const random = createRandom('sample history', place.zone);
  const temperature = Float64Array.from({ length: days * 24 }, (_, hour) => {
    const day = hour / 24;
    return 12 - 8 * Math.cos((2 * Math.PI * day) / 365) + 4 * Math.sin(2 * Math.PI * (day - 0.4));
  });
  const load = Float64Array.from(temperature, (temperatureC, hour) => {
    const daily = 20 * Math.sin(2 * Math.PI * (hour / 24 - 0.3));
    const weekend = Math.floor(hour / 24) % 7 >= 5 ? -10 : 0;
    return 100 + daily + weekend - 0.8 * (temperatureC - 12) + 1.5 * random.normal();
  });
  return { place, load: { startMs, values: load }, temperature: { startMs, values: temperature } };
}

let victoria: History | null = null;

/** The project's own data set: hourly means of half-hours, Melbourne 2014. */
export function victoriaHistory(): History {
  if (victoria) return victoria;
  const file = new URL('../../data/victoria_2014_half_hourly.csv', import.meta.url);
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const cells = rows.map((row) => row.split(','));
  const startMs = Date.parse(cells[0]?.[0] ?? '');
  const column = (index: number): HourlySeries => ({
    startMs,
    values: Float64Array.from({ length: Math.floor(rows.length / 2) }, (_, hour) => {
      const halves = [cells[2 * hour], cells[2 * hour + 1]].map((row) => Number(row?.[index]));
      return halves.reduce((sum, half) => sum + half, 0) / 2;
    }),
  });
  victoria = {
    place: { zone: 'Australia/Melbourne', holidayRegion: 'AU-VIC' },
    load: column(1),
    temperature: column(2),
  };
  return victoria;
}

type Change = (value: number, startMs: number) => number;

/** The same history with other values. */
export function changed(
  history: History,
  changes: { readonly loadMw?: Change; readonly temperatureC?: Change },
): History {
  return {
    place: history.place,
    load: mapped(history.load, changes.loadMw),
    temperature: mapped(history.temperature, changes.temperatureC),
  };
}

function mapped(series: HourlySeries, change: Change = (value) => value): HourlySeries {
  const { startMs, values } = series;
  return { startMs, values: values.map((value, i) => change(value, startMs + i * hourMs)) };
}
