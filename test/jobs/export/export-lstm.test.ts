import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dayMs, hourMs } from '../../../src/core/time.js';
import { buildFeatureTable } from '../../../src/features/build-feature-table.js';
import { storeBundle } from '../../../src/jobs/bundle-files.js';
import { exportLstm } from '../../../src/jobs/export/export-lstm.js';
import {
  exportFormats,
  type ExportedModel,
  type ExportFormat,
} from '../../../src/jobs/export/export-manifest.js';
import { emptyBatch, fillSample, lstmColumns } from '../../../src/models/lstm/inputs.js';
import { lstmMember } from '../../../src/models/lstm/lstm.js';
import type { BundleRecord, Series } from '../../../src/store/store.js';
import { victoriaHistory } from '../../forecast/sample-history.js';
import { readOnnx } from '../../neural/export/read-onnx.js';
import { dataStartMs, openJobHome, storeSeries, type JobHome } from '../job-home.js';
import { lstmBundle } from './lstm-bundle.js';

const manifestSchema = z.looseObject({
  scaler: z.object({
    scale: z.enum(['log', 'linear']),
    logLoadMean: z.number(),
    logLoadDeviation: z.number(),
    temperatureMean: z.number(),
    temperatureDeviation: z.number(),
  }),
  inputs: z.record(
    z.string(),
    z.object({
      shape: z.tuple([z.literal('batch'), z.int(), z.int()]),
      steps: z.string(),
      features: z.array(z.object({ name: z.string(), meaning: z.string() })),
    }),
  ),
  outputs: z.looseObject({ levels: z.array(z.number()), point: z.int() }),
  models: z.array(
    z.object({
      seed: z.int(),
      files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.int() })),
    }),
  ),
});

let home: JobHome;
let series: Series;
let record: BundleRecord;
let out: string;
beforeEach(async () => {
  home = await openJobHome();
  series = await storeSeries(home, 1);
  record = await store();
  out = path.join(home.folder, 'out');
});
afterEach(() => home.close());

async function store(bundle = lstmBundle()): Promise<BundleRecord> {
  return storeBundle(home.services.store, home.services.modelFiles, bundle, 5);
}

function exported(format: ExportFormat, of: BundleRecord): Promise<readonly ExportedModel[]> {
  return exportLstm(home.services.modelFiles, { series, record: of, format, folder: out });
}

async function writtenManifest(): Promise<z.infer<typeof manifestSchema>> {
  const text = await readFile(path.join(out, 'manifest.json'), 'utf8');
  return manifestSchema.parse(JSON.parse(text));
}

describe.each(exportFormats)('an export as %s', (format) => {
  test('holds a network for each seed, and each file with its SHA-256 in the manifest', async () => {
    const models = await exported(format, record);
    const manifest = await writtenManifest();
    expect(manifest.models).toEqual(models);
    expect(models.map(({ seed }) => seed)).toEqual([1000, 1001]);
    const files = models.flatMap((model) => model.files);
    expect(files).toHaveLength(format === 'onnx' ? 2 : 4);
    for (const file of files) {
      const bytes = await readFile(path.join(out, file.path));
      expect(file.bytes).toBe(bytes.byteLength);
      expect(file.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
    // Two seeds are two networks.
    expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(format === 'onnx' ? 2 : 3);
  });

  test('tells architecture, scaler, inputs by name, levels, span and units', async () => {
    await exported(format, record);
    const manifest = await writtenManifest();
    expect(manifest).toMatchObject({
      format,
      series: 'victoria',
      zone: 'Australia/Melbourne',
      holidayRegion: 'AU-VIC',
      bundle: 'victoria-b1',
      trainedAt: '2024-01-02T00:00:00Z',
      trainingSpan: { first: '2013-12-31T14:00:00Z', end: '2014-03-08T06:00:00Z' },
      seeds: [1000, 1001],
      network: { units: 4, attention: true },
      scaler: { logLoadMean: 8.4, temperatureDeviation: 6 },
      units: { load: 'MW', temperature: '°C' },
      outputs: { shape: ['batch', 72, 7], point: 3 },
    });
    expect(manifest.inputs['encoder']?.shape).toEqual(['batch', 168, 8]);
    expect(manifest.inputs['encoder']?.features.map(({ name }) => name)).toEqual([
      'loadZ',
      'temperatureZ',
      'temperature24hZ',
      'temperature72hZ',
      'hourSin',
      'hourCos',
      'weekend',
      'holiday',
    ]);
    expect(manifest.inputs['decoder']?.features).toHaveLength(29);
  });

  test('is the same bytes each time, and may replace itself', async () => {
    const first = await exported(format, record);
    const manifest = await readFile(path.join(out, 'manifest.json'), 'utf8');
    expect(await exported(format, record)).toEqual(first);
    expect(await readFile(path.join(out, 'manifest.json'), 'utf8')).toBe(manifest);
  });

  test('is refused where a folder holds anything else, which stays as it was', async () => {
    await mkdir(path.join(out, 'deep'), { recursive: true });
    const mine = path.join(out, 'deep', 'thesis.txt');
    await writeFile(mine, 'years of work');
    const refused = exported(format, record);
    await expect(refused).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `Folder ${out} holds other files (${path.join('deep', 'thesis.txt')}); name an empty or a new one.`,
    });
    expect(await readdir(out)).toEqual(['deep']);
    expect(await readFile(mine, 'utf8')).toBe('years of work');
  });

  test('that fails half-way leaves no manifest beside files that it does not describe', async () => {
    const first = await exported(format, record);
    const last = first.at(-1)?.files.at(-1)?.path ?? '';
    await rm(path.join(out, last));
    await mkdir(path.join(out, last));
    await expect(exported(format, record)).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
    expect(await readdir(out)).not.toContain('manifest.json');

    await rm(path.join(out, last), { recursive: true });
    // what a kill in the middle of a write leaves
    await writeFile(path.join(out, `${last}.0e0c.tmp`), 'half');
    expect(await exported(format, record)).toEqual(first);
    expect((await writtenManifest()).models).toEqual(first);
  });

  test('of a bundle with a damaged part is refused by its name, and writes nothing', async () => {
    for (const { path: part } of record.files) {
      const file = path.join(home.folder, 'models', part);
      const whole = await readFile(file);
      const damaged = Buffer.from(whole);
      damaged[Math.floor(whole.length / 2)]! ^= 4;
      await writeFile(file, damaged);
      await expect(exported(format, record)).rejects.toMatchObject({
        code: 'DAMAGED_MODEL',
        message: expect.stringContaining(part),
      });
      await writeFile(file, whole);
    }
    expect(await readdir(home.folder)).not.toContain('out');
  });
});

