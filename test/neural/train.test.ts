import { expect, test } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import type { TrainingStep } from '../../src/core/model-card.js';
import { trainSeq2Seq, type Batch, type TrainSeq2SeqOptions } from '../../src/neural/train.js';

const NETWORK = {
  encoderSteps: 6,
  decoderSteps: 4,
  encoderFeatures: 2,
  decoderFeatures: 2,
  units: 16,
  layers: 1,
  headUnits: 8,
  outputs: 1,
  dropout: 0.1,
  attention: true,
  bidirectionalEncoder: false,
  bidirectionalDecoder: true,
  normalisation: 'none' as const,
};

/** The target is the encoder's last value plus the decoder's first feature. */
function fillToyBatch(step: number, batch: Batch): void {
  const random = createRandom('toy', step);
  for (let i = 0; i < batch.encoder.length; i++) batch.encoder[i] = random.normal();
  for (let i = 0; i < batch.decoder.length; i++) batch.decoder[i] = random.normal();
  for (let i = 0; i < batch.target.length; i++) {
    const row = Math.floor(i / 4);
    batch.target[i] = (batch.encoder[row * 12 + 10] ?? 0) + (batch.decoder[i * 2] ?? 0);
  }
}

const OPTIONS: TrainSeq2SeqOptions = {
  network: NETWORK,
  levels: [0.5],
  steps: 6,
  learningRate: 0.01,
  warmupShare: 0.1,
  batchRows: 64,
  clipNorm: 1,
  seed: 1,
  threads: 1,
  fillBatch: fillToyBatch,
  validation: null,
};

function emptyBatch(rows: number): Batch {
  return {
    encoder: new Float32Array(rows * 12),
    decoder: new Float32Array(rows * 8),
    target: new Float32Array(rows * 4),
  };
}

test('one, two and four threads give the same bytes; another seed does not', async () => {
  const [one, two, four, other] = await Promise.all([
    trainSeq2Seq(OPTIONS),
    trainSeq2Seq({ ...OPTIONS, threads: 2 }),
    trainSeq2Seq({ ...OPTIONS, threads: 4 }),
    trainSeq2Seq({ ...OPTIONS, seed: 2 }),
  ]);
  expect(two.parameters).toEqual(one.parameters);
  expect(four.parameters).toEqual(one.parameters);
  expect(four.curve).toEqual(one.curve);
  expect(other.parameters).not.toEqual(one.parameters);
});

test('training learns a toy task, stops early and keeps the best validation', async () => {
  const validation = emptyBatch(40);
  fillToyBatch(-1, validation);
  const steps: TrainingStep[] = [];
  const { parameters, curve, bestStep } = await trainSeq2Seq({
    ...OPTIONS,
    threads: 2,
    steps: 120,
    validation: { batch: validation, rows: 40, every: 20, patience: 3 },
    onStep: (step) => steps.push(step),
  });
  const losses = curve.points.flatMap((point) => point.validationLoss ?? []);
  const best = Math.min(...losses);
  expect(best).toBeLessThan(0.25 * (steps[0]?.loss ?? 0));
  expect(curve.points.find((point) => point.validationLoss === best)?.step).toBe(bestStep);
  expect(parameters.every(Number.isFinite)).toBe(true);
  expect(steps.map((step) => step.step)).toEqual(steps.map((_, i) => i + 1));

  // a warm start continues from there, and stops when validation no longer gains
  const again = await trainSeq2Seq({
    ...OPTIONS,
    steps: 30,
    learningRate: 0.5,
    initial: parameters,
    validation: { batch: validation, rows: 40, every: 1, patience: 2 },
  });
  expect(again.curve.points.length).toBeLessThan(30);
  expect(again.curve.points.at(-1)?.step).toBe((again.bestStep ?? 0) + 2);
});

test('a NaN target counts for nothing', async () => {
  const masked = lossOf((step, batch) => {
    fillToyBatch(step, batch);
    batch.target.fill(NaN, 8);
  });
  const repeated = lossOf((step, batch) => {
    fillToyBatch(step, batch);
    // the same two rows over and over: the mean is that of two rows
    for (let row = 2; row < 64; row++) {
      batch.encoder.copyWithin(row * 12, (row % 2) * 12, (row % 2) * 12 + 12);
      batch.decoder.copyWithin(row * 8, (row % 2) * 8, (row % 2) * 8 + 8);
      batch.target.copyWithin(row * 4, (row % 2) * 4, (row % 2) * 4 + 4);
    }
  });
  expect(await masked).toBeCloseTo(await repeated, 5);
  await expect(lossOf((_, batch) => batch.target.fill(NaN))).rejects.toThrow('has no target');
});

test('a loss that is not finite is DIVERGED and names step and rate', async () => {
  const training = trainSeq2Seq({
    ...OPTIONS,
    fillBatch: (step, batch) => {
      fillToyBatch(step, batch);
      if (step === 2) batch.encoder[5] = Infinity;
    },
  });
  await expect(training).rejects.toMatchObject({
    code: 'DIVERGED',
    message: expect.stringMatching(/step 2 with learning rate 0\.00/),
  });
});

test('training can be cancelled and never blocks the event loop', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  let done = 0;
  const training = trainSeq2Seq({
    ...OPTIONS,
    steps: 1000,
    onStep: ({ step }) => {
      done = step;
    },
    shouldStop: () => done === 5,
  });
  await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
  clearInterval(timer);
  expect(done).toBe(5);
  expect(ticks).toBeGreaterThan(5);
});

test('options that do not fit are refused before a worker starts', async () => {
  await expect(trainSeq2Seq({ ...OPTIONS, levels: [0.1, 0.9] })).rejects.toThrow(
    '2 pinball levels do not fit 1 network outputs.',
  );
  await expect(trainSeq2Seq({ ...OPTIONS, threads: 0 })).rejects.toThrow('threads');
  await expect(trainSeq2Seq({ ...OPTIONS, learningRate: NaN })).rejects.toThrow('learningRate');
  await expect(trainSeq2Seq({ ...OPTIONS, initial: new Float32Array(2) })).rejects.toThrow(
    'The warm start has 2 parameters',
  );
});

/** Loss of one step without dropout. */
async function lossOf(fillBatch: TrainSeq2SeqOptions['fillBatch']): Promise<number> {
  const network = { ...NETWORK, dropout: 0 };
  const { curve } = await trainSeq2Seq({ ...OPTIONS, network, steps: 1, fillBatch });
  return curve.points[0]?.loss ?? NaN;
}
