import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The one file of the models that reads from disk: the WebAssembly of a module of augurs. */
export function augursBytes(name: 'prophet' | 'mstl' | 'changepoint'): Uint8Array<ArrayBuffer> {
  const folder = dirname(createRequire(import.meta.url).resolve(`@bsull/augurs/${name}`));
  return readFileSync(join(folder, `${name}_bg.wasm`));
}
