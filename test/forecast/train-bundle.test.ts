import { describe, expect, it } from 'vitest';
import type { CheckpointSlot } from '../../src/core/checkpoint-slot.js';
import { LoadcastError } from '../../src/core/errors.js';
import { endMs, valueAt } from '../../src/core/hourly.js';
import { dayMs, hourMs, localClock } from '../../src/core/time.js';
import { dailyOrigins, historyBefore } from '../../src/forecast/split-run.js';
import { trainBundle, type TrainOptions } from '../../src/forecast/train-bundle.js';
import { actualWeather } from '../../src/forecast/weather.js';
import type { FitOptions, Member } from '../../src/models/member.js';
import { naiveMember } from '../../src/models/naive/naive.js';
import { present } from '../core/present.js';
import { changed, sampleHistory } from './sample-history.js';
import { fittedMember, recentDaysMember } from './sample-members.js';

const history = sampleHistory(140);
const startMs = history.load.startMs;

function train(members: readonly Member[], changes: Partial<TrainOptions> = {}) {
  return trainBundle({
    seriesId: 'sample',
    history,
    members,
    seed: 1,
    threads: 1,
    trainedAtMs: 7,
    issueTimes: ['00:00'],
    loadDelayHours: 0,
    temperatureSource: 'actual',
    weather: actualWeather(history.temperature),
    ...changes,
  });
}

/** Writes down every fit, and how many of its models are still alive. */
function recorder(): { member: Member; fits: FitRecord[]; alive: () => number } {
  const fits: FitRecord[] = [];
  let alive = 0;
  const member: Member = {
    ...recentDaysMember,
    name: 'recorder',
    fit: (table, options) => {
      fits.push({ rows: table.originIndex, options });
      alive++;
      return Promise.resolve({
        ...fittedMember('recorder', (lead, row) =>
          present(row.loadMw[row.originIndex - 168 + lead]),
        ),
        steps: options.validationStart === null ? null : 123,
        dispose: () => {
          alive--;
        },
      });
    },
  };
  return { member, fits, alive: () => alive };
}

interface FitRecord {
  readonly rows: number;
  readonly options: FitOptions;
}

/** Naive and a better member on the whole history. */
const bundle = await train([naiveMember, recentDaysMember]);

