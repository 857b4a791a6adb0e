import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createModelFiles } from '../../src/store/model-files.js';

const weights = new Uint8Array([1, 2, 3, 250]);

describe('model files', () => {
  let home: string;
  let folder: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'loadcast-models-'));
    folder = path.join(home, 'models');
  });
  afterEach(() => rm(home, { recursive: true }));

  it('are read back byte for byte and leave no temporary file', async () => {
    const files = createModelFiles(folder);
    const file = await files.write('bundle-1/lstm.bin', weights);
    expect(file).toEqual({
      path: 'bundle-1/lstm.bin',
      bytes: 4,
      sha256: createHash('sha256').update(weights).digest('hex'),
    });
    expect(new Uint8Array(await files.read(file))).toEqual(weights);
    expect(await readdir(path.join(folder, 'bundle-1'))).toEqual(['lstm.bin']);
  });

  it('are replaced as a whole', async () => {
    const files = createModelFiles(folder);
    await files.write('a.bin', new Uint8Array(1_000));
    const file = await files.write('a.bin', weights);
    expect(new Uint8Array(await files.read(file))).toEqual(weights);
  });

  it.each([
    ['with one changed bit', (file: string) => writeFile(file, new Uint8Array([1, 2, 3, 251]))],
    ['cut short', (file: string) => truncate(file, 2)],
    ['that is missing', (file: string) => rm(file)],
  ])('a file %s is refused by name', async (_, damage) => {
    const files = createModelFiles(folder);
    const file = await files.write('a.bin', weights);
    const onDisk = path.join(folder, 'a.bin');
    await damage(onDisk);
    await expect(files.read(file)).rejects.toMatchObject({
      code: 'DAMAGED_MODEL',
      message: expect.stringContaining(onDisk),
    });
  });

  it('name both hashes of a damaged file', async () => {
    const files = createModelFiles(folder);
    const file = await files.write('a.bin', weights);
    const other = new Uint8Array([9]);
    await writeFile(path.join(folder, 'a.bin'), other);
    const now = createHash('sha256').update(other).digest('hex');
    await expect(files.read(file)).rejects.toThrow(new RegExp(`${now}.*${file.sha256}`));
  });

  it.each(['../secret', 'a/../../secret', '/etc/passwd', 'a\0b', ''])(
    'a path that leads out of the folder is refused: %j',
    async (bad) => {
      const files = createModelFiles(folder);
      await writeFile(path.join(home, 'secret'), 'x');
      await expect(files.write(bad, weights)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(files.read({ path: bad, sha256: '', bytes: 0 })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
      expect(await readFile(path.join(home, 'secret'), 'utf8')).toBe('x');
    },
  );

  it('a link that leads out of the folder is refused', async () => {
    const files = createModelFiles(folder);
    await files.write('a.bin', weights);
    await symlink(home, path.join(folder, 'out'));
    await expect(files.write('out/b.bin', weights)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
