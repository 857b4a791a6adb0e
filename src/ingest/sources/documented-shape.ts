import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';

/**
 * The answer of a provider as its documentation has it.
 * @throws {LoadcastError} SOURCE_FAILED naming the provider and what differs
 */
export function asDocumented<T>(source: string, schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new LoadcastError(
    'SOURCE_FAILED',
    `The answer of ${source} is not of the documented shape: ${z.prettifyError(parsed.error).slice(0, 300)}`,
  );
}
