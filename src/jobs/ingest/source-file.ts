import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fileOptions } from '../../ingest/file-options.js';
import { writeWholeFile } from '../write-whole-file.js';

/** How a series' file was read, so that it can be read again when it changes. */
const sourceSchema = z.strictObject({
  file: z.string().min(1),
  modifiedMs: z.number(),
  options: fileOptions,
});

export type SourceFile = z.infer<typeof sourceSchema>;

/** Stores the source of a series, whole or not at all. */
export async function rememberSource(
  folder: string,
  seriesId: string,
  source: SourceFile,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWholeFile(pathOf(folder, seriesId), `${JSON.stringify(source, null, 2)}\n`);
}

/** @returns null for a series that was not imported from a file */
export async function recallSource(folder: string, seriesId: string): Promise<SourceFile | null> {
  let text: string;
  try {
    text = await readFile(pathOf(folder, seriesId), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return sourceSchema.parse(JSON.parse(text));
}

function pathOf(folder: string, seriesId: string): string {
  return join(folder, `${seriesId}.json`);
}
