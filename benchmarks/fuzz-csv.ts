import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fuzzFiles } from '../test/ingest/fuzz/fuzz-files.js';

/**
 * Reads seeded CSV files, spoilt in many ways: each is refused with a code, or read so that
 * rows = loads + rejected + doubles + intervals whose load is blank, and every 20th is compared with what a store holds:
 * `npm run benchmark:fuzz-csv -- [--files 20000] [--seed 1] [--json FILE]`. Fails if one is read otherwise.
 */

const { values: options } = parseArgs({
  options: {
    files: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});

const result = await fuzzFiles(Number(options.seed), Number(options.files), 20);
console.log(JSON.stringify(result, null, 2));
if (options.json) await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
if (result.problems.length > 0) process.exitCode = 1;
