import type { SavedBundle } from '../../../src/forecast/bundle.js';
import { lstmFeatureNames } from '../../../src/models/lstm/feature-names.js';
import type { LstmManifest } from '../../../src/models/lstm/manifest.js';
import type { Seq2SeqOptions } from '../../../src/neural/seq2seq.js';
import { bundleOf } from '../../forecast/sample-members.js';
import { dataStartMs } from '../job-home.js';
import { hourMs } from '../../../src/core/time.js';
import { someParameters } from '../../neural/export/exported-networks.js';

const network: Seq2SeqOptions = {
  encoderSteps: 168,
  decoderSteps: 72,
  encoderFeatures: 8,
  decoderFeatures: 29,
  units: 4,
  layers: 1,
  headUnits: 5,
  outputs: 7,
  dropout: 0.1,
  attention: true,
  bidirectionalEncoder: false,
  bidirectionalDecoder: true,
  normalisation: 'none',
};

const manifest: LstmManifest = {
  network,
  scaler: {
    scale: 'log',
    logLoadMean: 8.4,
    logLoadDeviation: 0.2,
    temperatureMean: 15,
    temperatureDeviation: 6,
  },
  hasTemperature: true,
  seeds: [1000, 1001],
  steps: 380,
  servingSteps: 350,
  trainingHours: 1600,
  pointOutput: 3,
  features: lstmFeatureNames(true),
  levels: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95],
  trainingSpan: { firstHourMs: dataStartMs, endMs: dataStartMs + 1600 * hourMs },
};

/** A bundle with a small LSTM of two seeds that was never trained. */
export function lstmBundle(id = 'victoria-b1'): SavedBundle {
  const { card } = bundleOf([], [], { prophet: 'the solver found no optimum' });
  const seeds = manifest.seeds.map((seed) => someParameters(network, `seed ${seed}`));
  const weights = Buffer.concat(seeds.map((parameters) => new Uint8Array(parameters.buffer)));
  const [prophet] = card.members;
  return {
    card: {
      ...card,
      bundleId: id,
      seriesId: 'victoria',
      trainedAtMs: Date.UTC(2024, 0, 2),
      firstHourMs: dataStartMs,
      endMs: dataStartMs + 1600 * hourMs,
      members: [{ ...prophet!, name: 'lstm', version: 'lstm-v1', notFitted: null }, prophet!],
    },
    members: [{ name: 'lstm', manifest, weights }],
    past: [],
  };
}
