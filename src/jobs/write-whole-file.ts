import { rename, writeFile } from 'node:fs/promises';

/** Writes a file that appears whole or not at all: beside its place first, then renamed. */
export async function writeWholeFile(path: string, contents: string | Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, contents);
  await rename(partial, path);
}
