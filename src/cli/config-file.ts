import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeWholeFile } from '../jobs/write-whole-file.js';

const writtenConfig = z.looseObject({ series: z.array(z.unknown()).optional() });

/** A configuration file as it is written, defaults left out. */
export type WrittenConfig = z.infer<typeof writtenConfig>;

/** @returns null for a file that would lose something, such as its comments, if it were written again */
export async function readPlainConfig(file: string): Promise<WrittenConfig | null> {
  if (path.extname(file) !== '.json') return null;
  const text = await readFile(file, 'utf8');
  try {
    return writtenConfig.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Writes a configuration file, whole or not at all. */
export async function writeConfig(file: string, config: WrittenConfig): Promise<void> {
  await writeWholeFile(file, `${JSON.stringify(config, null, 2)}\n`);
}
