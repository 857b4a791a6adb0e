import { LoadcastError } from './errors.js';

/**
 * The id of a series: its name in lower case, everything but letters and digits as `-`.
 * @throws {LoadcastError} INVALID_INPUT if the name has neither
 */
export function seriesIdOf(name: string): string {
  const id = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  if (id !== '') return id;
  throw new LoadcastError(
    'INVALID_INPUT',
    `"${name}" is no name for a series: it needs a letter a–z or a digit.`,
  );
}