describe('trainBundle', () => {
  it('splits 7:2:1 at local midnights, then fits again on everything for the steps it found', async () => {
    const { member, fits, alive } = recorder();
    const phases: string[] = [];
    const made = await train([member], { onPhase: (phase) => phases.push(phase) });
    expect(phases).toEqual(['split run', 'out-of-sample forecasts', 'serving fit']);
    expect(fits.length).toBe(2);
    // 140 days: validation from day 98, test from day 126; the last tenth is in no fit of the split run.
    expect(fits[0]?.options.validationStart).toBe(98 * 24 - 1); // an hour lost in March
    expect(fits[0]?.rows).toBe(126 * 24 - 1);
    expect(fits[0]?.options.steps).toBeNull();
    expect(fits[1]?.rows).toBe(140 * 24);
    expect(fits[1]?.options.validationStart).toBeNull();
    expect(fits[1]?.options.steps).toBe(123);
    expect(alive()).toBe(1); // the serving model alone
    const { card } = made;
    expect(localClock(present(card.validationStartMs), 'Europe/Paris')).toBe('2023-04-10 00:00');
    expect(localClock(present(card.testStartMs), 'Europe/Paris')).toBe('2023-05-08 00:00');
    expect(card.endMs).toBe(endMs(history.load));
    expect(card.firstHourMs).toBe(startMs);
  });

  it('keeps a forecast of each local midnight from validation on, whole within the history', () => {
    const origins = bundle.past.map((forecast) => forecast.issuedAtMs);
    expect(origins[0]).toBe(bundle.card.validationStartMs);
    expect(origins.map((atMs) => localClock(atMs, 'Europe/Paris').slice(11))).toEqual(
      origins.map(() => '00:00'),
    );
    expect(present(origins.at(-1)) + 72 * hourMs).toBeLessThanOrEqual(endMs(history.load));
    expect(present(origins.at(-1)) + 96 * hourMs).toBeGreaterThan(endMs(history.load));
    for (const forecast of bundle.past) expect(forecast.blendMw.every(Number.isFinite)).toBe(true);
  });

  it('blends each of them by what had ended before it', async () => {
    const first = present(bundle.past[0]);
    // Nothing scored yet: the prior, which gives naive nothing.
    expect(first.blendMw).toEqual(first.memberMw['recent-days']);
    // Loads from an origin on change no forecast up to it, and all that learn from them after it.
    const { issuedAtMs } = present(bundle.past[20]);
    const altered = changed(history, {
      loadMw: (load, atMs) => (atMs >= issuedAtMs ? load * 1.1 : load),
    });
    const other = await train([naiveMember, recentDaysMember], { history: altered });
    expect(other.past.slice(0, 21)).toEqual(bundle.past.slice(0, 21));
    expect(other.past[21]).not.toEqual(bundle.past[21]);
  });

  it('gives the card figures of the last tenth alone, beside naive', () => {
    const { card } = bundle;
    const tested = bundle.past.filter(
      (forecast) => forecast.issuedAtMs >= present(card.testStartMs),
    );
    let sum = 0;
    for (const forecast of tested)
      for (const [lead, mw] of forecast.blendMw.entries())
        sum += Math.abs(mw - valueAt(history.load, forecast.issuedAtMs + lead * hourMs));
    expect(card.test?.all.n).toBe(tested.length * 72);
    expect(card.test?.all.mae).toBeCloseTo(sum / (tested.length * 72), 9);
    expect(card.test?.day3.n).toBe(tested.length * 24);
    expect(card.testNaive).toEqual(card.members[0]?.test);
  });

  it('fits once where the history is short', async () => {
    const { member, fits } = recorder();
    const made = await train([member], {
      history: historyBefore(history, startMs + 100 * dayMs),
    });
    expect(fits.length).toBe(1);
    expect(made.past).toEqual([]);
    expect(made.card.test).toBeNull();
    expect(made.card.validationStartMs).toBeNull();
  });

  it('starts only the serving fit from the previous model: it has seen what the split run is tested on', async () => {
    const { member, fits } = recorder();
    const warmStart = [naiveMember.name, 'recorder'].map((name) => ({
      name,
      manifest: {},
      weights: new Uint8Array(0),
    }));
    await train([member], { warmStart });
    expect(fits.map(({ options }) => options.previous)).toEqual([undefined, warmStart[1]]);
  });

  it('keeps the checkpoints of its two fits apart', async () => {
    const { member, fits } = recorder();
    const slot = { load: () => Promise.resolve(null), save: () => Promise.resolve() };
    const asked: string[] = [];
    const checkpoints = (name: string): CheckpointSlot => {
      asked.push(name);
      return slot;
    };
    await train([member], { checkpoints });
    for (const { options } of fits) options.checkpoints?.('recorder-seed-1');
    expect(asked).toEqual(['split-recorder-seed-1', 'serving-recorder-seed-1']);
  });

  it('names a member that cannot be fitted, and goes on', async () => {
    const failing: Member = {
      ...naiveMember,
      name: 'failing',
      fit: () => Promise.reject(new LoadcastError('DIVERGED', 'the loss grew to NaN')),
    };
    const made = await train([failing, naiveMember]);
    expect(made.fitted.map((member) => member.name)).toEqual(['naive']);
    expect(made.card.members[0]?.notFitted).toBe('the loss grew to NaN');
    expect(made.card.members[0]?.version).toMatch(/^failing-/);
    expect(made.card.members[1]?.notFitted).toBeNull();
  });

  it('ends at once when it is told to, and frees what it had fitted', async () => {
    const { member, alive } = recorder();
    const cancelled: Member = {
      ...naiveMember,
      name: 'cancelled',
      fit: () => Promise.reject(new LoadcastError('CANCELLED', 'stopped')),
    };
    await expect(train([member, cancelled])).rejects.toThrow('stopped');
    expect(alive()).toBe(0);
  });

  it('gives the same bundle again', async () => {
    const again = await train([naiveMember, recentDaysMember]);
    expect(again.past).toEqual(bundle.past);
    expect(again.card).toEqual(bundle.card);
  });
});

describe('dailyOrigins', () => {
  it('are local clock times whose 72 hours lie in the range, ascending', () => {
    const from = Date.parse('2023-03-23T23:00:00Z');
    const until = Date.parse('2023-03-31T22:00:00Z');
    const origins = dailyOrigins('Europe/Paris', from, until, ['09:00', '00:00']);
    expect(origins.map((atMs) => localClock(atMs, 'Europe/Paris'))).toEqual([
      '2023-03-24 00:00',
      '2023-03-24 09:00',
      '2023-03-25 00:00',
      '2023-03-25 09:00',
      '2023-03-26 00:00',
      '2023-03-26 09:00',
      '2023-03-27 00:00',
      '2023-03-27 09:00',
      '2023-03-28 00:00',
      '2023-03-28 09:00',
      '2023-03-29 00:00',
    ]);
  });

  it('are none where 72 hours do not fit', () => {
    expect(dailyOrigins('UTC', 0, 71 * hourMs, ['00:00'])).toEqual([]);
    expect(dailyOrigins('UTC', 0, 72 * hourMs, ['00:00'])).toEqual([0]);
  });

  it('lie on the hour grid they start from', () => {
    const from = Date.parse('2023-01-01T18:30:00Z');
    const origins = dailyOrigins('Asia/Kolkata', from, from + 5 * dayMs, ['00:00']);
    expect(origins).toEqual([from, from + dayMs, from + 2 * dayMs]);
  });
});
