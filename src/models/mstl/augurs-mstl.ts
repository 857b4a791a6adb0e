import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { initSync, MSTL } from '@bsull/augurs/mstl';

/** Reads the bytes of augurs' WebAssembly from disk; nothing else here does. */

let loaded = false;

/**
 * MSTL with AutoETS for what is left of trend and level.
 * @param y regular series without gaps
 * @param periods of the seasons, in steps
 * @returns shape (horizon,)
 * @see Bandara, Hyndman & Bergmeir (2021), MSTL: a seasonal-trend decomposition algorithm for time series with multiple
 * seasonal patterns
 */
export function forecastMstl(y: Float64Array, periods: number[], horizon: number): Float64Array {
  if (!loaded) {
    const folder = dirname(createRequire(import.meta.url).resolve('@bsull/augurs/mstl'));
    initSync({ module: readFileSync(join(folder, 'mstl_bg.wasm')) });
    loaded = true;
  }
  const model = MSTL.ets(periods, { impute: false });
  try {
    model.fit(y);
    return Float64Array.from(model.predict(horizon).point);
  } finally {
    model.free();
  }
}
