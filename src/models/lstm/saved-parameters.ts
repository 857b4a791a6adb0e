import { LoadcastError } from '../../core/errors.js';
import { parameterLayout } from '../../neural/parameter-layout.js';
import type { LstmManifest } from './manifest.js';

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
