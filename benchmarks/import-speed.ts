import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/core/errors.js';
import { openSqliteStore } from '../src/store/sqlite-store.js';
import { measuredRun, type MeasuredRun } from './import-speed/measured-run.js';
import { writeMinuteFile } from './import-speed/minute-file.js';

/**
 * Time and memory of `loadcast import` (needs `npm run build`) for a file of one row a minute, of the same file again, and
 * of an import that is killed and started anew; beside pandas into SQLite and DuckDB into its own file, which do less:
 * they keep no versions and look for no faults.
 * `npm run benchmark:import-speed -- [--rows 10000000] [--python python3] [--json FILE]`; the Python must have pandas and
 * duckdb, else their rows are left out.
 */

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'string' },
  },
});

const rows = Number(options.rows);
const folder = await mkdtemp(path.join(tmpdir(), 'loadcast-import-speed-'));
try {
  const file = path.join(folder, 'minutes.csv');
  await writeMinuteFile(file, rows);
  const first = await importInto('first', file);
  const again = await importInto('first', file);
  const killedAfterS = (first.seconds * 2) / 3;
  await importInto('killed', file, killedAfterS * 1_000);
  const loadsAtKill = await storedLoads('killed');
  const resumed = await importInto('killed', file);
  const others = {
    pandas: await byPython('pandas_to_sqlite.py', file),
    duckdb: await byPython('duckdb_file.py', file),
  };
  const result = {
    rows,
    fileMb: (await stat(file)).size / 1e6,
    first: figuresOf(first),
    again: figuresOf(again),
    resumed: {
      killedAfterS,
      loadsAtKill,
      ...figuresOf(resumed),
      loads: await storedLoads('killed'),
    },
    ...others,
    timesAsLong: Object.fromEntries(
      Object.entries(others).map(([name, run]) => [
        name,
        'seconds' in run ? first.seconds / run.seconds : null,
      ]),
    ),
  };
  console.log(JSON.stringify(result, null, 2));
  if (options.json) await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

function importInto(home: string, file: string, killAfterMs?: number): Promise<MeasuredRun> {
  const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  return measuredRun(
    process.execPath,
    [program, 'import', file, '--series', 'minutes', '--zone', 'Europe/Paris'],
    {
      env: { LOADCAST_HOME: path.join(folder, home) },
      ...(killAfterMs === undefined ? {} : { killAfterMs }),
    },
  );
}

async function storedLoads(home: string): Promise<number> {
  const store = await openSqliteStore({ file: path.join(folder, home, 'loadcast.sqlite') });
  try {
    const span = await store.loadSpan('minutes');
    return span ? (span.lastMs - span.firstMs) / 60_000 + 1 : 0;
  } finally {
    await store.close();
  }
}

async function byPython(
  script: string,
  file: string,
): Promise<ReturnType<typeof figuresOf> | { readonly skipped: string }> {
  const at = fileURLToPath(new URL(`./import-speed/${script}`, import.meta.url));
  try {
    return figuresOf(
      await measuredRun(options.python, [at, file, path.join(folder, `${script}.db`)]),
    );
  } catch (error) {
    return { skipped: messageOf(error).slice(-200) };
  }
}

function figuresOf({ seconds, peakMemoryMb, output }: MeasuredRun): {
  readonly seconds: number;
  readonly peakMemoryMb: number;
  readonly said: string;
} {
  const said = output.split('\n').find((line) => /\d+ rows,/.test(line)) ?? '';
  return { seconds, peakMemoryMb, said };
}
