import { z } from 'zod';
import { LoadcastError, messageOf } from '../core/errors.js';
import type { SavedBundle, SavedPastForecast } from '../forecast/bundle.js';
import type { ModelFiles } from '../store/model-files.js';
import type { BundleRecord, ModelFile, Store } from '../store/store.js';

const pastSchema = z.array(
  z.strictObject({
    issuedAtMs: z.int(),
    memberMw: z.record(z.string(), z.array(z.number().nullable())),
    blendMw: z.array(z.number().nullable()),
  }),
);
const pastFile = 'past.json';

/** Writes the parts of a bundle as files, then its record: a bundle is there whole or not at all. */
export async function storeBundle(
  store: Store,
  files: ModelFiles,
  saved: SavedBundle,
  nowMs: number,
): Promise<BundleRecord> {
  const { card } = saved;
  const folder = `${card.seriesId}/${card.bundleId}`;
  const written: ModelFile[] = [];
  const write = async (name: string, bytes: Uint8Array): Promise<void> => {
    written.push(await files.write(`${folder}/${name}`, bytes));
  };
  for (const member of saved.members) {
    await write(`${member.name}.json`, json(member.manifest));
    await write(`${member.name}.bin`, member.weights);
  }
  await write(pastFile, json(saved.past));
  const record: BundleRecord = {
    id: card.bundleId,
    seriesId: card.seriesId,
    createdAtMs: nowMs,
    state: 'champion',
    card,
    files: written,
  };
  await store.saveBundle(record);
  return record;
}

/**
 * Reads a bundle's parts, each held to its SHA-256.
 * @throws {LoadcastError} DAMAGED_MODEL naming the part
 */
export async function readBundle(files: ModelFiles, record: BundleRecord): Promise<SavedBundle> {
  const parts = new Map<string, Uint8Array>();
  for (const file of record.files) parts.set(baseName(file.path), await files.read(file));
  const part = (name: string): Uint8Array => {
    const bytes = parts.get(name);
    if (bytes) return bytes;
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `Bundle ${record.id} lacks its part ${name}; retrain.`,
    );
  };
  const names = [...parts.keys()].filter((name) => name.endsWith('.bin'));
  return {
    card: record.card,
    members: names.map((file) => {
      const name = file.slice(0, -'.bin'.length);
      return {
        name,
        manifest: parse(part(`${name}.json`), `${name}.json`),
        weights: part(file),
      };
    }),
    past: readPast(part(pastFile)),
  };
}

function readPast(bytes: Uint8Array): SavedPastForecast[] {
  const parsed = pastSchema.safeParse(parse(bytes, pastFile));
  if (parsed.success) return parsed.data;
  throw new LoadcastError(
    'DAMAGED_MODEL',
    `${pastFile} cannot be read (${z.prettifyError(parsed.error).slice(0, 200)}); retrain.`,
  );
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function parse(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new LoadcastError('DAMAGED_MODEL', `${name} is not JSON: ${messageOf(error)}; retrain.`, {
      cause: error,
    });
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
