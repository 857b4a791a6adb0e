import { mkdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { LoadcastError, messageOf } from '../core/errors.js';
import { sha256Of } from './sha256.js';
import type { ModelFile } from './store.js';
import { writeWhole } from './write-whole.js';

/** The bytes of trained models in one folder, each file held to its SHA-256. */
export interface ModelFiles {
  /**
   * Writes a file whole or not at all, on the disk when it resolves.
   * @param relativePath inside the folder, such as `bundle-1/lstm.bin`
   * @throws {LoadcastError} INVALID_INPUT if the path leads out of the folder
   */
  write(relativePath: string, bytes: Uint8Array): Promise<ModelFile>;
  /** @throws {LoadcastError} DAMAGED_MODEL if the file is missing or not the one that was written */
  read(file: ModelFile): Promise<Uint8Array>;
}

/** @param folder made at the first write */
export function createModelFiles(folder: string): ModelFiles {
  return {
    async write(relativePath, bytes) {
      const target = confined(folder, relativePath);
      await mkdir(path.dirname(target), { recursive: true });
      await assertInside(folder, path.dirname(target), relativePath);
      await writeWhole(target, bytes);
      return { path: relativePath, sha256: sha256Of(bytes), bytes: bytes.byteLength };
    },

    async read(file) {
      const target = confined(folder, file.path);
      let bytes: Uint8Array;
      try {
        await assertInside(folder, target, file.path);
        bytes = await readFile(target);
      } catch (error) {
        if (error instanceof LoadcastError) throw error;
        throw new LoadcastError(
          'DAMAGED_MODEL',
          `Model file ${target} cannot be read (${messageOf(error)}); train again or restore it.`,
          { cause: error },
        );
      }
      const sha256 = sha256Of(bytes);
      if (sha256 !== file.sha256)
        throw new LoadcastError(
          'DAMAGED_MODEL',
          `Model file ${target} is damaged: SHA-256 is ${sha256} (${bytes.byteLength} bytes), ` +
            `was ${file.sha256} (${file.bytes} bytes); train again or restore it.`,
        );
      return bytes;
    },
  };
}

function confined(folder: string, relativePath: string): string {
  const root = path.resolve(folder);
  const target = path.resolve(root, relativePath);
  if (path.isAbsolute(relativePath) || relativePath.includes('\0') || !isInside(root, target))
    throw outside(folder, relativePath);
  return target;
}

/** Follows links, which `confined` cannot see. */
async function assertInside(folder: string, target: string, relativePath: string): Promise<void> {
  const [root, real] = await Promise.all([realpath(folder), realpath(target)]);
  if (real !== root && !isInside(root, real)) throw outside(folder, relativePath);
}

function isInside(root: string, target: string): boolean {
  return target.startsWith(root + path.sep);
}

function outside(folder: string, relativePath: string): LoadcastError {
  return new LoadcastError(
    'INVALID_INPUT',
    `Model file path ${JSON.stringify(relativePath)} leads out of the folder ${folder}.`,
  );
}
