import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { loadcast } from './loadcast.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadcast-cli-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('loadcast', () => {
  test('--help lists the commands and exit codes', async () => {
    const { code, out } = await loadcast(['--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}jobs /m);
    expect(out).toMatch(/^ {2}doctor /m);
    expect(out).toContain('Exit codes: 0 done');
  });

  test('a mistyped command is refused with a suggestion and code 2', async () => {
    const { code, err } = await loadcast(['jbos']);
    expect(code).toBe(2);
    expect(err).toContain('Did you mean jobs?');
  });

  test('a wrong option value is refused with what was expected', async () => {
    const { code, err } = await loadcast(['jobs', '--limit', 'many']);
    expect(code).toBe(2);
    expect(err).toContain('Write a whole number from 1 to 1000.');
  });

  test('an error is one line without a stack; at log level debug the stack is there', async () => {
    const home = join(folder, 'nothing-here');
    const brief = await loadcast(['jobs'], { LOADCAST_HOME: home });
    expect(brief.code).toBe(4);
    expect(brief.err).toMatch(/^error: There is no database at .*nothing-here.*\n$/);
    const detailed = await loadcast(['jobs'], { LOADCAST_HOME: home, LOADCAST_LOG_LEVEL: 'debug' });
    expect(detailed.err).toMatch(/\n\s+at /);
  });

  test('a wrong configuration ends with code 2 and names the key', async () => {
    const { code, err } = await loadcast(['jobs'], { PORT: 'http' });
    expect(code).toBe(2);
    expect(err).toContain('PORT=http');
  });
});

describe('jobs', () => {
  let home: string;
  beforeAll(async () => {
    home = join(folder, 'home');
    const store = await openSqliteStore({ file: join(home, 'loadcast.sqlite') });
    const run = await store.startJobRun('ingest', null, Date.parse('2024-03-31T00:05:00Z'));
    await store.finishJobRun(run.id, Date.parse('2024-03-31T00:05:02Z'), 'Open-Meteo: 503');
    await store.close();
  });

  test('lists the runs for a person', async () => {
    const { code, out } = await loadcast(['jobs'], { LOADCAST_HOME: home });
    expect(code).toBe(0);
    expect(out).toBe('2024-03-31T00:05:00Z  ingest  failed in 2.0 s: Open-Meteo: 503\n');
  });

  test('--json alone gives nothing but JSON on standard output', async () => {
    const { out } = await loadcast(['jobs', '--json'], { LOADCAST_HOME: home });
    expect(JSON.parse(out)).toMatchObject([
      { job: 'ingest', state: 'failed', durationSeconds: 2, startedAt: '2024-03-31T00:05:00Z' },
    ]);
  });

  test('--json FILE writes the file whole and leaves nothing beside it', async () => {
    await loadcast(['jobs', '--json', join(folder, 'runs.json')], { LOADCAST_HOME: home });
    const text = await readFile(join(folder, 'runs.json'), 'utf8');
    expect(JSON.parse(text)).toHaveLength(1);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('a file that cannot be written ends with code 3', async () => {
    await writeFile(join(folder, 'file'), '');
    const { code, err } = await loadcast(['jobs', '--json', join(folder, 'file', 'runs.json')], {
      LOADCAST_HOME: home,
    });
    expect(code).toBe(3);
    expect(err).toMatch(/runs\.json cannot be written/);
  });
});

describe('doctor', () => {
  test('finds this machine fit, in JSON as well', async () => {
    const { code, out } = await loadcast(['doctor', '--json'], {
      LOADCAST_HOME: join(folder, 'home'),
    });
    const { findings } = z
      .object({ findings: z.array(z.object({ subject: z.string(), ok: z.boolean() })) })
      .parse(JSON.parse(out));
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.map(({ subject }) => subject)).toContain('neural engine');
    expect(code).toBe(0);
  });

  test('says what training computes with, and why', async () => {
    const home = join(folder, 'home');
    const { out } = await loadcast(['doctor'], { LOADCAST_HOME: home });
    expect(out).toMatch(
      /training +engine "auto": TensorFlow\.js on WebAssembly, our kernels \(TensorFlow: not installed; node .*install-tensorflow\.mjs .*home\/tensorflow installs it\)/,
    );
    const wanted = await loadcast(['doctor'], {
      LOADCAST_HOME: home,
      LOADCAST_ENGINE: 'tensorflow',
    });
    expect(wanted.code).toBe(2);
    expect(wanted.out).toMatch(/FAIL training +.*TensorFlow: not installed/);
  });

  test('a home that is a file fails by name, with code 2', async () => {
    const { code, out, err } = await loadcast(['doctor'], {
      LOADCAST_HOME: join(folder, 'package'),
    });
    expect([code, err]).toEqual([0, '']);
    await writeFile(join(folder, 'blocked'), '');
    const refused = await loadcast(['doctor'], { LOADCAST_HOME: join(folder, 'blocked', 'home') });
    expect(out).toContain('ok   home');
    expect(refused.code).toBe(2);
    expect(refused.out).toContain('FAIL home');
  });
});
