import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { z } from 'zod';
import { LoadcastError, type ErrorCode } from '../core/errors.js';
import type { problemSchema } from './schemas.js';

export type Problem = z.infer<typeof problemSchema>;

/** A condition that only HTTP knows, such as a method that is not allowed. */
export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'HttpProblem';
  }
}

const statusOf: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  MISSING_COLUMN: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  ALREADY_RUNNING: 409,
  INSUFFICIENT_HISTORY: 409,
  SOURCE_FAILED: 502,
  CANCELLED: 503,
  INVALID_CONFIG: 500,
  UNREADABLE_FILE: 500,
  PORT_TAKEN: 500,
  DIVERGED: 500,
  DAMAGED_MODEL: 500,
};

/**
 * The one place that turns anything thrown into problem details (RFC 9457).
 * @param path of the request, without its query
 */
export function toProblem(error: unknown, path: string): Problem {
  if (error instanceof LoadcastError)
    return problem(statusOf[error.code], error.code, error.message, path);
  if (error instanceof HttpProblem) return problem(error.status, error.code, error.message, path);
  const status = clientStatus(error);
  return status === null
    ? problem(500, 'INTERNAL', 'Something unexpected failed; the log has the details.', path)
    : problem(status, 'INVALID_INPUT', unreadableDetail(status), path);
}

/** Last handler of the application. */
export const problemHandler: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const body = toProblem(error, request.originalUrl.split('?')[0] ?? '/');
  if (body.status >= 500) response.err = error instanceof Error ? error : new Error(String(error));
  response
    .status(body.status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(body));
};

/** For paths that no route serves. */
export const notFound: RequestHandler = (request) => {
  throw new HttpProblem(404, 'NOT_FOUND', `There is nothing at ${request.path}.`);
};

/** For routes that are asked in another way than GET. */
export const onlyGet: RequestHandler = only('GET', 'HEAD');

/** For routes that are asked in another way than these. */
export function only(...methods: readonly string[]): RequestHandler {
  return (request, response) => {
    response.set('Allow', methods.join(', '));
    throw new HttpProblem(
      405,
      'METHOD_NOT_ALLOWED',
      `${request.path} answers ${methods.join(' and ')}, not ${request.method}.`,
    );
  };
}

/** Whatever the server could not read, it never got to the route. */
function unreadableDetail(status: number): string {
  if (status === 413) return 'The body is too large; send fewer values at a time.';
  if (status === 415) return 'The body is compressed or encoded in a way that is not understood.';
  return 'The request cannot be read; check its path, and that its body is whole JSON.';
}

function problem(status: number, code: string, detail: string, instance: string): Problem {
  return {
    type: `urn:loadcast:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    instance,
    code,
  };
}

/** Express marks what the client did wrong, such as a path that is no valid UTF-8, with a status below 500. */
function clientStatus(error: unknown): number | null {
  const status: unknown = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}
