import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SavedBundle } from '../../src/forecast/bundle.js';
import { readBundle, storeBundle } from '../../src/jobs/bundle-files.js';
import { bundleOf } from '../forecast/sample-members.js';
import { openJobHome, storeSeries, type JobHome } from './job-home.js';

const { card } = bundleOf([]);
const saved: SavedBundle = {
  card: { ...card, bundleId: 'victoria-b1', seriesId: 'victoria' },
  members: [
    { name: 'prophet', manifest: { terms: [1, 0.1 + 0.2] }, weights: new Uint8Array([0, 255, 7]) },
    { name: 'lstm-stacked', manifest: { 'a/b': null }, weights: new Uint8Array(0) },
  ],
  past: [
    { issuedAtMs: 3_600_000, memberMw: { prophet: [1.5, null] }, blendMw: [1.5, null] },
    { issuedAtMs: 7_200_000, memberMw: {}, blendMw: [] },
  ],
};

let home: JobHome;
beforeEach(async () => {
  home = await openJobHome();
  await storeSeries(home, 1);
});
afterEach(() => home.close());

test('a bundle is read as it was stored, members in their order', async () => {
  const { store, modelFiles } = home.services;
  const record = await storeBundle(store, modelFiles, saved, 5);
  const champion = await store.championBundle('victoria');
  expect(champion).toEqual(record);
  expect(record).toMatchObject({ id: 'victoria-b1', state: 'champion', createdAtMs: 5 });
  const read = await readBundle(modelFiles, record);
  expect({
    ...read,
    members: read.members.map((m) => ({ ...m, weights: [...m.weights] })),
  }).toEqual({ ...saved, members: saved.members.map((m) => ({ ...m, weights: [...m.weights] })) });
});

test('one changed bit in any part is a damaged model that names the part', async () => {
  const { store, modelFiles } = home.services;
  const record = await storeBundle(store, modelFiles, saved, 5);
  for (const { path: part, bytes } of record.files) {
    if (bytes === 0) continue;
    const file = path.join(home.folder, 'models', part);
    const whole = await readFile(file);
    const damaged = Buffer.from(whole);
    damaged[0] = (damaged[0] ?? 0) ^ 1;
    await writeFile(file, damaged);
    const error = await readBundle(modelFiles, record).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'DAMAGED_MODEL' });
    expect(String(error)).toContain(part);
    await writeFile(file, whole);
  }
  await expect(readBundle(modelFiles, record)).resolves.toBeDefined();
});

test('a part that is gone is named', async () => {
  const { store, modelFiles } = home.services;
  const record = await storeBundle(store, modelFiles, saved, 5);
  await rm(path.join(home.folder, 'models', 'victoria', 'victoria-b1', 'prophet.bin'));
  await expect(readBundle(modelFiles, record)).rejects.toMatchObject({
    code: 'DAMAGED_MODEL',
    message: expect.stringContaining('prophet.bin'),
  });
  const less = { ...record, files: record.files.filter((f) => !f.path.endsWith('prophet.bin')) };
  const partly = await readBundle(modelFiles, less);
  expect(partly.members.map(({ name }) => name)).toEqual(['lstm-stacked']);
  const withoutPast = { ...less, files: less.files.filter((f) => !f.path.endsWith('past.json')) };
  await expect(readBundle(modelFiles, withoutPast)).rejects.toThrow(
    'Bundle victoria-b1 lacks its part past.json; retrain.',
  );
});

test('a record of past forecasts in another shape is refused by name', async () => {
  const { modelFiles } = home.services;
  const file = await modelFiles.write(
    'victoria/odd/past.json',
    Buffer.from('[{"issuedAtMs":"x"}]'),
  );
  const record = {
    id: 'odd',
    seriesId: 'victoria',
    createdAtMs: 1,
    state: 'champion',
    card,
    files: [file],
  } as const;
  await expect(readBundle(modelFiles, record)).rejects.toMatchObject({
    code: 'DAMAGED_MODEL',
    message: expect.stringMatching(/^past\.json cannot be read \(.*; retrain\.$/s),
  });
});
