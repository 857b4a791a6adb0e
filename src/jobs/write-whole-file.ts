import { rename, writeFile } from 'node:fs/promises';

/** Writes a text file that appears whole or not at all: beside its place first, then renamed. */
export async function writeWholeFile(path: string, text: string): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, text);
  await rename(partial, path);
}
