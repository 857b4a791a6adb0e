import { Router, type Response } from 'express';
import { z } from 'zod';
import { readParameters } from './answer.js';
import type { ApiDependencies } from './api-dependencies.js';
import { onlyGet } from './problem.js';
import { noQuery, seriesIdSchema } from './schemas.js';

const ofSeries = z.object({ seriesId: seriesIdSchema });

/** While the program is busy the page asks again after this many seconds: no script is needed for it. */
const refreshSeconds = 15;

/** The report as a page. */
export function reportRoutes(dependencies: Pick<ApiDependencies, 'report' | 'status'>): Router {
  const { report, status } = dependencies;
  const router = Router();
  const sendPage = (response: Response, html: string): void => {
    if (status().status !== null) response.set('Refresh', String(refreshSeconds));
    response.set('Cache-Control', 'no-cache').type('html').send(html);
  };

  router
    .route('/')
    .get(async (request, response) => {
      readParameters(noQuery, request.query, 'query');
      sendPage(response, await report());
    })
    .all(onlyGet);

  router
    .route('/reports/:seriesId')
    .get(async (request, response) => {
      readParameters(noQuery, request.query, 'query');
      const { seriesId } = readParameters(ofSeries, request.params, 'path');
      sendPage(response, await report(seriesId));
    })
    .all(onlyGet);

  return router;
}
