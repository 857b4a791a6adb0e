import { createRandom } from '../../src/core/random.js';
import type { Batch, TrainSeq2SeqOptions } from '../../src/neural/train.js';

/** A small network, and a task that it learns in a few steps. */
export const toyNetwork = {
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
export function fillToyBatch(step: number, batch: Batch): void {
  const random = createRandom('toy', step);
  for (let i = 0; i < batch.encoder.length; i++) batch.encoder[i] = random.normal();
  for (let i = 0; i < batch.decoder.length; i++) batch.decoder[i] = random.normal();
  for (let i = 0; i < batch.target.length; i++) {
    const row = Math.floor(i / 4);
    batch.target[i] = (batch.encoder[row * 12 + 10] ?? 0) + (batch.decoder[i * 2] ?? 0);
  }
}

export function toyBatch(rows: number, step: number): Batch {
  const batch = {
    encoder: new Float32Array(rows * 12),
    decoder: new Float32Array(rows * 8),
    target: new Float32Array(rows * 4),
  };
  fillToyBatch(step, batch);
  return batch;
}

export const toyOptions: TrainSeq2SeqOptions = {
  network: toyNetwork,
  loss: { kind: 'mae' },
  optimiser: { kind: 'adam', l2: 0 },
  learningRate: 0.01,
  schedule: { kind: 'cosine', warmupShare: 0.1 },
  clip: { norm: 1 },
  inputNoise: null,
  steps: 6,
  batchRows: 64,
  seed: 1,
  threads: 1,
  fillBatch: fillToyBatch,
  validation: null,
};
