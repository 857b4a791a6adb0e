import { ChangepointDetector, initSync } from '@bsull/augurs/changepoint';
import { augursBytes } from '../augurs-bytes.js';

let loaded = false;

/**
 * Where a series probably goes over to another level.
 * @param y standardised, without gaps
 * @returns ascending indices
 * @see Adams & MacKay (2007), Bayesian online changepoint detection
 */
export function changepoints(y: Float64Array): number[] {
  if (!loaded) {
    initSync({ module: augursBytes('changepoint') });
    loaded = true;
  }
  const detector = ChangepointDetector.normalGamma({ hazardLambda: 250 });
  try {
    return detector.detectChangepoints(y).indices.toSorted((a, b) => a - b);
  } finally {
    detector.free();
  }
}
