import { z } from 'zod';
import { LoadcastError } from '../core/errors.js';
import type { SavedMember } from './member.js';

/** How members are written and read that are a manifest in JSON and little-endian doubles. */

/** @param room bytes to leave after the numbers */
export function bytesOf(values: readonly number[], room = 0): Uint8Array {
  const bytes = new Uint8Array(8 * values.length + room);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setFloat64(8 * i, value, true);
  return bytes;
}

/** @throws {LoadcastError} DAMAGED_MODEL if it is none of that member */
export function readManifest<Manifest>(
  schema: z.ZodType<Manifest>,
  saved: SavedMember,
  name: string,
): Manifest {
  const parsed = schema.safeParse(saved.manifest);
  if (saved.name === name && parsed.success) return parsed.data;
  const reason = parsed.success ? '' : ` (${z.prettifyError(parsed.error)})`;
  throw new LoadcastError(
    'DAMAGED_MODEL',
    `The manifest of the member ${name} cannot be read${reason}; retrain.`,
  );
}

/** @throws {LoadcastError} DAMAGED_MODEL if the bytes are not as many as the manifest tells of */
export function assertBytes({ byteLength }: Uint8Array, expected: number, name: string): void {
  if (byteLength !== expected)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The member ${name} has ${byteLength} bytes of numbers, its manifest tells of ${expected}; retrain.`,
    );
}

/**
 * Reads the numbers one after the other.
 * @returns of each call the next value, any double
 */
export function doubleReader(bytes: Uint8Array): () => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return () => view.getFloat64(8 * at++, true);
}

/** The same where every value is a number. The reader throws a LoadcastError DAMAGED_MODEL at one that is not. */
export function finiteReader(bytes: Uint8Array, name: string): () => number {
  const next = doubleReader(bytes);
  return () => {
    const value = next();
    if (Number.isFinite(value)) return value;
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The member ${name} holds a value that is no number; retrain.`,
    );
  };
}
