import { isDeepStrictEqual } from 'node:util';
import { LoadcastError, messageOf } from '../../core/errors.js';
import { parameterLayout } from '../../neural/parameter-layout.js';
import type { Seq2SeqOptions } from '../../neural/seq2seq-options.js';
import type { SavedMember } from '../member.js';
import type { LstmScaler } from './inputs.js';
import { lstmManifest, type LstmManifest } from './manifest.js';

/** What a training may start from: the parameters of each seed, and the scaler that they were trained with. */
export interface WarmStart {
  readonly scaler: LstmScaler;
  readonly parameters: readonly Float32Array[];
}

/** @returns the start, or why the previous model is none */
export function warmStartOf(
  previous: SavedMember,
  wanted: {
    readonly network: Seq2SeqOptions;
    readonly hasTemperature: boolean;
    readonly seeds: number;
  },
): WarmStart | string {
  try {
    const manifest = lstmManifest(previous.manifest);
    if (manifest.hasTemperature !== wanted.hasTemperature)
      return `the previous model was trained ${manifest.hasTemperature ? 'with' : 'without'} temperature`;
    if (!isDeepStrictEqual(manifest.network, wanted.network))
      return 'the previous model is another network';
    if (manifest.seeds.length !== wanted.seeds)
      return `the previous model has ${manifest.seeds.length} seeds, this one ${wanted.seeds}`;
    return {
      scaler: manifest.scaler,
      parameters: savedParameters(manifest, previous.weights),
    };
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * The parameters of each seed.
 * @throws {LoadcastError} DAMAGED_MODEL if the bytes are not as many as the manifest says
 */
export function savedParameters(manifest: LstmManifest, weights: Uint8Array): Float32Array[] {
  const { size } = parameterLayout(manifest.network);
  const wantedBytes = manifest.seeds.length * size * Float32Array.BYTES_PER_ELEMENT;
  if (weights.byteLength !== wantedBytes)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The LSTM's weights have ${weights.byteLength} bytes, ${manifest.seeds.length} seeds of ${size} numbers need ${wantedBytes}; retrain.`,
    );
  // A copy: the bytes read from a file need not be aligned, and a Buffer's own slice is none.
  const all = new Float32Array(new Uint8Array(weights).buffer);
  return manifest.seeds.map((_, index) => all.slice(index * size, (index + 1) * size));
}
