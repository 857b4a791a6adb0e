import type { Scaler } from '../../features/scaler.js';
import type { Coefficients } from './fit-coefficients.js';
import type { LoadTransform } from './load-transform.js';
import type { Recipe } from './recipe.js';

/** All that a forecast needs. */
export interface ProphetParameters {
  readonly recipe: Recipe;
  readonly transform: LoadTransform;
  /** the terms that were kept, in order */
  readonly termNames: readonly string[];
  /** one column a kept term; seasonalities and holidays are left as they are */
  readonly scaler: Scaler;
  readonly coefficients: Coefficients;
  /** row-major, shape (72, 14) */
  readonly correction: Float64Array;
  readonly facts: Readonly<Record<string, string | number>>;
}
