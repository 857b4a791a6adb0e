import { describe, expect, test } from 'vitest';
import { usualHorizonHours as horizonHours } from '../../src/core/horizon.js';
import type { History } from '../../src/core/history.js';
import { endMs, valueAt } from '../../src/core/hourly.js';
import {
  contains,
  hourMs,
  localClock,
  sameClockEarlier,
  type Interval,
} from '../../src/core/time.js';
import {
  crossValidate,
  type CrossValidationOptions,
  type FoldResult,
} from '../../src/evaluate/cross-validate.js';
import type { FeatureTable } from '../../src/features/feature-table.js';
import { actualWeather } from '../../src/forecast/weather.js';
import type { FitOptions, Member } from '../../src/models/member.js';
import { naiveMember } from '../../src/models/naive/naive.js';
import { changed, sampleHistory } from '../forecast/sample-history.js';
import { recentDaysMember } from '../forecast/sample-members.js';

/** From 1 February, over the day of 23 hours, 26 March 2023. */
const history = sampleHistory(90, undefined, Date.parse('2023-01-31T23:00:00Z'));
const zone = 'Europe/Paris';

function options(
  scheme: 'rolling' | 'blocked',
  changes: Partial<CrossValidationOptions> = {},
): CrossValidationOptions {
  return {
    history,
    scheme,
    folds: 3,
    windowDays: null,
    members: [naiveMember],
    seed: 1,
    threads: 1,
    loadDelayHours: 0,
    weather: actualWeather(history.temperature),
    ...changes,
  };
}

/** What each fit was given. */
interface Given {
  readonly table: FeatureTable;
  readonly excluded: FitOptions['excluded'];
}

/** A member that writes down what it is given to fit on, and forecasts as recent days were. */
function watching(given: Given[]): Member {
  return {
    ...recentDaysMember,
    fit(table, fitOptions) {
      given.push({ table, excluded: fitOptions.excluded });
      return recentDaysMember.fit(table, fitOptions);
    },
  };
}

async function fitsOf(
  changes: CrossValidationOptions,
): Promise<{ given: Given[]; folds: Interval[] }> {
  const given: Given[] = [];
  const { folds } = await crossValidate({ ...changes, members: [watching(given)] });
  return { given, folds: folds.map((fold) => fold.test) };
}

const raisedIn = (where: Interval): History =>
  changed(history, { loadMw: (mw, atMs) => (contains(where, atMs) ? 1.2 * mw : mw) });

describe.each(['rolling', 'blocked'] as const)('%s folds', (scheme) => {
  test('lie between local midnights and are scored one by one and together', async () => {
    const { folds, pooled, spread } = await crossValidate(options(scheme));
    expect(folds).toHaveLength(3);
    const clocks = folds.map((fold) => localClock(fold.test.startMs, zone).slice(11));
    expect(clocks).toEqual(['00:00', '00:00', '00:00']);
    const sum = (figure: (fold: FoldResult) => number): number =>
      folds.reduce((total, fold) => total + figure(fold), 0);
    const { naive } = pooled.members;
    expect(naive?.all.n).toBe(sum((fold) => fold.members['naive']?.all.n ?? NaN));
    expect(naive?.all.n).toBeLessThanOrEqual(pooled.forecasts * horizonHours);
    const mapes = folds.map((fold) => fold.members['naive']?.all.mape ?? NaN);
    expect(spread['naive']?.mean).toBeCloseTo(mapes.reduce((a, b) => a + b) / 3, 12);
    expect([spread['naive']?.least, spread['naive']?.most]).toEqual([
      Math.min(...mapes),
      Math.max(...mapes),
    ]);
    const [a = 0, b = 0, c = 0] = mapes;
    const pairs = ((a - b) ** 2 + (b - c) ** 2 + (a - c) ** 2) / 3;
    expect(spread['naive']?.deviation).toBeCloseTo(Math.sqrt(pairs / 2), 12);
    // with one member the blend is that member
    expect(pooled.blend).toEqual(naive);
  });
});

test('naive is off by what the load was a week before, at every midnight of a rolling fold', async () => {
  const { folds } = await crossValidate(options('rolling'));
  const lastMs = endMs(history.load) - horizonHours * hourMs;
  for (const { test: part, forecasts, members } of folds) {
    let [absolute, n, origins] = [0, 0, 0];
    for (let originMs = part.startMs; originMs < part.endMs; originMs += hourMs) {
      if (originMs > lastMs || localClock(originMs, zone).slice(11) !== '00:00') continue;
      origins++;
      for (let lead = 0; lead < horizonHours; lead++) {
        const atMs = originMs + lead * hourMs;
        const actual = valueAt(history.load, atMs);
        const before = valueAt(history.load, sameClockEarlier(atMs, zone, 7));
        absolute += Math.abs(before - actual) / actual;
        n++;
      }
    }
    expect(forecasts).toBe(origins);
    expect(members['naive']?.all).toMatchObject({ n });
    expect(members['naive']?.all.mape).toBeCloseTo((100 * absolute) / n, 8);
  }
});

