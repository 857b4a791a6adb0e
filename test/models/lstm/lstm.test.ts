import { beforeAll, describe, expect, test } from 'vitest';
import { InsufficientHistoryError, LoadcastError } from '../../../src/core/errors.js';
import { hourMs } from '../../../src/core/time.js';
import { buildFeatureTable } from '../../../src/features/build-feature-table.js';
import type { FeatureTable } from '../../../src/features/feature-table.js';
import { lstmFeatureNames } from '../../../src/models/lstm/feature-names.js';
import { lstmMember } from '../../../src/models/lstm/lstm.js';
import { defaultRecipe, recipeSteps } from '../../../src/models/lstm/recipe.js';
import type { FitOptions, FittedMember, SavedMember } from '../../../src/models/member.js';
import { victoriaHistory } from '../../forecast/sample-history.js';

const history = victoriaHistory();
const { startMs } = history.load;
const weeks = 9;
const issuedAtMs = startMs + weeks * 7 * 24 * hourMs;

/** Rows up to the issue time, and the horizon where one is asked for. */
function table(horizonHours: number, fromMs = startMs): FeatureTable {
  return buildFeatureTable({
    history,
    issuedAtMs,
    startMs: fromMs,
    endMs: issuedAtMs + horizonHours * hourMs,
  });
}

const options: FitOptions = { seed: 1, threads: 2, validationStart: null, steps: 2 };

