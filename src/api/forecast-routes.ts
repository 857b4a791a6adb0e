import { Router, type Request } from 'express';
import { z } from 'zod';
import { LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import type { Series, Store } from '../store/store.js';
import type { ApiDependencies } from './api-dependencies.js';
import { answer, readParameters } from './answer.js';
import { evaluationBody, forecastBody, outlookBody, pathsBody, seriesBody } from './bodies.js';
import { onlyGet } from './problem.js';
import { seriesOf } from './series-of.js';
import {
  evaluationListSchema,
  forecastIdSchema,
  forecastSchema,
  limitQuery,
  noQuery,
  resolutionQuery,
  outlookSchema,
  pathsSchema,
  seriesListSchema,
} from './schemas.js';

const ofForecast = z.object({ forecastId: forecastIdSchema });

/** A stored forecast never changes, so a client may keep it. */
const forGood = 'private, max-age=86400, immutable';

/** What is stored, to read: mounted at `/api/v1`. */
export function forecastRoutes({
  store,
  outlook,
}: Pick<ApiDependencies, 'store' | 'outlook'>): Router {
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
      const { resolution } = readParameters(resolutionQuery, request.query, 'query');
      const forecast = await latestOf(store, await seriesOf(store, request.params));
      answer(response, forecastSchema, forecastBody(forecast, resolution));
    })
    .all(onlyGet);

  router
    .route('/series/:seriesId/forecasts/:forecastId')
    .get(async (request, response) => {
      const { resolution } = readParameters(resolutionQuery, request.query, 'query');
      const { forecast } = await forecastOfSeries(store, request);
      answer(response, forecastSchema, forecastBody(forecast, resolution), forGood);
    })
    .all(onlyGet);

  router
    .route('/series/:seriesId/forecasts/:forecastId/outlook')
    .get(async (request, response) => {
      readParameters(noQuery, request.query, 'query');
      const { series, forecast } = await forecastOfSeries(store, request);
      const days = await outlook(series, forecast);
      // What is known of the month is what is stored now: not for good.
      answer(response, outlookSchema, outlookBody(forecast, days), 'no-store');
    })
    .all(onlyGet);

  router
    .route('/series/:seriesId/forecasts/:forecastId/paths')
    .get(async (request, response) => {
      readParameters(noQuery, request.query, 'query');
      const { forecast } = await forecastOfSeries(store, request);
      answer(response, pathsSchema, pathsBody(forecast), forGood);
    })
    .all(onlyGet);

  router
    .route('/forecasts/:forecastId')
    .get(async (request, response) => {
      const { resolution } = readParameters(resolutionQuery, request.query, 'query');
      const forecast = await forecastOf(store, request.params);
      answer(response, forecastSchema, forecastBody(forecast, resolution), forGood);
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

/**
 * The forecast of a path; `latest` is the newest.
 * @throws {LoadcastError} INVALID_INPUT, NOT_FOUND naming what there is not
 */
async function forecastOfSeries(
  store: Store,
  request: Request,
): Promise<{ readonly series: Series; readonly forecast: Forecast }> {
  const series = await seriesOf(store, request.params);
  const forecast =
    request.params['forecastId'] === 'latest'
      ? await latestOf(store, series)
      : await forecastOf(store, request.params);
  if (forecast.seriesId !== series.id)
    throw new LoadcastError('NOT_FOUND', `Series "${series.id}" has no forecast "${forecast.id}".`);
  return { series, forecast };
}

async function latestOf(store: Store, { id }: Series): Promise<Forecast> {
  const forecast = await store.latestForecast(id);
  if (forecast) return forecast;
  throw new LoadcastError(
    'NOT_FOUND',
    `Series "${id}" has no forecast yet; import at least a week of load, then run "loadcast forecast".`,
  );
}

/** @throws {LoadcastError} INVALID_INPUT, NOT_FOUND naming the forecast */
async function forecastOf(store: Store, parameters: unknown): Promise<Forecast> {
  const { forecastId } = readParameters(ofForecast, parameters, 'path');
  const forecast = await store.findForecast(forecastId);
  if (!forecast) throw new LoadcastError('NOT_FOUND', `There is no forecast "${forecastId}".`);
  return forecast;
}
