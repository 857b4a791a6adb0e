import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endMs } from '../../../src/core/hourly.js';
import { dayMs } from '../../../src/core/time.js';
import { actualWeather } from '../../../src/forecast/weather.js';
import { historyBefore } from '../../../src/forecast/split-run.js';
import { runBacktest, type BacktestRun } from '../../../src/jobs/backtest/run-backtest.js';
import { naiveMember } from '../../../src/models/naive/naive.js';
import { changed, victoriaHistory } from '../../forecast/sample-history.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loadcast-backtest-'));
});
afterAll(() => rm(folder, { recursive: true }));

const history = historyBefore(victoriaHistory(), Date.parse('2014-02-28T13:00Z'));
let written = 0;
/** Three days of February: midnight is 13:00 UTC of the day before. */
function run(changes: Partial<BacktestRun> = {}): BacktestRun {
  const of = changes.history ?? history;
  return {
    history: of,
    fileEndMs: endMs(of.load),
    weather: actualWeather(of.temperature),
    temperatureSource: 'actual',
    from: '2014-02-10',
    to: '2014-02-14',
    issueTimes: ['00:00'],
    loadDelayHours: 0,
    refits: 2,
    members: [naiveMember],
    inspect: true,
    seed: 1,
    threads: 1,
    out: path.join(folder, `forecasts-${written++}.csv`),
    ...changes,
  };
}

interface Row {
  readonly issuedAt: string;
  readonly validAt: string;
  readonly lead: number;
  readonly mw: number;
  readonly text: string;
}

async function rowsOf(file: string): Promise<Row[]> {
  const bytes = await readFile(file);
  const text = file.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString();
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [issuedAt = '', validAt = '', lead, mw] = line.split(',');
      return { issuedAt, validAt, lead: Number(lead), mw: Number(mw), text: line };
    });
}

const issueTimes = (rows: readonly Row[]): string[] => [
  ...new Set(rows.map(({ issuedAt }) => issuedAt)),
];

