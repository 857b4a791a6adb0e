import { beforeAll, describe, expect, test } from 'vitest';
import { hourMs } from '../../../src/core/time.js';
import { buildFeatureTable } from '../../../src/features/build-feature-table.js';
import type { FeatureTable } from '../../../src/features/feature-table.js';
import { servingBase, trainingBase } from '../../../src/models/additive/base-rows.js';
import { fitAdditiveOnce } from '../../../src/models/additive/fit-additive.js';
import { lstmFeatureNames } from '../../../src/models/lstm/feature-names.js';
import { lstmMember, stackedLstmMember } from '../../../src/models/lstm/lstm.js';
import type { FitOptions, FittedMember, SavedMember } from '../../../src/models/member.js';
import { victoriaHistory } from '../../forecast/sample-history.js';

const history = victoriaHistory();
const { startMs } = history.load;
const fitHours = 12 * 7 * 24;
const options: FitOptions = { seed: 1, threads: 2, validationStart: null, steps: 2 };

function tableAt(originHours: number, horizon: number, context = originHours): FeatureTable {
  const issuedAtMs = startMs + originHours * hourMs;
  return buildFeatureTable({
    history,
    issuedAtMs,
    startMs: issuedAtMs - context * hourMs,
    endMs: issuedAtMs + horizon * hourMs,
  });
}

describe('what a network is stacked on', () => {
  const later = tableAt(fitHours + 300, 72);
  const cutHours = [9, 0];
  const fit = fitAdditiveOnce(later, fitHours, null, cutHours);
  const training = trainingBase(later, fitHours, fit);

  // Melbourne, so that the rows are no local hours: 30 and 57 lie between the cuts, 15 h apart
  test.each([30, 57, 96, 123])(
    'is the same for training and for a forecast, %i h after the fit',
    (hours) => {
      const origin = fitHours + hours;
      const serving = servingBase(fit.parameters, tableAt(origin, 72));
      for (let row = origin; row < origin + 72; row++)
        expect(serving.mwAt(origin, row) / training.mwAt(origin, row)).toBeCloseTo(1, 6);
    },
  );

  test('misses of the fit are those of folds that had not seen the hour, later ones are real', () => {
    const origin = fitHours + 96;
    const { misses } = servingBase(fit.parameters, tableAt(origin, 72));
    let [seen, unseen] = [0, 0];
    for (let row = fitHours - 70; row < fitHours; row++) {
      seen += Math.abs(misses[row]!);
      unseen += Math.abs(training.misses[row]!);
    }
    expect(unseen).toBeGreaterThan(1.05 * seen);
    expect(training.misses.every(Number.isFinite)).toBe(true);
  });

  test('is there for every origin and row from its first row on', () => {
    for (let origin = training.firstRow; origin < fitHours; origin += 37)
      for (const row of [origin, origin + 30, origin + 71])
        expect(training.mwAt(origin, row)).toBeGreaterThan(2000);
    expect(training.firstRow).toBeLessThan(40 * 24);
  });
});

describe('LSTM on the additive model', () => {
  const table = tableAt(fitHours + 33, 72);
  let fitted: FittedMember;
  let saved: SavedMember;
  beforeAll(async () => {
    fitted = await stackedLstmMember.fit(tableAt(fitHours, 0), options);
    saved = fitted.save();
  });

  test('forecasts a plausible load, with inputs that are named', () => {
    const { pointMw } = fitted.predict(table);
    expect(pointMw).toHaveLength(72);
    expect(pointMw.every((mw) => mw > 2_000 && mw < 12_000)).toBe(true);
    expect(saved).toMatchObject({
      name: 'lstm-stacked',
      manifest: {
        network: { encoderFeatures: 9, decoderFeatures: 35, attention: false },
        features: lstmFeatureNames(true, { listed: [], extras: [], isStacked: true }),
      },
    });
  });

  test('reads no more rows than it says', () => {
    const short = tableAt(fitHours + 33, 72, stackedLstmMember.contextHours);
    const { pointMw } = fitted.predict(table);
    for (const [lead, mw] of fitted.predict(short).pointMw.entries())
      expect(mw / pointMw[lead]!).toBeCloseTo(1, 4);
  });

  test('the same seed gives the same bytes on one thread', async () => {
    const again = await stackedLstmMember.fit(tableAt(fitHours, 0), { ...options, threads: 1 });
    expect(again.save()).toEqual(saved);
    again.dispose();
  });

  test('restored from what was saved it forecasts the same', async () => {
    const stored = { ...saved, manifest: JSON.parse(JSON.stringify(saved.manifest)) };
    for (const weights of [saved.weights, Buffer.concat([saved.weights])]) {
      const restored = await stackedLstmMember.restore({ ...stored, weights });
      expect(restored.predict(table).pointMw).toEqual(fitted.predict(table).pointMw);
      expect(restored.save().weights).toEqual(saved.weights);
      restored.dispose();
    }
  });

  test.each<[string, (member: SavedMember) => SavedMember]>([
    ['a byte too few', (member) => ({ ...member, weights: member.weights.subarray(1) })],
    [
      'an additive model that is none',
      (member) => ({
        ...member,
        manifest: {
          ...Object(member.manifest),
          base: { ...Object(member.manifest).base, manifest: {} },
        },
      }),
    ],
    [
      'a number that is none in the additive model',
      (member) => ({
        ...member,
        weights: Uint8Array.from(member.weights, (byte, i) =>
          i < member.weights.length - 8 ? byte : 0xff,
        ),
      }),
    ],
  ])('refuses %s', async (_, damaged) => {
    await expect(async () => stackedLstmMember.restore(damaged(saved))).rejects.toMatchObject({
      code: 'DAMAGED_MODEL',
    });
  });

  test('starts from an earlier one, and from no LSTM that stands alone', async () => {
    const warm = await stackedLstmMember.fit(tableAt(fitHours, 0), { ...options, previous: saved });
    expect(warm.facts['warm start']).toBe('from the previous model');
    warm.dispose();
    const alone = await lstmMember.fit(tableAt(fitHours, 0), options);
    const cold = await stackedLstmMember.fit(tableAt(fitHours, 0), {
      ...options,
      previous: alone.save(),
    });
    expect(cold.facts['warm start']).toMatch(/does not read what the additive model says/);
    for (const member of [alone, cold]) member.dispose();
  });

  test('says what temperature it lacks', () => {
    const bare = buildFeatureTable({
      history: {
        ...history,
        temperature: { startMs, values: history.temperature.values.map(() => Number.NaN) },
      },
      issuedAtMs: startMs + fitHours * hourMs,
      endMs: startMs + (fitHours + 72) * hourMs,
    });
    expect(() => fitted.predict(bare)).toThrow(/temperature/);
  });
});
