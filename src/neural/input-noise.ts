import { LoadcastError } from '../core/errors.js';
import { createRandom, type Random } from '../core/random.js';
import type { Batch } from './batch.js';
import type { Seq2SeqOptions } from './seq2seq-options.js';

/**
 * Augmentation: normal noise on the inputs of every training step, drawn for each value by itself. A standard
 * deviation for each feature, 0 = left alone. Targets and validation see none.
 */
export interface InputNoise {
  /** length encoderFeatures */
  readonly encoder: readonly number[];
  /** length decoderFeatures */
  readonly decoder: readonly number[];
}

/**
 * Adds the noise that seed, step and shard give, whatever thread asks.
 * @param inputs changed
 */
export function addInputNoise(
  inputs: Pick<Batch, 'encoder' | 'decoder'>,
  noise: InputNoise,
  seed: number,
  step: number,
  shard: number,
): void {
  const random = createRandom('input noise', seed, step, shard);
  addNoise(inputs.encoder, noise.encoder, random);
  addNoise(inputs.decoder, noise.decoder, random);
}

/** @throws LoadcastError INVALID_INPUT naming the part at fault */
export function validateInputNoise(noise: InputNoise, network: Seq2SeqOptions): void {
  const features = { encoder: network.encoderFeatures, decoder: network.decoderFeatures };
  for (const part of ['encoder', 'decoder'] as const) {
    const deviations = noise[part];
    const bad = deviations.find((deviation) => !(deviation >= 0 && Number.isFinite(deviation)));
    if (deviations.length === features[part] && bad === undefined) continue;
    throw new LoadcastError(
      'INVALID_INPUT',
      bad === undefined
        ? `Input noise of the ${part}: ${deviations.length} deviations do not fit ${features[part]} features.`
        : `Input noise of the ${part} must be 0 or more, is ${bad}.`,
    );
  }
}

function addNoise(values: Float32Array, deviations: readonly number[], random: Random): void {
  const features = deviations.flatMap((deviation, feature) => (deviation > 0 ? [feature] : []));
  for (let row = 0; row < values.length; row += deviations.length) {
    for (const feature of features) {
      const at = row + feature;
      values[at] = (values[at] ?? 0) + (deviations[feature] ?? 0) * random.normal();
    }
  }
}
