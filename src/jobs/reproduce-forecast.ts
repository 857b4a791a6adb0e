import { LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import type { Series } from '../store/store.js';
import { readBundle } from './bundle-files.js';
import { issue, issueHistory, storedForecasts, type IssueContext } from './forecast-series.js';
import type { JobControl, JobServices } from './job-services.js';
import { storedWeather } from './series-history.js';

/** A stored forecast made once more, and how far it is from what was stored. */
export interface Reproduction {
  readonly original: Forecast;
  readonly again: Forecast;
  /** of points and quantiles, MW; 0 = the same to the last digit */
  readonly largestDifferenceMw: number;
}

/**
 * Makes a stored forecast of a live series once more, with the models it was made with and with what had arrived when
 * it was made: loads, temperatures and other inputs in their versions of then, weather forecasts, marks, the calendar,
 * the forecasts before it. Nothing is stored. History without an arrival time counts as known after its usual delay.
 * @throws {LoadcastError} NOT_FOUND if there is no such forecast or its models are gone, INVALID_INPUT for a replay, whose
 * clock is its own, DAMAGED_MODEL
 */
export async function reproduceForecast(
  services: JobServices,
  series: Series,
  id: string,
  control: JobControl = {},
): Promise<Reproduction> {
  const { store } = services;
  const original = await store.findForecast(id);
  if (!original || original.seriesId !== series.id)
    throw new LoadcastError('NOT_FOUND', `"${series.name}" has no forecast "${id}".`);
  if (original.kind === 'replay')
    throw new LoadcastError(
      'INVALID_INPUT',
      `The forecast "${id}" is a replay: \`loadcast forecast\` makes all of them again.`,
    );
  const { issuedAtMs, createdAtMs } = original;
  const { history } = await issueHistory(services, series, createdAtMs, issuedAtMs, createdAtMs);
  const weather = await storedWeather(store, series, issuedAtMs, createdAtMs);
  const request = {
    issuedAtMs,
    horizonTemperature: weather.temperature,
    temperatureSource: weather.source,
  };
  const [again] = await issue(
    series,
    control,
    { history, requests: [request] },
    {
      kind: original.kind,
      models: await modelsOf(services, original),
      createdAtMs,
      earlier: await storedForecasts(services, series, issuedAtMs, createdAtMs),
    },
  );
  if (!again) throw new Error('The job thread gave no forecast.');
  return { original, again, largestDifferenceMw: largestDifference(original, again) };
}

async function modelsOf(
  services: JobServices,
  { seriesId, bundleId }: Forecast,
): Promise<IssueContext['models']> {
  if (bundleId === null) return { bundle: null, reason: services.withoutModels };
  const record = (await services.store.listBundles(seriesId)).find(({ id }) => id === bundleId);
  if (!record)
    throw new LoadcastError('NOT_FOUND', `The models "${bundleId}" are not stored any more.`);
  return { bundle: await readBundle(services.modelFiles, record), reason: null };
}

function largestDifference(a: Forecast, b: Forecast): number {
  const differences = a.values.flatMap((value, lead) => {
    const other = b.values[lead];
    return [value.pointMw, ...value.quantilesMw].map((mw, i) =>
      Math.abs(mw - (i === 0 ? other?.pointMw : other?.quantilesMw[i - 1])!),
    );
  });
  return differences.reduce((largest, difference) => Math.max(largest, difference), 0);
}
