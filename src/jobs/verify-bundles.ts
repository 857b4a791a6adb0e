import { LoadcastError } from '../core/errors.js';
import type { ModelFiles } from '../store/model-files.js';
import type { BundleRecord, ModelFile } from '../store/store.js';

export interface VerifiedBundle {
  readonly record: BundleRecord;
  readonly files: readonly VerifiedFile[];
}

export interface VerifiedFile extends ModelFile {
  /** what is wrong with it, or null */
  readonly damage: string | null;
}

/** Holds each file of a bundle to the SHA-256 that was stored with it. */
export async function verifyBundle(
  modelFiles: ModelFiles,
  record: BundleRecord,
): Promise<VerifiedBundle> {
  const files: VerifiedFile[] = [];
  for (const file of record.files)
    files.push({ ...file, damage: await damageOf(modelFiles, file) });
  return { record, files };
}

async function damageOf(modelFiles: ModelFiles, file: ModelFile): Promise<string | null> {
  try {
    await modelFiles.read(file);
    return null;
  } catch (error) {
    if (error instanceof LoadcastError) return error.message;
    throw error;
  }
}
