import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { loadcast, type Ended } from './loadcast.js';
import { writeLoadCsv } from './load-csv.js';

let folder: string;
let doubtful = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-quality-'));
  const csv = join(folder, 'feeder.csv');
  await writeLoadCsv(csv, 40);
  const lines = (await readFile(csv, 'utf8')).split('\n');
  const [stamp = '', load = '', ...rest] = (lines[700] ?? '').split(',');
  lines[700] = [stamp, String(4 * Number(load)), ...rest].join(',');
  doubtful = stamp;
  await writeFile(csv, lines.join('\n'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: string[]): Promise<Ended> =>
  loadcast(args, { LOADCAST_HOME: join(folder, 'home') });
const hourFrom = (stamp: string) => {
  const start = Date.parse(stamp);
  return `${new Date(start).toISOString().slice(0, 16)}Z/${new Date(start + 3_600_000).toISOString().slice(0, 16)}Z`;
};

test('the import says that loads are doubtful, `quality` shows them and takes what a person says', async () => {
  const imported = await run(
    'import',
    join(folder, 'feeder.csv'),
    '--series',
    'Feeder',
    '--zone',
    'UTC',
  );
  expect(imported.code).toBe(0);
  expect(imported.out).toContain(
    'Doubtful stretches of load: 1; `loadcast quality feeder` shows them.',
  );

  const shown = await run('quality');
  expect(shown.out).toMatch(
    /^spike: 1 \(1 h\)\n {2}#1 {2}\S+Z {2}1 h {2}mask {2}1 h .* there and back at once/,
  );

  const kept = await run('quality', '--keep', hourFrom(doubtful), '--reason', 'a fair', '--json');
  expect(JSON.parse(kept.out)).toMatchObject({
    seriesId: 'feeder',
    marks: [{ id: 2, kind: 'person', treatment: 'keep', reason: 'a fair', values: [] }],
  });
  const withdrawn = await run('quality', '--withdraw', '2');
  expect(withdrawn.out).toBe('Nothing in the loads of Feeder is marked.\n');
  expect((await run('quality', '--inspect')).out).toMatch(/^spike: 1 /);
});

test.each<[string[], number, RegExp]>([
  [['--keep', 'yesterday'], 2, /Write two instants with Z or an offset/],
  [['--keep', '2026-01-02T00:00Z/2026-01-01T00:00Z'], 2, /Write two instants/],
  [['--withdraw', '999'], 4, /no mark 999 in force/],
  [['--reason', 'x'], 2, /--reason goes with --keep or --mask/],
  [['--inspect', '--withdraw', '1'], 2, /cannot be used with option/],
])('%j is refused in one line', async (options, code, message) => {
  const ended = await run('quality', ...options);
  expect([ended.code, ended.out]).toEqual([code, '']);
  expect(ended.err).toMatch(message);
});
