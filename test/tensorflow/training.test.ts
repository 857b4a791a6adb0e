import { describe, expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';
import { parameterLayout } from '../../src/neural/parameter-layout.js';
import { createSeq2SeqPredictor } from '../../src/neural/predictor.js';
import { trainSeq2Seq, type TrainSeq2SeqOptions } from '../../src/neural/train.js';
import { randomValues, relativeError } from '../neural/reference.js';
import { toyNetwork, toyOptions } from '../neural/toy-task.js';
import { folder, isSkipped, useWorker } from './installation.js';
import type { Task, TaskResult } from './tasks.js';

/** More than one row group, and odd numbers of units and rows. */
const NETWORK = { ...toyNetwork, units: 13, layers: 2, dropout: 0 };

const OPTIONS: TrainSeq2SeqOptions = {
  ...toyOptions,
  network: NETWORK,
  steps: 80,
  batchRows: 41,
  threads: 2,
  engine: { tensorflow: folder },
};

describe.skipIf(isSkipped)('a training on TensorFlow', () => {
  const worker = useWorker<Task, TaskResult>(new URL('./tensorflow-worker.js', import.meta.url));

  test('learns, gives the same bytes again, and the bytes serve on our kernels', async () => {
    const { parameters, curve } = await trainSeq2Seq(OPTIONS);
    const losses = curve.points.map((point) => point.loss);
    expect(losses.at(-1)).toBeLessThan(0.4 * losses[0]!);
    expect((await trainSeq2Seq({ ...OPTIONS, threads: 1 })).parameters).toEqual(parameters);

    // as a model file has them
    const stored = new Uint8Array(parameters.buffer.slice(0));
    const read = new Float32Array(stored.buffer);
    const encoder = randomValues('encoder', [3, 6, 2]);
    const decoder = randomValues('decoder', [3, 4, 2]);
    const tensors = parameterLayout(NETWORK).slots.map(({ shape, offset, size }) => ({
      shape,
      values: parameters.slice(offset, offset + size),
    }));
    const there = await worker().ask({
      tensors: [encoder, decoder, ...tensors],
      what: NETWORK,
      repeat: 1,
    });
    await initialiseBackend();
    const predictor = createSeq2SeqPredictor(NETWORK, read);
    const here = predictor.predict({ encoder: encoder.values, decoder: decoder.values }, 3);
    expect(relativeError(here, there.outputs[0]!)).toBeLessThan(1e-5);
  });

  test('begins as one on our kernels does', async () => {
    const steps = 3;
    const there = await trainSeq2Seq({ ...OPTIONS, steps });
    const here = await trainSeq2Seq({ ...OPTIONS, steps, engine: 'wasm' });
    for (const [i, { loss, gradientNorm }] of here.curve.points.entries()) {
      expect(there.curve.points[i]!.loss).toBeCloseTo(loss, 4);
      expect(there.curve.points[i]!.gradientNorm).toBeCloseTo(gradientNorm, 4);
    }
  });

  test('a folder without TensorFlow ends it with the folder in the message', async () => {
    const training = trainSeq2Seq({ ...OPTIONS, engine: { tensorflow: 'test' } });
    await expect(training).rejects.toThrow('TensorFlow is not installed in test');
  });
});
