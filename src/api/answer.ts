import type { Response } from 'express';
import type { z } from 'zod';
import { LoadcastError } from '../core/errors.js';

/**
 * Reads parameters by their schema.
 * @param what `path` or `query`, for the message
 * @throws {LoadcastError} INVALID_INPUT naming the parameter, also for one that is unknown
 */
export function readParameters<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  what: string,
): z.output<Schema> {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const name = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue?.path.join('.');
  throw new LoadcastError(
    'INVALID_INPUT',
    `Parameter "${name ?? ''}" of the ${what}: ${issue?.message ?? 'cannot be read'}.`,
  );
}

/**
 * Reads a request body by its schema.
 * @throws {LoadcastError} INVALID_INPUT naming the first value that is wrong, such as `load.3.mw`
 */
export function readBody<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
): z.output<Schema> {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue && issue.path.length > 0 ? `"${issue.path.join('.')}" ` : '';
  throw new LoadcastError(
    'INVALID_INPUT',
    `The body: ${where}${issue?.message ?? 'cannot be read'}. Nothing of it was stored.`,
  );
}

/** Sends JSON through its schema: only what the schema names goes out, and never a value it refuses, such as NaN. */
export function answer<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
  body: z.input<Schema>,
  cacheControl = 'no-cache',
): void {
  response.set('Cache-Control', cacheControl).json(schema.parse(body));
}
