import type { ProphetStanData } from '@bsull/augurs/prophet';
import type { MapProblem } from './map-solver.js';

/** What augurs hands its optimizer, whatever its types say: X is nested, shape (T, K). */
type StanData = Omit<ProphetStanData, 'X'> & { readonly X: readonly (readonly number[])[] };

/**
 * Reads the Stan program's data into the solver's shape.
 * @param json as augurs calls its optimizer
 * @throws {RangeError} if it asks for more than an additive model with linear trend
 */
export function parseStanData(json: string): MapProblem {
  const stan: StanData = JSON.parse(json);
  if (stan.trend_indicator !== 0 || stan.s_m.some((multiplicative) => multiplicative !== 0))
    throw new RangeError('The solver knows the additive model with linear trend only');
  const columns = Array.from({ length: stan.K }, () => new Float64Array(stan.T));
  for (const [i, row] of stan.X.entries())
    for (let j = 0; j < stan.K; j++) columns[j]![i] = row[j]!;
  return {
    y: Float64Array.from(stan.y),
    t: Float64Array.from(stan.t),
    tChange: stan.t_change,
    columns,
    sigmas: stan.sigmas,
    tau: stan.tau,
  };
}
