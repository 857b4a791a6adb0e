import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { storeBundle } from '../../src/jobs/bundle-files.js';
import { createModelFiles } from '../../src/store/model-files.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { lstmBundle } from '../jobs/export/lstm-bundle.js';
import { aSeries } from '../store/samples.js';
import { loadcast, type Ended } from './loadcast.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'loadcast-models-'));
  const store = await openSqliteStore({ file: join(home, 'loadcast.sqlite') });
  await store.saveSeries(aSeries({ id: 'victoria', name: 'Victoria' }));
  await store.saveSeries(aSeries({ id: 'mill', name: 'Mill' }));
  const files = createModelFiles(join(home, 'models'));
  await storeBundle(store, files, lstmBundle('victoria-b1'), 1_000);
  await storeBundle(store, files, lstmBundle('victoria-b2'), 2_000);
  await store.close();
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await rm(home, { recursive: true });
});

const damages = (bundle: { files: { path: string; damage: string | null }[] }): string[] =>
  bundle.files.filter(({ damage }) => damage !== null).map(({ path }) => path);

const models = (...args: string[]): Promise<Ended> =>
  loadcast(['models', ...args], { LOADCAST_HOME: home });

describe('models', () => {
  test('lists the bundles of a series, newest first', async () => {
    const { code, out } = await models('Victoria');
    expect(code).toBe(0);
    expect(out).toMatch(/^victoria-b2 {2}champion\n/);
    expect(out).toMatch(/^victoria-b1 {2}retired$/m);
    expect(out).toContain('trained 2024-01-02T00:00:00Z on 2013-12-31T14:00:00Z to 2014-03-08T');
    expect(out).toContain('members lstm, prophet (left out); MAPE on the test part – %');
    expect(out).toMatch(/3 files, \d+\.\d kB/);
  });

  test('as JSON names members, span, figures and files', async () => {
    const { code, out } = await models('list', '--series', 'Victoria', '--json');
    expect(code).toBe(0);
    const [newest, older] = JSON.parse(out);
    expect(newest).toMatchObject({
      id: 'victoria-b2',
      state: 'champion',
      firstHour: '2013-12-31T14:00:00Z',
      testMapePct: null,
      members: [{ name: 'lstm', notFitted: null }, { name: 'prophet' }],
    });
    expect(newest.files.map(({ path }: { path: string }) => path)).toEqual([
      'victoria/victoria-b2/lstm.json',
      'victoria/victoria-b2/lstm.bin',
      'victoria/victoria-b2/past.json',
    ]);
    expect(older.state).toBe('retired');
  });

  test('of a series without any says what makes them', async () => {
    const { code, out } = await models('Mill');
    expect([code, out]).toEqual([
      0,
      '"Mill" has no trained models yet; `loadcast train` makes them.\n',
    ]);
  });
});

describe('models verify', () => {
  test('finds whole files whole, of all series', async () => {
    const { code, out } = await models('verify');
    expect(code).toBe(0);
    expect(out).toBe(
      'victoria-b2  champion  3 files, whole\nvictoria-b1  retired  3 files, whole\n',
    );
  });

  test.each(['lstm.json', 'lstm.bin', 'past.json'])(
    'finds one flipped bit of %s, names the file and ends with code 7',
    async (name) => {
      const file = join(home, 'models', 'victoria', 'victoria-b1', name);
      const whole = await readFile(file);
      const damaged = Buffer.from(whole);
      damaged[whole.length - 1]! ^= 1;
      await writeFile(file, damaged);
      const person = await models('verify', 'Victoria');
      expect(person.code).toBe(7);
      expect(person.out).toContain('victoria-b2  champion  3 files, whole\n');
      expect(person.out).toContain('victoria-b1  retired  3 files, 1 damaged\n');
      expect(person.err).toBe(
        `error: 1 of 6 model files are damaged: victoria/victoria-b1/${name}; train again or restore them.\n`,
      );
      const machine = await models('verify', 'Victoria', '--json');
      expect(machine.code).toBe(7);
      const [newest, older] = JSON.parse(machine.out);
      expect([damages(newest), damages(older)]).toEqual([[], [`victoria/victoria-b1/${name}`]]);
      await writeFile(file, whole);
    },
  );

  test('finds a file that is gone', async () => {
    const file = join(home, 'models', 'victoria', 'victoria-b2', 'lstm.bin');
    const whole = await readFile(file);
    await rm(file);
    const { code, out } = await models('verify', 'Victoria');
    expect(code).toBe(7);
    expect(out).toMatch(/victoria-b2\/lstm\.bin: .*cannot be read/);
    await writeFile(file, whole);
  });

  test('a series without models has nothing to verify', async () => {
    const { code, out } = await models('verify', 'Mill');
    expect([code, out]).toEqual([0, 'There are no models to verify.\n']);
  });
});

describe('models export', () => {
  test('writes the champion, and says where and what', async () => {
    const out = join(home, 'exported');
    const ended = await models('export', 'Victoria', '--format', 'onnx', '--out', out, '--json');
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.out)).toMatchObject({
      bundle: 'victoria-b2',
      format: 'onnx',
      folder: out,
      models: [{ seed: 1000, files: [{ path: 'lstm-seed-1000.onnx' }] }, { seed: 1001 }],
    });
    const again = await models('export', 'Victoria', '--format', 'onnx', '--out', out);
    expect(again.out).toBe(
      `Wrote the LSTM of victoria-b2, seeds 1000 and 1001, as onnx to ${out}; manifest.json says how to use it.\n`,
    );
    const other = await models('export', 'Victoria', '--format', 'tfjs', '--out', out);
    expect(other.code).toBe(5);
    expect(other.err).toContain('holds other files (lstm-seed-1000.onnx, lstm-seed-1001.onnx)');
  });

  test('writes an older bundle by its id', async () => {
    const out = join(home, 'older');
    const args = ['--format', 'tfjs', '--out', out, '--bundle', 'victoria-b1', '--json'];
    const { code, out: printed } = await models('export', 'Victoria', ...args);
    expect([code, JSON.parse(printed).bundle]).toEqual([0, 'victoria-b1']);
    const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
    expect(manifest.bundle).toBe('victoria-b1');
  });

  test.each([
    [['Mill', '--format', 'onnx', '--out', 'x'], 4, '"Mill" has no trained models yet'],
    [
      ['Victoria', '--format', 'onnx', '--out', 'x', '--bundle', 'b9'],
      4,
      '"Victoria" has no bundle b9; there are: victoria-b2, victoria-b1.',
    ],
    [['Victoria', '--format', 'pmml', '--out', 'x'], 2, 'Allowed choices are onnx, tfjs'],
    [['Victoria', '--out', 'x'], 2, '--format'],
    [['Victoria', '--format', 'onnx'], 2, '--out'],
    [['--format', 'onnx', '--out', 'x'], 2, 'there are: '],
  ])('%j is refused', async (args, code, message) => {
    const ended = await models('export', ...args);
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(message);
  });
});
