import { initSync, MSTL } from '@bsull/augurs/mstl';
import { augursBytes } from '../augurs-bytes.js';

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
    initSync({ module: augursBytes('mstl') });
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
