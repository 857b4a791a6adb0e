import { describe, expect, test } from 'vitest';
import type { TrainingStep } from '../../src/core/model-card.js';
import type { TrainingEvent } from '../../src/core/training-event.js';
import type { LossOptions } from '../../src/neural/losses.js';
import { trainSeq2Seq, type TrainSeq2SeqOptions } from '../../src/neural/train.js';
import { parameterLayout } from '../../src/neural/parameter-layout.js';
import { fillToyBatch, toyBatch, toyNetwork, toyOptions } from './toy-task.js';

test('one, two and four threads give the same bytes; another seed does not', async () => {
  const [one, two, four, other] = await Promise.all([
    trainSeq2Seq(toyOptions),
    trainSeq2Seq({ ...toyOptions, threads: 2 }),
    trainSeq2Seq({ ...toyOptions, threads: 4 }),
    trainSeq2Seq({ ...toyOptions, seed: 2 }),
  ]);
  expect(two.parameters).toEqual(one.parameters);
  expect(four.parameters).toEqual(one.parameters);
  expect(four.curve).toEqual(one.curve);
  expect(other.parameters).not.toEqual(one.parameters);
});

test('training learns a toy task, stops early and keeps the best validation', async () => {
  const validation = toyBatch(40, -1);
  const steps: TrainingStep[] = [];
  const { parameters, curve, bestStep } = await trainSeq2Seq({
    ...toyOptions,
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
    ...toyOptions,
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

test('a gradient that is not finite is tried again at half the rate, then DIVERGED by step and rate', async () => {
  const events: TrainingEvent[] = [];
  const training = trainSeq2Seq({
    ...toyOptions,
    fillBatch: (step, batch) => {
      fillToyBatch(step, batch);
      if (step === 2) batch.encoder[5] = Infinity;
    },
    schedule: { kind: 'constant' },
    onEvent: (event) => events.push(event),
  });
  await expect(training).rejects.toMatchObject({
    code: 'DIVERGED',
    message: expect.stringMatching(
      /step 3 with learning rate 0\.005, .*gradient norm NaN.*Use a smaller rate/,
    ),
  });
  const exploded = { kind: 'exploded', step: 3, gradientNorm: NaN };
  expect(events).toEqual([
    expect.objectContaining({ ...exploded, learningRate: 0.01, retryRate: 0.005 }),
    expect.objectContaining({ ...exploded, learningRate: 0.005, retryRate: null }),
  ]);
});

test('training can be cancelled and never blocks the event loop', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  let done = 0;
  const training = trainSeq2Seq({
    ...toyOptions,
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
  await expect(
    trainSeq2Seq({ ...toyOptions, loss: { kind: 'pinball', levels: [0.1, 0.9] } }),
  ).rejects.toThrow('2 pinball levels do not fit 1 network outputs.');
  await expect(trainSeq2Seq({ ...toyOptions, threads: 0 })).rejects.toThrow('threads');
  await expect(trainSeq2Seq({ ...toyOptions, learningRate: NaN })).rejects.toThrow('learningRate');
  await expect(trainSeq2Seq({ ...toyOptions, initial: new Float32Array(2) })).rejects.toThrow(
    'The warm start has 2 parameters',
  );
});

test('the next batch is filled before a step is done, in the other of two buffers', async () => {
  const order: string[] = [];
  const buffers = new Set<unknown>();
  await trainSeq2Seq({
    ...toyOptions,
    steps: 4,
    fillBatch: (step, batch) => {
      fillToyBatch(step, batch);
      buffers.add(batch.encoder.buffer);
      order.push(`fill ${step + 1}`);
    },
    onStep: ({ step }) => order.push(`step ${step}`),
  });
  expect(order).toEqual([
    'fill 1',
    'fill 2',
    'step 1',
    'fill 3',
    'step 2',
    'fill 4',
    'step 3',
    'step 4',
  ]);
  expect(buffers.size).toBe(2);
});

test('a batch that cannot be filled ends the training with its error', async () => {
  const training = trainSeq2Seq({
    ...toyOptions,
    fillBatch: (step, batch) => {
      if (step === 2) throw new RangeError('no third batch');
      fillToyBatch(step, batch);
    },
  });
  await expect(training).rejects.toThrow('no third batch');
});

test.each<LossOptions>([
  { kind: 'mse' },
  { kind: 'huber', delta: 0.5 },
  { kind: 'pinball', levels: [0.5] },
])('a training on %j learns', async (loss) => {
  const { curve } = await trainSeq2Seq({ ...toyOptions, loss, steps: 60 });
  expect(curve.points.at(-1)?.loss).toBeLessThan(0.5 * (curve.points[0]?.loss ?? NaN));
});

test('the median alone is the absolute error, to the byte', async () => {
  const median = await trainSeq2Seq({ ...toyOptions, loss: { kind: 'pinball', levels: [0.5] } });
  expect(median.parameters).toEqual((await trainSeq2Seq(toyOptions)).parameters);
});

test('decay makes the weights smaller, L2 and decoupled each in its way', async () => {
  const plain = await weightsNorm({ kind: 'adam', l2: 0 });
  const l2 = await weightsNorm({ kind: 'adam', l2: 0.1 });
  const decoupled = await weightsNorm({ kind: 'adamw', weightDecay: 0.5 });
  expect(l2).toBeLessThan(plain);
  expect(decoupled).toBeLessThan(plain);
  expect(decoupled).not.toBe(l2);
});

test('a plateau cuts the rate, tells it and writes it into the curve', async () => {
  const events: TrainingEvent[] = [];
  const { curve, retries } = await trainSeq2Seq({
    ...toyOptions,
    steps: 12,
    // a rate that changes nothing: validation never gains after its first check
    learningRate: 1e-30,
    schedule: { kind: 'plateau', factor: 0.5, patience: 3, leastRate: 0 },
    validation: { batch: toyBatch(40, -1), rows: 40, every: 1, patience: 100 },
    onEvent: (event) => events.push(event),
  });
  expect(curve.points.map((point) => point.learningRate / 1e-30)).toEqual([
    1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125,
  ]);
  expect(events).toEqual([
    { kind: 'plateau', step: 4, learningRate: 0.5e-30 },
    { kind: 'plateau', step: 7, learningRate: 0.25e-30 },
    { kind: 'plateau', step: 10, learningRate: 0.125e-30 },
  ]);
  expect(curve.events).toEqual(events);
  expect(retries).toBe(0);
});

test('noise changes the training, the same for any number of threads, and spares validation', async () => {
  const validation = { batch: toyBatch(40, -1), rows: 40, every: 1, patience: 100 };
  const noisy: TrainSeq2SeqOptions = {
    ...toyOptions,
    validation,
    inputNoise: { encoder: [0.5, 0], decoder: [0, 0.5] },
  };
  const one = await trainSeq2Seq(noisy);
  expect((await trainSeq2Seq({ ...noisy, threads: 3 })).curve).toEqual(one.curve);
  const clean = await trainSeq2Seq({ ...toyOptions, validation });
  expect(one.curve.points[0]?.loss).not.toBe(clean.curve.points[0]?.loss);
  // at a rate that changes nothing, validation tells whether it saw any noise
  const still = { learningRate: 1e-30, steps: 2 };
  const losses = async (options: TrainSeq2SeqOptions): Promise<unknown[]> =>
    (await trainSeq2Seq({ ...options, ...still })).curve.points.map(
      (point) => point.validationLoss,
    );
  expect(await losses(noisy)).toEqual(await losses({ ...toyOptions, validation }));
});

describe('a training that explodes', () => {
  // squared errors without any clipping: at rate 1 the norm goes from 2 to hundreds, at 0.5 it comes back
  const exploding: TrainSeq2SeqOptions = {
    ...toyOptions,
    loss: { kind: 'mse' },
    schedule: { kind: 'constant' },
    network: { ...toyNetwork, dropout: 0 },
    clip: {},
    learningRate: 1,
    steps: 40,
  };

  test('starts again at half the rate, and is then the training at that rate', async () => {
    const events: TrainingEvent[] = [];
    const retried = await trainSeq2Seq({ ...exploding, onEvent: (event) => events.push(event) });
    expect(events).toHaveLength(1);
    const [event] = events;
    expect(event).toMatchObject({ kind: 'exploded', learningRate: 1, retryRate: 0.5 });
    if (event?.kind !== 'exploded') throw new TypeError('no explosion');
    expect(event.gradientNorm).toBeGreaterThan(20 * event.medianNorm);
    expect(event.step).toBeLessThan(40);
    const gentle = await trainSeq2Seq({ ...exploding, learningRate: 0.5, threads: 2 });
    expect(gentle.retries).toBe(0);
    expect(retried.parameters).toEqual(gentle.parameters);
    expect(retried.curve).toEqual({ ...gentle.curve, events });
    expect(retried.retries).toBe(1);
  });

  test('twice is DIVERGED, with step, rate, norm and what to do', async () => {
    await expect(trainSeq2Seq({ ...exploding, learningRate: 2 })).rejects.toMatchObject({
      code: 'DIVERGED',
      message: expect.stringMatching(
        /step 6 with learning rate 1, .*gradient norm \d{3} \(median .* 2\.06\)\. Use a smaller rate/,
      ),
    });
  });
});

/** Length of all parameters after some steps. */
async function weightsNorm(optimiser: TrainSeq2SeqOptions['optimiser']): Promise<number> {
  const { parameters } = await trainSeq2Seq({ ...toyOptions, optimiser, steps: 20 });
  return Math.hypot(...parameters);
}

/** Loss of one step without dropout. */
async function lossOf(fillBatch: TrainSeq2SeqOptions['fillBatch']): Promise<number> {
  const network = { ...toyNetwork, dropout: 0 };
  const { curve } = await trainSeq2Seq({ ...toyOptions, network, steps: 1, fillBatch });
  return curve.points[0]?.loss ?? NaN;
}

test('batch normalisation learns the moments it serves with, the same for any number of threads', async () => {
  const options = {
    ...toyOptions,
    steps: 60,
    network: { ...toyNetwork, normalisation: 'batch' as const, layers: 2 },
  };
  const [one, three] = await Promise.all([
    trainSeq2Seq({ ...options, threads: 1 }),
    trainSeq2Seq({ ...options, threads: 3 }),
  ]);
  expect(three.parameters).toEqual(one.parameters);
  const momentsOf = (wanted: string): number[][] =>
    parameterLayout(options.network)
      .slots.filter(({ kind }) => kind === wanted)
      .map(({ offset, size }) => [...one.parameters.subarray(offset, offset + size)]);
  const [means, variances] = [momentsOf('movingMean'), momentsOf('movingVariance')];
  expect([means.length, variances.length]).toEqual([5, 5]);
  // the outputs of an LSTM lie in (-1, 1), the start was 0 and 1
  expect(means.flat().every((value) => Math.abs(value) < 1 && value !== 0)).toBe(true);
  expect(variances.flat().every((value) => value > 0 && value < 1)).toBe(true);
});