test('one format is not written over the other', async () => {
  await exported('onnx', record);
  await expect(exported('tfjs', record)).rejects.toThrow(
    'holds other files (lstm-seed-1000.onnx, lstm-seed-1001.onnx)',
  );
});

test('a path that is a file cannot be written', async () => {
  await writeFile(out, 'a file');
  await expect(exported('onnx', record)).rejects.toMatchObject({
    code: 'UNREADABLE_FILE',
    message: expect.stringContaining(out),
  });
});

test('a bundle without LSTM is refused with the reason that it has', async () => {
  const bundle = lstmBundle('victoria-b2');
  const without = await store({
    ...bundle,
    card: {
      ...bundle.card,
      members: bundle.card.members.map((member) => ({ ...member, notFitted: 'it diverged' })),
    },
    members: [],
  });
  await expect(exported('onnx', without)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message:
      'Bundle victoria-b2 has no LSTM to export: it diverged; `loadcast models` lists the bundles.',
  });
});

test('an ONNX file tells where it comes from and what it reads', async () => {
  await exported('onnx', record);
  const { metadata, inputs } = readOnnx(await readFile(path.join(out, 'lstm-seed-1001.onnx')));
  expect(metadata).toMatchObject({ bundle: 'victoria-b1', seed: '1001' });
  expect(metadata['encoderFeatures']).toMatch(/^loadZ,temperatureZ,/);
  expect(metadata['decoderFeatures']?.split(',')).toHaveLength(29);
  expect(inputs['decoder']).toEqual(['batch', 72, 29]);
});

test('with the exported files alone the forecast is the one that we serve', async () => {
  const history = victoriaHistory();
  const issuedAtMs = dataStartMs + 40 * dayMs;
  const table = buildFeatureTable({
    history,
    issuedAtMs,
    startMs: dataStartMs,
    endMs: issuedAtMs + 72 * hourMs,
  });
  const served = await lstmMember.restore(lstmBundle().members[0]!);
  const { pointMw } = served.predict(table);
  served.dispose();

  await exported('tfjs', record);
  const { scaler, inputs, outputs, models } = await writtenManifest();
  const batch = inputBatch();
  const pointsMw = await Promise.all(models.map(({ files }) => pointsOf(files[0]!.path)));
  for (const [hour, mw] of pointMw.entries()) {
    const mean = pointsMw.reduce((sum, points) => sum + points[hour]!, 0) / models.length;
    expect(mean / mw).toBeCloseTo(1, 5);
  }

  function inputBatch(): { encoder: tf.Tensor; decoder: tf.Tensor } {
    const columns = lstmColumns(table, scaler, true);
    const { encoder, decoder } = emptyBatch(columns, 1);
    fillSample(
      columns,
      table.originIndex,
      0,
      { encoder, decoder, target: new Float32Array(72) },
      0,
    );
    const [, ...encoderShape] = inputs['encoder']!.shape;
    const [, ...decoderShape] = inputs['decoder']!.shape;
    return {
      encoder: tf.tensor(encoder, [1, ...encoderShape]),
      decoder: tf.tensor(decoder, [1, ...decoderShape]),
    };
  }

  async function pointsOf(modelJson: string): Promise<number[]> {
    const file = path.join(out, modelJson);
    const json: tf.io.ModelJSON = JSON.parse(await readFile(file, 'utf8'));
    const artifacts = await tf.io.getModelArtifactsForJSON(json, async (groups) => {
      const bytes = await Promise.all(
        groups
          .flatMap(({ paths }) => paths)
          .map((name) => readFile(path.join(path.dirname(file), name))),
      );
      return [
        groups.flatMap(({ weights }) => weights),
        new Uint8Array(Buffer.concat(bytes)).buffer,
      ];
    });
    const model = await loadLayersModel(tf.io.fromMemory(artifacts));
    const predicted = model.predict([batch.encoder, batch.decoder]);
    if (Array.isArray(predicted)) throw new Error('The model has more than one output.');
    const values = await predicted.data<'float32'>();
    return Array.from({ length: 72 }, (_, hour) =>
      Math.exp(
        values[hour * outputs.levels.length + outputs.point]! * scaler.logLoadDeviation +
          scaler.logLoadMean,
      ),
    );
  }
});