describe('a rolling fit', () => {
  test('knows what lies before its test part, as far as it had arrived', async () => {
    const { given, folds } = await fitsOf(options('rolling', { loadDelayHours: 2 }));
    const ends = given.map(({ table }) => table.startMs + table.length * hourMs);
    expect(ends).toEqual(folds.map((fold) => fold.startMs - 2 * hourMs));
    expect(given.map(({ table }) => table.startMs)).toEqual(folds.map(() => history.load.startMs));
    expect(given.map(({ excluded }) => excluded)).toEqual([undefined, undefined, undefined]);
  });

  test('of a window knows so many days', async () => {
    const { given, folds } = await fitsOf(options('rolling', { windowDays: 12 }));
    const days = given.map(({ table }) => table.length / 24);
    expect(days.every((count) => count >= 12 && count <= 13)).toBe(true);
    expect(given.map(({ table }) => localClock(table.startMs, zone).slice(11))).toEqual(
      folds.map(() => '00:00'),
    );
  });

  test('and its forecasts do not change with what came later', async () => {
    const before = await crossValidate(options('rolling', { members: [recentDaysMember] }));
    const startMs = before.folds[2]?.test.startMs ?? NaN;
    const fromMs = startMs + horizonHours * hourMs;
    const later = changed(raisedIn({ startMs: fromMs, endMs: Infinity }), {
      temperatureC: (celsius, atMs) => (atMs >= fromMs + horizonHours * hourMs ? 40 : celsius),
    });
    const after = await crossValidate(
      options('rolling', { members: [recentDaysMember], history: later }),
    );
    expect(after.folds.slice(0, 2)).toEqual(before.folds.slice(0, 2));
    expect(after.folds[2]).not.toEqual(before.folds[2]);
  });
});

describe('a blocked fit', () => {
  test('is given the same, whatever the load of its block', async () => {
    const { given, folds } = await fitsOf(options('blocked'));
    for (const [index, block] of folds.entries()) {
      const other = await fitsOf(options('blocked', { history: raisedIn(block) }));
      expect(other.given[index]).toEqual(given[index]);
      // while the other fits see the change
      expect(other.given[(index + 1) % 3]).not.toEqual(given[(index + 1) % 3]);
    }
  });

  test('is told which rows are its block, and finds nothing measured there', async () => {
    const { given, folds } = await fitsOf(options('blocked'));
    const blocks = given.map(({ table, excluded = { from: NaN, to: NaN } }) => ({
      startMs: table.startMs + excluded.from * hourMs,
      endMs: table.startMs + excluded.to * hourMs,
    }));
    expect(blocks).toEqual(folds);
    expect(folds.at(-1)?.endMs).toBe(endMs(history.load));
    for (const { table, excluded } of given) {
      const block = table.loadImputed.slice(excluded?.from, excluded?.to);
      expect(block.every((one) => one === 1)).toBe(true);
    }
  });

  test('is asked only for horizons that end inside its block', async () => {
    const { folds } = await crossValidate(options('blocked'));
    for (const { test: block, forecasts, members } of folds) {
      const days = Math.round((block.endMs - block.startMs) / (24 * hourMs));
      expect(forecasts).toBe(days - 2);
      expect(members['naive']?.all.n).toBeLessThanOrEqual(forecasts * horizonHours);
    }
  });
});

test('a member that cannot be fitted is named, and the others are scored', async () => {
  const broken: Member = {
    ...naiveMember,
    name: 'broken',
    fit: () => Promise.reject(new Error('out of luck')),
  };
  const { folds, spread } = await crossValidate(
    options('blocked', { members: [broken, naiveMember] }),
  );
  expect(folds.map((fold) => fold.failures)).toEqual(folds.map(() => ({ broken: 'out of luck' })));
  expect(spread['broken']?.mean).toBeNaN();
  expect(spread['naive']?.mean).toBeGreaterThan(0);
});

test('too short a history is refused with both numbers', async () => {
  const patient: Member = { ...naiveMember, requiredHours: 2000 };
  const rolling = crossValidate(options('rolling', { members: [patient] }));
  await expect(rolling).rejects.toThrow(
    /Need 2375 h of load history for 3 rolling folds after 2000/,
  );
  const blocked = crossValidate(options('blocked', { members: [patient] }));
  await expect(blocked).rejects.toThrow(/Need 2385 h .* without one of 3 blocks, have 2160 h/);
});
