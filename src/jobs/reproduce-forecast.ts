import { LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import { intervalsOf } from '../core/within-hours.js';
import type { Series } from '../store/store.js';
import { findForecast } from './find-forecast.js';
import { issue } from './forecast-series.js';
import type { JobControl, JobServices } from './job-services.js';
import { storedState } from './stored-state.js';

/** A stored forecast made once more, and how far it is from what was stored. */
export interface Reproduction {
  readonly original: Forecast;
  readonly again: Forecast;
  /** of points and quantiles, MW; 0 = the same to the last digit */
  readonly largestDifferenceMw: number;
}

/**
 * Makes a stored forecast of a live series once more, with the models it was made with and with what was known when it
 * was made. Nothing is stored.
 * @see storedState
 * @throws {LoadcastError} NOT_FOUND if there is no such forecast or its models are gone, INVALID_INPUT for a replay, whose
 * clock is its own, DAMAGED_MODEL
 */
export async function reproduceForecast(
  services: JobServices,
  series: Series,
  id: string,
  control: JobControl = {},
): Promise<Reproduction> {
  const original = await findForecast(services.store, series, id);
  if (original.kind === 'replay')
    throw new LoadcastError(
      'INVALID_INPUT',
      `The forecast "${id}" is a replay: \`loadcast forecast\` makes all of them again.`,
    );
  const { work, context } = await storedState(services, series, original);
  const [again] = await issue(series, control, work, context);
  if (!again) throw new Error('The job thread gave no forecast.');
  return { original, again, largestDifferenceMw: largestDifference(original, again) };
}

function largestDifference(a: Forecast, b: Forecast): number {
  const others = intervalsOf(b);
  const differences = intervalsOf(a).flatMap((value, interval) => {
    const other = others[interval];
    return [value.pointMw, ...value.quantilesMw].map((mw, i) =>
      Math.abs(mw - (i === 0 ? other?.pointMw : other?.quantilesMw[i - 1])!),
    );
  });
  return differences.reduce((largest, difference) => Math.max(largest, difference), 0);
}