describe('LSTM member', () => {
  let fitted: FittedMember;
  let saved: SavedMember;
  beforeAll(async () => {
    fitted = await lstmMember.fit(table(0), options);
    saved = fitted.save();
  });

  test('forecasts a plausible load for each hour of the horizon, the same each time', () => {
    const { pointMw } = fitted.predict(table(72));
    expect(pointMw).toHaveLength(72);
    expect(pointMw.every((mw) => mw > 2_000 && mw < 12_000)).toBe(true);
    expect(fitted.predict(table(72)).pointMw).toEqual(pointMw);
    expect(fitted.facts).toMatchObject({ units: 32, seeds: 2, 'training steps': 2 });
    expect(fitted.curves).toHaveLength(2);
  });

  test('reads the last 336 hours and no more', () => {
    const short = table(72, issuedAtMs - lstmMember.contextHours * hourMs);
    // Only the means of temperature and the first lags could reach further back.
    const far = fitted.predict(table(72, issuedAtMs - 500 * hourMs)).pointMw;
    expect(fitted.predict(short).pointMw).toEqual(far);
  });

  test('restored from what was saved it forecasts the same bytes, from a Buffer too', async () => {
    const stored = { ...saved, manifest: JSON.parse(JSON.stringify(saved.manifest)) };
    for (const weights of [saved.weights, Buffer.concat([saved.weights])]) {
      const restored = await lstmMember.restore({ ...stored, weights });
      expect(restored.predict(table(72)).pointMw).toEqual(fitted.predict(table(72)).pointMw);
      expect(restored.save().weights).toEqual(saved.weights);
      restored.dispose();
    }
  });

  test('the same seed gives the same bytes on one thread and on four', async () => {
    const steps: number[] = [];
    const one = await lstmMember.fit(table(0), {
      ...options,
      threads: 1,
      onStep: ({ step }) => steps.push(step),
    });
    expect(steps).toEqual([1, 2]);
    expect(one.save()).toEqual(saved);
    one.dispose();
    const four = await lstmMember.fit(table(0), { ...options, threads: 4 });
    expect(four.save().weights).toEqual(saved.weights);
    four.dispose();
  });

  test('what is saved tells its network, scaler, inputs by name, levels, span and seeds', () => {
    const manifest = JSON.parse(JSON.stringify(saved.manifest));
    expect(manifest).toMatchObject({
      network: { encoderFeatures: 8, decoderFeatures: 29, units: 32, outputs: 7 },
      features: lstmFeatureNames(true),
      levels: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95],
      trainingSpan: { firstHourMs: startMs, endMs: issuedAtMs },
      seeds: [1000, 1001],
    });
    expect(manifest.scaler.logLoadDeviation).toBeGreaterThan(0);
  });

  test('a model of before inputs, levels and span were named is restored with the usual ones', async () => {
    const { features, levels, trainingSpan, ...older } = Object(saved.manifest);
    expect([features, levels, trainingSpan]).not.toContain(undefined);
    const restored = await lstmMember.restore({ ...saved, manifest: older });
    expect(restored.predict(table(72)).pointMw).toEqual(fitted.predict(table(72)).pointMw);
    expect(restored.save().manifest).toEqual({
      ...Object(saved.manifest),
      trainingSpan: null,
    });
    restored.dispose();
  });

  test('the two seeds are two networks', () => {
    const half = saved.weights.byteLength / 2;
    expect(saved.weights.subarray(0, half)).not.toEqual(saved.weights.subarray(half));
  });

  test.each<[string, (member: SavedMember) => SavedMember, RegExp]>([
    ['no manifest', (member) => ({ ...member, manifest: null }), /manifest cannot be read/],
    [
      'an unknown key',
      (member) => ({ ...member, manifest: { ...Object(member.manifest), extra: 1 } }),
      /extra/,
    ],
    [
      'another network than the weights are of',
      (member) => ({
        ...member,
        manifest: {
          ...Object(member.manifest),
          network: { ...Object(member.manifest).network, units: 16 },
        },
      }),
      /weights have \d+ bytes, 2 seeds of \d+ numbers need \d+; retrain/,
    ],
    [
      'a byte too few',
      (member) => ({ ...member, weights: member.weights.subarray(1) }),
      /weights have \d+ bytes/,
    ],
    [
      'an input that this version does not know',
      (member) => withFeature(member, 'encoder', 1, 'humidity'),
      /has humidity as input 2 of its encoder, this version temperatureZ; retrain/,
    ],
    [
      'two inputs in another order',
      (member) =>
        withFeature(withFeature(member, 'decoder', 3, 'hourCos'), 'decoder', 4, 'hourSin'),
      /has hourCos as input 4 of its decoder, this version hourSin; retrain/,
    ],
    [
      'a network with more inputs than there are names',
      (member) => ({
        ...member,
        manifest: {
          ...Object(member.manifest),
          network: { ...Object(member.manifest).network, encoderFeatures: 9 },
        },
      }),
      /names 8 inputs of its encoder, the network has 9; retrain/,
    ],
    ['no weights', (member) => ({ ...member, weights: new Uint8Array(0) }), /weights have 0 bytes/],
  ])('%s is a damaged model', async (_, damage, message) => {
    const error = await lstmMember.restore(damage(saved)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LoadcastError);
    expect(error).toMatchObject({ code: 'DAMAGED_MODEL' });
    expect(String(error)).toMatch(message);
  });

  test('trained with temperature it refuses a table without, in words', () => {
    const without = {
      ...history,
      temperature: { startMs, values: new Float64Array(0) },
    };
    const bare = buildFeatureTable({
      history: without,
      issuedAtMs,
      startMs,
      endMs: issuedAtMs + 72 * hourMs,
    });
    expect(() => fitted.predict(bare)).toThrow(/trained with temperature and has none now/);
  });

  test('a training that is asked to stop ends with CANCELLED', async () => {
    const stopped = lstmMember.fit(table(0), { ...options, shouldStop: () => true });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('too little history is refused with both numbers', async () => {
    const short = buildFeatureTable({
      history,
      issuedAtMs: startMs + 1000 * hourMs,
      startMs,
      endMs: startMs + 1000 * hourMs,
    });
    const error = await lstmMember.fit(short, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InsufficientHistoryError);
    expect(String(error)).toContain('Need 1344 h of load history for the LSTM, have 1000 h');
  });
});

function withFeature(
  member: SavedMember,
  part: 'encoder' | 'decoder',
  at: number,
  name: string,
): SavedMember {
  const { features, ...rest } = Object(member.manifest);
  const changed: string[] = [...features[part]];
  changed[at] = name;
  return { ...member, manifest: { ...rest, features: { ...features, [part]: changed } } };
}

test('steps grow with the history, from 240 by 140 a year up to five years', () => {
  expect([0, 0.3, 1, 2, 5, 20].map((years) => recipeSteps(defaultRecipe, years * 8766))).toEqual([
    240, 282, 380, 520, 940, 940,
  ]);
});
