import { Router } from 'express';
import { isoUtc } from '../core/time.js';
import type { Store } from '../store/store.js';
import { answer, readParameters } from './answer.js';
import type { ApiDependencies } from './api-dependencies.js';
import { HttpProblem, onlyGet } from './problem.js';
import { healthSchema, noQuery, readinessSchema } from './schemas.js';

/** Is the process alive, and can it serve a forecast? For people and orchestrators. */
export function healthRoutes(
  dependencies: Pick<ApiDependencies, 'store' | 'status' | 'nowMs' | 'version'>,
): Router {
  const { store, status, nowMs, version = null } = dependencies;
  const router = Router();

  router
    .route('/healthz')
    .get((request, response) => {
      readParameters(noQuery, request.query, 'query');
      const time = isoUtc(nowMs());
      answer(response, healthSchema, { status: 'ok', version, time }, 'no-store');
    })
    .all(onlyGet);

  router
    .route('/readyz')
    .get(async (request, response) => {
      readParameters(noQuery, request.query, 'query');
      const activity = status().status;
      if (!(await hasForecast(store))) {
        response.set('Retry-After', '5');
        throw new HttpProblem(
          503,
          'NOT_READY',
          `No series has a forecast yet${activity === null ? '' : `: ${activity}`}.`,
        );
      }
      answer(response, readinessSchema, { status: 'ready', activity }, 'no-store');
    })
    .all(onlyGet);

  return router;
}

/** One series with a forecast, fallback included, is enough. */
async function hasForecast(store: Store): Promise<boolean> {
  for (const series of await store.listSeries())
    if ((await store.latestForecast(series.id)) !== null) return true;
  return false;
}
