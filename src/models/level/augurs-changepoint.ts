import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ChangepointDetector, initSync } from '@bsull/augurs/changepoint';

/** Reads the bytes of augurs' WebAssembly from disk; nothing else here does. */

let loaded = false;

/**
 * Where a series probably goes over to another level.
 * @param y standardised, without gaps
 * @returns ascending indices
 * @see Adams & MacKay (2007), Bayesian online changepoint detection
 */
export function changepoints(y: Float64Array): number[] {
  if (!loaded) {
    const folder = dirname(createRequire(import.meta.url).resolve('@bsull/augurs/changepoint'));
    initSync({ module: readFileSync(join(folder, 'changepoint_bg.wasm')) });
    loaded = true;
  }
  const detector = ChangepointDetector.normalGamma({ hazardLambda: 250 });
  try {
    return detector.detectChangepoints(y).indices.toSorted((a, b) => a - b);
  } finally {
    detector.free();
  }
}
