import { LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import type { Series, Store } from '../store/store.js';

/**
 * A stored forecast of a series.
 * @param id absent: the newest
 * @throws {LoadcastError} NOT_FOUND
 */
export async function findForecast(
  store: Store,
  series: Series,
  id: string | undefined,
): Promise<Forecast> {
  const forecast =
    id === undefined ? await store.latestForecast(series.id) : await store.findForecast(id);
  if (forecast?.seriesId === series.id) return forecast;
  throw new LoadcastError(
    'NOT_FOUND',
    `"${series.name}" has no forecast${id === undefined ? ' yet; `loadcast forecast` issues one' : ` "${id}"`}.`,
  );
}
