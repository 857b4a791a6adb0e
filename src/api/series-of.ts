import { z } from 'zod';
import { LoadcastError } from '../core/errors.js';
import type { Series, Store } from '../store/store.js';
import { readParameters } from './answer.js';
import { seriesIdSchema } from './schemas.js';

const ofSeries = z.object({ seriesId: seriesIdSchema });

/** @throws {LoadcastError} INVALID_INPUT, NOT_FOUND naming the series */
export async function seriesOf(store: Store, parameters: unknown): Promise<Series> {
  const { seriesId } = readParameters(ofSeries, parameters, 'path');
  const series = await store.findSeries(seriesId);
  if (!series)
    throw new LoadcastError(
      'NOT_FOUND',
      `There is no series "${seriesId}"; /api/v1/series lists them.`,
    );
  return series;
}
