import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp, type HttpLogger } from 'pino-http';
import type { ApiDependencies } from './api-dependencies.js';
import { forecastRoutes } from './forecast-routes.js';
import { healthRoutes } from './health-routes.js';
import { jobRoutes } from './job-routes.js';
import { notFound, problemHandler } from './problem.js';
import { readingRoutes } from './reading-routes.js';
import { reportRoutes } from './report-routes.js';

/**
 * The HTTP side of loadcast: forecasts, evaluations and reports to read, without authentication and meant for 127.0.0.1;
 * readings to send, with a token. Only that route reads a request body.
 */
export function createApi(dependencies: ApiDependencies): Express {
  const { logger } = dependencies;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(requestLog(logger));
  app.use(securityHeaders());
  app.use(healthRoutes(dependencies));
  app.use('/api/v1', forecastRoutes(dependencies));
  app.use('/api/v1', jobRoutes(dependencies));
  app.use('/api/v1', readingRoutes(dependencies));
  app.use(reportRoutes(dependencies));
  app.use(notFound);
  app.use(problemHandler);
  return app;
}

/** Method, path, status and time only: no header, query or body ever reaches the log. */
function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    customLogLevel: (_: IncomingMessage, response: ServerResponse) =>
      response.statusCode >= 500 ? 'error' : 'debug',
    serializers: {
      req: (request: { id: unknown; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url.split('?')[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  });
}

function securityHeaders(): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'style-src': ["'unsafe-inline'"],
        'img-src': ['data:'],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // Plain HTTP on this machine: a promise of HTTPS would lock other local services out.
    strictTransportSecurity: false,
  });
}
