import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { LoadcastError, messageOf } from '../../core/errors.js';
import { writeWhole } from '../../store/write-whole.js';

const namedAtMost = 3;

/**
 * Writes files into a folder, in their order, each whole or not at all. Files of the same names are replaced; the last
 * one, which names the others, is taken away before the first is written, so that it never stands beside files that it
 * does not describe.
 * @param contents bytes by path inside the folder, with `/`
 * @throws {LoadcastError} CONFLICT if the folder holds other files, UNREADABLE_FILE if it cannot be written
 */
export async function writeFolder(
  folder: string,
  contents: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const names = Object.keys(contents);
    await assertNothingElse(folder, names);
    for (const name of names.slice(-1)) await rm(path.join(folder, name), { force: true });
    for (const [name, bytes] of Object.entries(contents)) {
      const target = path.join(folder, name);
      await mkdir(path.dirname(target), { recursive: true });
      await writeWhole(target, bytes);
    }
  } catch (error) {
    if (error instanceof LoadcastError) throw error;
    throw new LoadcastError(
      'UNREADABLE_FILE',
      `Folder ${folder} cannot be written: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

async function assertNothingElse(folder: string, names: readonly string[]): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const others = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => !names.includes(name) && !names.some((ours) => isUnfinished(name, ours)));
  if (others.length === 0) return;
  const more = others.length > namedAtMost ? ` and ${others.length - namedAtMost} more` : '';
  throw new LoadcastError(
    'CONFLICT',
    `Folder ${folder} holds other files (${others.slice(0, namedAtMost).join(', ')}${more}); ` +
      'name an empty or a new one.',
  );
}

/** What a write that was killed leaves behind. */
function isUnfinished(name: string, ours: string): boolean {
  return name.startsWith(`${ours}.`) && name.endsWith('.tmp');
}
