import { Router } from 'express';
import { z } from 'zod';
import { LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import type { Store } from '../store/store.js';
import { answer, readParameters } from './answer.js';
import { evaluationBody, forecastBody, seriesBody } from './bodies.js';
import { onlyGet } from './problem.js';
import { seriesOf } from './series-of.js';
import {
  evaluationListSchema,
  forecastIdSchema,
  forecastSchema,
  limitQuery,
  noQuery,
  seriesListSchema,
} from './schemas.js';

const ofForecast = z.object({ forecastId: forecastIdSchema });

/** A stored forecast never changes, so a client may keep it. */
const forGood = 'private, max-age=86400, immutable';

/** What is stored, to read: mounted at `/api/v1`. */
export function forecastRoutes(store: Store): Router {
  const router = Router();

  router
    .route('/series')
    .get(async (request, response) => {
      readParameters(noQuery, request.query, 'query');
      const items = (await store.listSeries()).map(seriesBody);
      answer(response, seriesListSchema, { items });
    })
    .all(onlyGet);

  router
    .route('/series/:seriesId/forecasts/latest')
    .get(async (request, response) => {
      readParameters(noQuery, request.query, 'query');
      const { id } = await seriesOf(store, request.params);
      const forecast = await store.latestForecast(id);
      if (!forecast)
        throw new LoadcastError(
          'NOT_FOUND',
          `Series "${id}" has no forecast yet; import at least a week of load, then run "loadcast forecast".`,
        );
      answer(response, forecastSchema, forecastBody(forecast));
    })
    .all(onlyGet);

  router
    .route('/series/:seriesId/forecasts/:forecastId')
    .get(async (request, response) => {
      readParameters(noQuery, request.query, 'query');
      const { id } = await seriesOf(store, request.params);
      const forecast = await forecastOf(store, request.params);
      if (forecast.seriesId !== id)
        throw new LoadcastError('NOT_FOUND', `Series "${id}" has no forecast "${forecast.id}".`);
      answer(response, forecastSchema, forecastBody(forecast), forGood);
    })
    .all(onlyGet);

  router
    .route('/forecasts/:forecastId')
    .get(async (request, response) => {
      readParameters(noQuery, request.query, 'query');
      const forecast = await forecastOf(store, request.params);
      answer(response, forecastSchema, forecastBody(forecast), forGood);
    })
    .all(onlyGet);

  router
    .route('/series/:seriesId/evaluations')
    .get(async (request, response) => {
      const { limit } = readParameters(limitQuery, request.query, 'query');
      const { id } = await seriesOf(store, request.params);
      const items = (await store.listEvaluations(id, limit)).map(evaluationBody);
      answer(response, evaluationListSchema, { items });
    })
    .all(onlyGet);

  return router;
}

/** @throws {LoadcastError} INVALID_INPUT, NOT_FOUND naming the forecast */
async function forecastOf(store: Store, parameters: unknown): Promise<Forecast> {
  const { forecastId } = readParameters(ofForecast, parameters, 'path');
  const forecast = await store.findForecast(forecastId);
  if (!forecast) throw new LoadcastError('NOT_FOUND', `There is no forecast "${forecastId}".`);
  return forecast;
}
