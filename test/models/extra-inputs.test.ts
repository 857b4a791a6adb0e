import { describe, expect, it } from 'vitest';
import type { History } from '../../src/core/history.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import type { FeatureTable } from '../../src/features/feature-table.js';
import { lstmFeatureNames } from '../../src/models/lstm/feature-names.js';
import { addedIn, fitScaler, lstmColumns } from '../../src/models/lstm/inputs.js';
import { lstmMember } from '../../src/models/lstm/lstm.js';
import { prophetMember } from '../../src/models/prophet/prophet.js';
import { changed, sampleHistory } from '../forecast/sample-history.js';

const startMs = Date.parse('2023-01-01T23:00:00Z');
const originDay = 63;
const hours = (originDay + 3) * 24;
const issuedAtMs = startMs + originDay * dayMs;

/** Sunny days and dull ones in no order, at daytime. */
const sunny = [1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1];
const sun = Float64Array.from({ length: hours }, (_, hour) => {
  const day = Math.floor(hour / 24);
  const isDay = hour % 24 >= 8 && hour % 24 < 16;
  return isDay ? 100 + 700 * (sunny[day % sunny.length] ?? 0) : 0;
});

/** Photovoltaics behind the meter take a twentieth of the sun off the load. */
function historyWith(...names: readonly string[]): History {
  const history = changed(sampleHistory(originDay + 3, undefined, startMs), {
    loadMw: (mw, instantMs) => mw - 0.05 * sun[Math.round((instantMs - startMs) / hourMs)]!,
  });
  const columns = { sun, level: sun.map(() => 500) };
  const extras = names.map((name) => ({
    name,
    hourly: { startMs, values: name === 'sun' ? columns.sun : columns.level },
  }));
  return { ...history, extras };
}

function tableOf(history: History): FeatureTable {
  return buildFeatureTable({ history, issuedAtMs, endMs: issuedAtMs + 72 * hourMs });
}

const fit = { seed: 1, threads: 1, validationStart: null, steps: null };

describe('extra inputs of the LSTM', () => {
  const table = tableOf(historyWith('level', 'sun'));
  const rows = originDay * 24;

  it('are z-scores of the columns that change, known in the past and in the horizon', () => {
    const added = addedIn(table, rows);
    expect(added).toEqual({ listed: [], extras: ['sun'] });
    const scaler = fitScaler(table, rows, null, added.extras);
    const columns = lstmColumns(table, scaler, true, added);
    const names = lstmFeatureNames(true, added);
    const [scale] = scaler.extras ?? [];
    const mean = sun.subarray(0, rows).reduce((sum, value) => sum + value, 0) / rows;
    expect(scale?.mean).toBeCloseTo(mean, 9);
    const noon = rows + 24 + 12;
    const z = Math.fround((sun[noon]! - mean) / (scale?.deviation ?? 0));
    const { encoder, encoderFeatures, known, knownFeatures } = columns;
    expect(encoder[noon * encoderFeatures + names.encoder.indexOf('extra:sun')]).toBe(z);
    expect(known[noon * knownFeatures + names.decoder.indexOf('extra:sun')]).toBe(z);
    expect([encoderFeatures, knownFeatures]).toEqual([9, 19]);
  });

  it('beyond six deviations are cut off', () => {
    const added = addedIn(table, rows);
    const tame = { ...fitScaler(table, rows), extras: [{ name: 'sun', mean: 0, deviation: 1 }] };
    const columns = lstmColumns(table, tame, true, added);
    const at = lstmFeatureNames(true, added).encoder.indexOf('extra:sun');
    const scores = Array.from({ length: 24 }, (_, row) => columns.encoder[row * 9 + at]);
    expect(new Set(scores)).toEqual(new Set([0, 6]));
  });

  it('are remembered, and asked for when they are missing', async () => {
    const trained = await lstmMember.fit(table, { ...fit, steps: 2 });
    expect(trained.facts['extra inputs']).toBe('sun');
    const saved = trained.save();
    const restored = await lstmMember.restore(saved);
    expect(restored.predict(table).pointMw).toEqual(trained.predict(table).pointMw);
    const without = tableOf(historyWith());
    expect(() => restored.predict(without)).toThrow(
      'The LSTM was trained with "sun" and has none now; supply it, or train without.',
    );
    const warm = await lstmMember.fit(without, { ...fit, steps: 2, previous: saved });
    expect(warm.facts['warm start']).toBe('no: the previous model reads other extra inputs');
    for (const member of [trained, restored, warm]) member.dispose();
  });
});

describe('extra inputs of Prophet', () => {
  it('explain what the sun of the horizon takes off the load', async () => {
    const error = (pointMw: Float64Array) => {
      const actual = historyWith().load.values.subarray(originDay * 24);
      return actual.reduce((sum, mw, hour) => sum + Math.abs(mw - pointMw[hour]!), 0) / 72;
    };
    const withSun = tableOf(historyWith('sun'));
    const fitted = await prophetMember.fit(withSun, fit);
    const blind = await prophetMember.fit(tableOf(historyWith()), fit);
    const seen = error(fitted.predict(withSun).pointMw);
    expect(seen).toBeLessThan(0.5 * error(blind.predict(withSun).pointMw));
    expect(() => fitted.predict(tableOf(historyWith()))).toThrow(
      'Prophet was trained with "sun" and has none now; supply it, or train without.',
    );
  });
});
