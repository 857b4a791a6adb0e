import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ForecastValue } from '../src/core/forecast.js';
import { valueAt } from '../src/core/hourly.js';
import { nativeAt } from '../src/core/native-load.js';
import { hourMs, localInstants } from '../src/core/time.js';
import { intervalsOf } from '../src/core/within-hours.js';
import { knownHistory } from '../src/forecast/known-history.js';
import { withinHours } from '../src/forecast/within-hours.js';
import { readLoadFile } from '../src/ingest/load-file.js';
import { historyOfFile } from '../src/jobs/backtest/read-history.js';
import { asText } from './accuracy/leaderboard.js';
import { dataFolder } from './data-sets.js';

/**
 * What the half or quarter hours of a forecast are missed by when its hours are right: what the course within the hours
 * alone costs, as it is learned, by a straight line through the neighbours, and with none.
 * `npm run benchmark:resolution -- [--file F] [--load-column C] [--zone Z] [--holidays H] [--year 2014] [--json FILE]`
 */

const { values: options } = parseArgs({
  options: {
    file: { type: 'string', default: join(dataFolder(), 'vic_elec_native.csv.gz') },
    'load-column': { type: 'string', default: 'load_mw' },
    zone: { type: 'string', default: 'Australia/Melbourne' },
    holidays: { type: 'string', default: 'AU-VIC' },
    year: { type: 'string', default: '2014' },
    json: { type: 'string' },
  },
});

const table = await readLoadFile(options.file, {
  zone: options.zone,
  loadColumn: options['load-column'],
});
const place = { zone: options.zone, holidayRegion: options.holidays };
const { history } = historyOfFile(table, place, 'native');
const { native, load } = history;
if (!native) throw new Error(`${options.file} has no half or quarter hours.`);
const parts = 60 / native.minutes;

const missed = { none: 0, 'straight line': 0, learned: 0 };
let count = 0;
for (const issuedAtMs of localInstants(
  options.zone,
  `${options.year}-01-01`,
  `${options.year}-12-28`,
)) {
  const values = Array.from({ length: 72 }, (_, leadHours) => rightHour(issuedAtMs, leadHours));
  const known = knownHistory(history, issuedAtMs, 0, null);
  const within = withinHours({
    history: known,
    native: known.native ?? native,
    issuedAtMs,
    values,
  });
  if (!within) continue;
  for (const [i, { startMs, pointMw }] of intervalsOf({ values, withinHours: within }).entries()) {
    const actualMw = nativeAt(native, startMs);
    const hour = values[Math.floor(i / parts)];
    if (!hour || !(actualMw > 0)) continue;
    const slope = (valueAt(load, hour.startMs + hourMs) - valueAt(load, hour.startMs - hourMs)) / 2;
    const straight = hour.pointMw + (((i % parts) + 0.5) / parts - 0.5) * slope;
    missed.none += Math.abs(hour.pointMw / actualMw - 1);
    missed['straight line'] += Math.abs(straight / actualMw - 1);
    missed.learned += Math.abs(pointMw / actualMw - 1);
    count++;
  }
}

const rows = Object.entries(missed).map(([name, sum]) => ({ name, mape: (100 * sum) / count }));
console.log(
  asText({
    title: `MAPE of ${native.minutes} minutes whose hours are right, %`,
    header: ['course within the hour', 'MAPE'],
    rows: rows.map(({ name, mape }) => [name, mape.toFixed(3)]),
  }),
);
if (options.json)
  await writeFile(options.json, `${JSON.stringify({ intervals: count, rows }, null, 2)}\n`);

function rightHour(issuedAtMs: number, leadHours: number): ForecastValue {
  const startMs = issuedAtMs + leadHours * hourMs;
  const pointMw = valueAt(load, startMs);
  return {
    startMs,
    leadHours,
    pointMw,
    quantilesMw: Array.from({ length: 7 }, () => pointMw),
    memberMw: {},
    memberWeight: {},
    temperatureC: null,
    quality: 'full',
  };
}
