import { fileURLToPath } from 'node:url';
import { writeFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { usualHorizonHours as horizonHours } from '../src/core/horizon.js';
import { hourMs } from '../src/core/time.js';
import { buildCalendar } from '../src/features/calendar.js';
import { issueForecast } from '../src/forecast/issue-forecast.js';
import { knownHistory } from '../src/forecast/known-history.js';
import { historyBefore } from '../src/forecast/split-run.js';
import { trainBundle } from '../src/forecast/train-bundle.js';
import { actualWeather } from '../src/forecast/weather.js';
import { parseLoadTable } from '../src/ingest/load-table.js';
import { readCsvFile } from '../src/ingest/sources/csv-file.js';
import { historyOfFile } from '../src/jobs/backtest/read-history.js';
import { allMembers } from '../src/models/all-members.js';
import { dataFile, dataSets } from './data-sets.js';
import { measureNetwork } from './serving/network.js';
import { medianOf, p99Of } from './serving/quantiles.js';

/**
 * Seconds to train each member, the time of one 72-hour forecast of all members with the models loaded, and the time of
 * one forecast of the LSTM's network on our runtime, plain TensorFlow.js and onnxruntime (`npm run test:onnx` installs it):
 * `npm run benchmark:serving -- [--set example|vic_elec|…] [--threads 2] [--forecasts 300] [--json FILE]`;
 * `--only network` leaves the training out.
 */

const { values: options } = parseArgs({
  options: {
    set: { type: 'string', default: 'vic_elec' },
    threads: { type: 'string', default: '2' },
    forecasts: { type: 'string', default: '300' },
    only: { type: 'string' },
    json: { type: 'string' },
  },
});

const forecasts = options.only === 'network' ? {} : await measureForecasts();
const network = await measureNetwork(Number(options.forecasts));
const result = { ...forecasts, network };
console.log(JSON.stringify(result, null, 2));
if (options.json) await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);

/** A bundle trained on all but the last hours of a data set, and forecasts from each of those. */
async function measureForecasts(): Promise<object> {
  const set = dataSets.find((candidate) => candidate.key === options.set);
  const file = set
    ? dataFile(set)
    : fileURLToPath(new URL('../data/victoria_2014_half_hourly.csv', import.meta.url));
  const place = {
    zone: set?.zone ?? 'Australia/Melbourne',
    holidayRegion: set?.holidays ?? 'AU-VIC',
  };
  const table = parseLoadTable(await readCsvFile(file), {
    zone: place.zone,
    ...(set ? { loadColumn: set.loadColumn } : {}),
  });
  const { history, endMs } = historyOfFile(table, place);
  const count = Number(options.forecasts);
  const firstMs = endMs - (count + horizonHours) * hourMs;

  const startedMs = performance.now();
  const bundle = await trainBundle({
    seriesId: 'benchmark',
    history: historyBefore(history, firstMs),
    trainedAtMs: 0,
    issueTimes: ['00:00'],
    loadDelayHours: 0,
    weather: actualWeather(history.temperature),
    temperatureSource: 'actual',
    members: allMembers,
    seed: 1,
    threads: Number(options.threads),
    elapsedSeconds: () => performance.now() / 1000,
  });
  const trainingSeconds = (performance.now() - startedMs) / 1000;

  const calendar = buildCalendar(place, history.load.startMs, history.load.values.length + 96);
  const weather = actualWeather(history.temperature);
  const timesMs = Array.from({ length: count }, (_, index) => {
    const issuedAtMs = firstMs + index * hourMs;
    const known = knownHistory(history, issuedAtMs, 0, weather(issuedAtMs));
    const beforeMs = performance.now();
    issueForecast({
      seriesId: 'benchmark',
      kind: 'replay',
      history: known,
      issuedAtMs,
      createdAtMs: 0,
      temperatureSource: 'actual',
      reportingDelayHours: 0,
      bundle,
      calendar,
    });
    return performance.now() - beforeMs;
  });

  for (const member of bundle.fitted) member.dispose();
  return {
    set: options.set,
    historyHours: history.load.values.length,
    trainingSeconds,
    servingFitSeconds: Object.fromEntries(
      bundle.card.members.map((member) => [member.name, member.fitSeconds]),
    ),
    forecasts: count,
    medianMs: medianOf(timesMs),
    p99Ms: p99Of(timesMs),
    peakMemoryMb: process.resourceUsage().maxRSS / 1024,
  };
}