describe('a back-test', () => {
  test('issues each midnight whose 72 h lie inside the days, and scores what it wrote', async () => {
    const one = run({ out: path.join(folder, 'three.csv.gz') });
    const summary = await runBacktest(one);
    const rows = await rowsOf(one.out);
    expect(issueTimes(rows)).toEqual([
      '2014-02-09T13:00:00Z',
      '2014-02-10T13:00:00Z',
      '2014-02-11T13:00:00Z',
    ]);
    expect(rows.map(({ lead }) => lead)).toEqual(Array.from({ length: 3 * 72 }, (_, i) => i % 72));
    expect(summary.origins).toBe(3);
    const load = new Map(
      Array.from(history.load.values, (mw, i) => [history.load.startMs + i * 3_600_000, mw]),
    );
    const errors = rows.map(({ validAt, mw }) => {
      const actual = load.get(Date.parse(validAt)) ?? Number.NaN;
      return Math.abs(mw - actual) / actual;
    });
    const mape = (100 * errors.reduce((sum, error) => sum + error, 0)) / errors.length;
    expect(summary.blend.all).toMatchObject({ n: 216 });
    expect(summary.blend.all.mape).toBeCloseTo(mape, 5);
    expect(summary.members['naive']?.all.mape).toBeCloseTo(mape, 5);
    expect(summary.qualities).toEqual({ full: 3 });
    // naive alone: the same hour a week before, weight 1
    for (const { validAt, mw, text } of rows) {
      const week = load.get(Date.parse(validAt) - 7 * dayMs);
      expect(mw).toBeCloseTo(week ?? 0, 3);
      expect(text).toMatch(/,1,full$/);
    }
  });

  test('of a longer horizon tells each of its lead days, and keeps to the days', async () => {
    const one = run({ history: { ...history, horizonHours: 96 } });
    const weather = actualWeather(history.temperature, 96);
    const summary = await runBacktest({ ...one, weather });
    const rows = await rowsOf(one.out);
    expect(issueTimes(rows)).toEqual(['2014-02-09T13:00:00Z', '2014-02-10T13:00:00Z']);
    expect(rows.map(({ lead }) => lead)).toEqual(Array.from({ length: 2 * 96 }, (_, i) => i % 96));
    expect(summary.qualities).toEqual({ full: 2 });
    expect(Object.keys(summary.blend)).toEqual(['all', 'day1', 'day2', 'day3', 'day4']);
    expect(summary.blend.all.n).toBe(192);
    const days = (['day1', 'day2', 'day3', 'day4'] as const).map(
      (day) => summary.blend[day]?.mae ?? 0,
    );
    expect(days.reduce((sum, mae) => sum + mae / 4, 0)).toBeCloseTo(summary.blend.all.mae, 9);
    expect(summary.trend.byLead.day4?.forecast.days).toBe(2);
  });

  test('of half hours writes and scores them, known up to the issue time, with the hours unchanged', async () => {
    const { startMs, values } = history.load;
    // The second half of each hour lies 4 % above the first.
    const halves = Float64Array.from({ length: 2 * values.length }, (_, i) => {
      const mw = values[Math.floor(i / 2)] ?? Number.NaN;
      return i % 2 === 0 ? 0.98 * mw : 1.02 * mw;
    });
    const native = { startMs, minutes: 30, values: halves };
    const fine = run({ history: { ...history, native } });
    const hourly = run();
    const [summary, ofHours] = [await runBacktest(fine), await runBacktest(hourly)];
    const [rows, hours] = [await rowsOf(fine.out), await rowsOf(hourly.out)];
    expect(rows.map(({ lead }) => lead)).toEqual(
      Array.from({ length: 3 * 144 }, (_, i) => (i % 144) / 2),
    );
    for (const [i, { mw, validAt }] of hours.entries()) {
      const [first, second] = [rows[2 * i], rows[2 * i + 1]];
      expect(first?.validAt).toBe(validAt);
      expect(((first?.mw ?? 0) + (second?.mw ?? 0)) / 2).toBeCloseTo(mw, 3);
    }
    expect(summary.blend.all.n).toBe(432);
    expect(summary.blend.all.mape / ofHours.blend.all.mape).toBeCloseTo(1, 1);
    expect(summary.trend).toEqual(ofHours.trend);
    const atMs = Date.parse('2014-02-09T13:00Z');
    const leaky = run({
      history: {
        ...history,
        native: {
          ...native,
          values: halves.map((mw, i) => (startMs + i * 1_800_000 >= atMs ? 7 : mw)),
        },
      },
    });
    await runBacktest(leaky);
    expect((await rowsOf(leaky.out)).slice(0, 144)).toEqual(rows.slice(0, 144));
  });

  test('at a control room’s desk: 09:00 local, loads an hour late', async () => {
    const one = run({ issueTimes: ['09:00'], loadDelayHours: 1, to: '2014-02-13' });
    await runBacktest(one);
    const rows = await rowsOf(one.out);
    // 22:00 UTC of the day before; the third one would reach past the last day
    expect(issueTimes(rows)).toEqual(['2014-02-09T22:00:00Z']);
    expect(rows).toHaveLength(72);
  });

  test('changing the load from T on, less the delay, and the temperature from T + 72 h on changes no forecast issued by T', async () => {
    const first = run({ loadDelayHours: 3 });
    await runBacktest(first);
    const atMs = Date.parse('2014-02-10T13:00Z');
    const altered = changed(history, {
      loadMw: (mw, startMs) => (startMs >= atMs - 3 * 3_600_000 ? mw * 3 : mw),
      temperatureC: (celsius, startMs) => (startMs >= atMs + 3 * dayMs ? celsius + 20 : celsius),
    });
    const second = run({ history: altered, loadDelayHours: 3 });
    await runBacktest(second);
    const before = (rows: readonly Row[]): string[] =>
      rows.filter(({ issuedAt }) => Date.parse(issuedAt) <= atMs).map(({ text }) => text);
    const expected = before(await rowsOf(first.out));
    expect(expected).toHaveLength(2 * 72);
    expect(before(await rowsOf(second.out))).toEqual(expected);
  });

  test('stops when asked; what was written until then is whole', async () => {
    let asked = 0;
    const one = run({ shouldStop: () => ++asked > 2, out: path.join(folder, 'stopped.csv.gz') });
    await expect(runBacktest(one)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await rowsOf(one.out)).length % 72).toBe(0);
  });

  test('days without a whole horizon, and issue times off the grid, are refused with the instants', async () => {
    await expect(runBacktest(run({ from: '2014-02-26', to: '2014-02-28' }))).resolves.toMatchObject(
      { origins: 1 },
    );
    await expect(runBacktest(run({ from: '2014-02-27', to: '2014-02-28' }))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('the file, which ends 2014-02-28T13:00:00.000Z'),
    });
    await expect(runBacktest(run({ issueTimes: ['09:30'] }))).rejects.toThrow(
      /2014-02-09T22:30:00.000Z is not the start of an hour/,
    );
  });
});
