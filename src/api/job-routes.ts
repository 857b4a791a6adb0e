import { Router } from 'express';
import { answer, readParameters } from './answer.js';
import type { ApiDependencies } from './api-dependencies.js';
import { jobRunBody } from './bodies.js';
import { onlyGet } from './problem.js';
import { jobListSchema, limitQuery } from './schemas.js';
import { seriesOf } from './series-of.js';

/** What the scheduled jobs did and how far the running ones are: mounted at `/api/v1`. */
export function jobRoutes({
  store,
  progressOf,
}: Pick<ApiDependencies, 'store' | 'progressOf'>): Router {
  const router = Router();

  router
    .route('/series/:seriesId/jobs')
    .get(async (request, response) => {
      const { limit } = readParameters(limitQuery, request.query, 'query');
      const { id } = await seriesOf(store, request.params);
      const runs = await store.listJobRuns(limit, id);
      const items = runs.map((run) => jobRunBody(run, progressOf(run)));
      answer(response, jobListSchema, { items }, 'no-store');
    })
    .all(onlyGet);

  return router;
}
