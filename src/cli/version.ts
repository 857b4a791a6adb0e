import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The package's version; package.json lies two folders above this file, in the sources and when built. */
export const version: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;
