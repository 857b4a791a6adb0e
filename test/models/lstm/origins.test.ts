import { expect, test } from 'vitest';
import { hourMs } from '../../../src/core/time.js';
import { buildFeatureTable } from '../../../src/features/build-feature-table.js';
import { inputNoise } from '../../../src/models/lstm/augmentation.js';
import {
  emptyBatch,
  fillSample,
  fitScaler,
  lstmColumns,
  type LstmColumns,
} from '../../../src/models/lstm/inputs.js';
import { originSampler, trainingOrigins } from '../../../src/models/lstm/origins.js';
import { defaultRecipe } from '../../../src/models/lstm/recipe.js';
import { createRandom } from '../../../src/core/random.js';
import type { FeatureTable } from '../../../src/features/feature-table.js';
import type { Batch } from '../../../src/neural/train.js';
import { sampleHistory } from '../../forecast/sample-history.js';

const history = sampleHistory(30);
const endMs = history.load.startMs + 30 * 24 * hourMs;
const table = buildFeatureTable({ history, issuedAtMs: endMs, endMs });
const scaler = fitScaler(table, table.length);
const columns = lstmColumns(table, scaler, true);
const origins = trainingOrigins(defaultRecipe, table.length, 72);

test('origins are all hours with a week of lags before the encoder and a horizon after', () => {
  expect([origins[0], origins.at(-1)]).toEqual([408, 720 - 72 - 1]);
  expect(trainingOrigins({ ...defaultRecipe, memoryYears: 100 / 8766 }, 720, 72)).toHaveLength(100);
  expect(trainingOrigins(defaultRecipe, 400, 72)).toHaveLength(0);
});

/** First logged load of each sample: tells the origin, as the loads of the sample are all different. */
function originsOf(batch: Batch): number[] {
  const samples = batch.target.length / 72;
  return Array.from({ length: samples }, (_, sample) => {
    const first = batch.encoder[sample * 168 * 8];
    return columns.logLoad.indexOf(first ?? NaN) + 168;
  });
}

test('each epoch draws every origin once, in an order of its own', () => {
  const fill = originSampler(columns, origins, table.length, 7);
  const batch = emptyBatch(columns, 60);
  // 240 origins: four steps an epoch
  const epoch = (first: number): number[] =>
    [0, 1, 2, 3].flatMap((step) => {
      fill(first + step, batch);
      return originsOf(batch);
    });
  expect(origins).toHaveLength(240);
  const [one, two] = [epoch(0), epoch(4)];
  expect(one.toSorted((a, b) => a - b)).toEqual([...origins]);
  expect(two.toSorted((a, b) => a - b)).toEqual([...origins]);
  expect(two).not.toEqual(one);
});

test('the batch of a step depends on seed and step alone, whatever was asked before', () => {
  const a = emptyBatch(columns, 64);
  const b = emptyBatch(columns, 64);
  const c = emptyBatch(columns, 64);
  const inOrder = originSampler(columns, origins, table.length, 7);
  for (let step = 0; step <= 11; step++) inOrder(step, a);
  const atOnce = originSampler(columns, origins, table.length, 7);
  atOnce(30, b);
  atOnce(11, b);
  expect(b).toEqual(a);
  originSampler(columns, origins, table.length, 8)(11, c);
  expect(c).not.toEqual(a);
});

test('the noise of each input is what noise on every hour of load and temperature makes of it', () => {
  const noise = inputNoise(0.3, 0.2, true);
  const random = createRandom('noise on the hours');
  const original = sampleOf(columns);
  const draws = 400;
  const squares = { encoder: new Float64Array(8), decoder: new Float64Array(29) };
  for (let draw = 0; draw < draws; draw++) {
    const noisy = sampleOf(noisyColumns(() => random.normal()));
    for (const part of ['encoder', 'decoder'] as const) {
      const features = squares[part].length;
      // the last hour of the encoder, the last of the horizon
      const at = original[part].length - features;
      for (let i = 0; i < features; i++)
        squares[part][i]! +=
          ((noisy[part][at + i] ?? NaN) - (original[part][at + i] ?? NaN)) ** 2 / draws;
    }
  }
  const off = (['encoder', 'decoder'] as const).flatMap((part) =>
    Array.from(squares[part], (square, i) => {
      const [found, wanted] = [Math.sqrt(square), noise?.[part][i] ?? NaN];
      return wanted === 0 ? found : Math.abs(found / wanted - 1);
    }),
  );
  expect(Math.max(...off)).toBeLessThan(0.15);
  expect([noise?.encoder.length, noise?.decoder.length]).toEqual([8, 29]);
});

test('without temperature only the load gets noise, and 0 is none', () => {
  const noise = inputNoise(0.3, 0.2, false);
  expect([noise?.encoder.length, noise?.decoder.length]).toEqual([5, 24]);
  expect(noise?.encoder).toEqual([0.3, 0, 0, 0, 0]);
  expect(inputNoise(0, 0, true)).toBeNull();
});

/** Columns of a table with noise on each hour: 0.3 z-scores of log load, 0.2 of temperature. */
function noisyColumns(normal: () => number): LstmColumns {
  const celsius = table.temperatureC.map(
    (value) => value + 0.2 * scaler.temperatureDeviation * normal(),
  );
  const trailing = (hours: number): Float64Array =>
    celsius.map((_, row) => {
      const window = celsius.subarray(Math.max(0, row - hours + 1), row + 1);
      return window.reduce((sum, value) => sum + value, 0) / window.length;
    });
  const noisy: FeatureTable = {
    ...table,
    loadMw: table.loadMw.map((mw) => mw * Math.exp(0.3 * scaler.logLoadDeviation * normal())),
    temperatureC: celsius,
    temperature24hC: trailing(24),
    temperature72hC: trailing(72),
  };
  return lstmColumns(noisy, scaler, true);
}

function sampleOf(of: LstmColumns): Batch {
  const batch = emptyBatch(of, 1);
  fillSample(of, 600, 0, batch, table.length);
  return batch;
}
