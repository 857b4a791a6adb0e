import { LoadcastError } from '../../core/errors.js';
import type { SavedBundle } from '../../forecast/bundle.js';
import { lstmManifest, type LstmManifest } from '../../models/lstm/manifest.js';
import { savedParameters } from '../../models/lstm/saved-parameters.js';
import { onnxModel } from '../../neural/export/onnx.js';
import { startEngine } from '../../neural/engines/engine.js';
import type { ModelFiles } from '../../store/model-files.js';
import type { BundleRecord, Series } from '../../store/store.js';
import { readBundle } from '../bundle-files.js';
import { sha256Of } from '../../store/sha256.js';
import { exportManifest, type ExportedModel, type ExportFormat } from './export-manifest.js';
import { writeFolder } from './write-folder.js';

export interface ExportRequest {
  readonly series: Series;
  readonly record: BundleRecord;
  readonly format: ExportFormat;
  /** made where missing */
  readonly folder: string;
}

/** Bytes by path inside the folder. */
export type FolderContents = Readonly<Record<string, Uint8Array>>;

/**
 * Writes the networks of a bundle's LSTM for other runtimes, one for each seed, and a `manifest.json` that says how to
 * use them. The same bundle gives the same bytes.
 * @throws {LoadcastError} DAMAGED_MODEL if a part of the bundle is damaged, NOT_FOUND if it has no LSTM, CONFLICT if the
 * folder holds other files, UNREADABLE_FILE if it cannot be written
 */
export async function exportLstm(
  modelFiles: ModelFiles,
  { series, record, format, folder }: ExportRequest,
): Promise<readonly ExportedModel[]> {
  const bundle = await readBundle(modelFiles, record);
  const { manifest, weights } = lstmOf(bundle);
  const models: ExportedModel[] = [];
  const contents: Record<string, Uint8Array> = {};
  for (const [index, parameters] of savedParameters(manifest, weights).entries()) {
    const seed = manifest.seeds[index]!;
    const made = await exportNetwork[format](manifest, parameters, seed, record);
    Object.assign(contents, made);
    const files = Object.entries(made).map(([path, bytes]) => ({
      path,
      sha256: sha256Of(bytes),
      bytes: bytes.byteLength,
    }));
    models.push({ seed, files });
  }
  const text = JSON.stringify(
    exportManifest({ series, record, format, manifest, models }),
    null,
    2,
  );
  // Last: where the manifest stands, all it names stands too.
  contents['manifest.json'] = new TextEncoder().encode(`${text}\n`);
  await writeFolder(folder, contents);
  return models;
}

function lstmOf({ card, members }: SavedBundle): { manifest: LstmManifest; weights: Uint8Array } {
  const saved = members.find(({ name }) => name === 'lstm');
  if (saved) return { manifest: lstmManifest(saved.manifest), weights: saved.weights };
  const reason = card.members.find(({ name }) => name === 'lstm')?.notFitted;
  throw new LoadcastError(
    'NOT_FOUND',
    `Bundle ${card.bundleId} has no LSTM to export${reason ? `: ${reason}` : ''}; \`loadcast models\` lists the bundles.`,
  );
}

type ExportNetwork = (
  manifest: LstmManifest,
  parameters: Float32Array,
  seed: number,
  record: BundleRecord,
) => Promise<FolderContents>;

const exportNetwork: Readonly<Record<ExportFormat, ExportNetwork>> = {
  onnx: async ({ network, features, levels }, parameters, seed, record) => ({
    [`lstm-seed-${seed}.onnx`]: onnxModel(network, parameters, {
      bundle: record.id,
      seed: String(seed),
      encoderFeatures: features.encoder.join(','),
      decoderFeatures: features.decoder.join(','),
      levels: levels?.join(',') ?? '',
      use: 'manifest.json',
    }),
  }),
  tfjs: async ({ network }, parameters, seed) => {
    // Loaded when asked for: no other command needs TensorFlow.js on this thread.
    const { tfjsLayersFiles } = await import('../../neural/export/tfjs-layers.js');
    await startEngine('wasm');
    const { modelJson, weightsBin } = await tfjsLayersFiles(network, parameters);
    const folder = `lstm-seed-${seed}`;
    return {
      [`${folder}/model.json`]: new TextEncoder().encode(JSON.stringify(modelJson)),
      [`${folder}/weights.bin`]: weightsBin,
    };
  },
};
