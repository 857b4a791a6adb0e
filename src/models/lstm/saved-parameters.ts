import { LoadcastError } from '../../core/errors.js';
import { parameterLayout } from '../../neural/parameter-layout.js';
import { restoreAdditive } from '../additive/saved-additive.js';
import type { AdditiveParameters } from '../additive/fit-additive.js';
import type { LstmManifest } from './manifest.js';

/**
 * The parameters of each seed.
 * @throws {LoadcastError} DAMAGED_MODEL if the bytes are not as many as the manifest says
 */
export function savedParameters(manifest: LstmManifest, weights: Uint8Array): Float32Array[] {
  const { size } = parameterLayout(manifest.network);
  const wantedBytes = networkBytes(manifest, size) + (manifest.base?.bytes ?? 0);
  if (weights.byteLength !== wantedBytes)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The LSTM's weights have ${weights.byteLength} bytes, ${manifest.seeds.length} seeds of ${size} numbers${manifest.base ? ' and the additive model' : ''} need ${wantedBytes}; retrain.`,
    );
  // A copy: the bytes read from a file need not be aligned, and a Buffer's own slice is none.
  const all = new Float32Array(new Uint8Array(weights).buffer, 0, manifest.seeds.length * size);
  return manifest.seeds.map((_, index) => all.slice(index * size, (index + 1) * size));
}

/**
 * The additive model that a stacked network reads; null for one that stands alone.
 * @throws {LoadcastError} DAMAGED_MODEL
 */
export function savedBase(manifest: LstmManifest, weights: Uint8Array): AdditiveParameters | null {
  if (!manifest.base) return null;
  const start = networkBytes(manifest, parameterLayout(manifest.network).size);
  return restoreAdditive(
    { name: 'additive', manifest: manifest.base.manifest, weights: weights.subarray(start) },
    'additive',
  );
}

function networkBytes({ seeds }: LstmManifest, size: number): number {
  return seeds.length * size * Float32Array.BYTES_PER_ELEMENT;
}
