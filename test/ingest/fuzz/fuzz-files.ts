import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { openSqliteStore } from '../../../src/store/sqlite-store.js';
import { fuzzedCsv } from './fuzzed-csv.js';
import { readingOutcome } from './reading-outcome.js';
import { storageProblems } from './stored-outcome.js';

export interface FuzzResult {
  readonly files: number;
  /** files that were read, and files refused by the code of the refusal */
  readonly outcomes: Readonly<Record<string, number>>;
  /** files whose content was compared with a real store */
  readonly stored: number;
  readonly slowestMs: number;
  readonly slowestSeed: number;
  /** one line for each file with a problem, its seed first */
  readonly problems: readonly string[];
}

/** Reads the fuzzed files of `count` seeds from `firstSeed` on; every `storeEvery`th that can be read is stored too. */
export async function fuzzFiles(
  firstSeed: number,
  count: number,
  storeEvery: number,
): Promise<FuzzResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'loadcast-fuzz-'));
  const store = await openSqliteStore({ file: path.join(folder, 'loadcast.sqlite') });
  const outcomes: Record<string, number> = {};
  const problems: string[] = [];
  let [stored, slowestMs, slowestSeed] = [0, 0, firstSeed];
  try {
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const { bytes, options, filledLines, mutations } = fuzzedCsv(seed);
      const name = path.join(folder, 'load.csv');
      await writeFile(name, bytes);
      const startedMs = performance.now();
      const { file, code, problems: wrong } = await readingOutcome(name, options, filledLines);
      const tookMs = performance.now() - startedMs;
      if (tookMs > slowestMs) [slowestMs, slowestSeed] = [tookMs, seed];
      const outcome = code ?? (file ? 'read' : 'crash');
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      const all = [...wrong];
      if (file && seed % storeEvery === 0) {
        stored++;
        all.push(...(await storageProblems(store, `s${seed}`, file)));
      }
      if (all.length > 0) problems.push(`${seed} (${mutations.join(', ')}): ${all.join('; ')}`);
    }
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
  return { files: count, outcomes, stored, slowestMs, slowestSeed, problems };
}
