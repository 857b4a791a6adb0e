import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `node_modules` was installed from: lock file and major version of Node (native modules depend on it). */
export function wantedStamp(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const major = process.versions.node.split('.')[0];
  return `${createHash('sha256').update(lock).digest('hex')} node ${major}\n`;
}

export function stampFile(root) {
  return join(root, 'node_modules', '.loadcast-stamp');
}

/** True if `node_modules` was installed, whole, from the lock file as it is now. */
export function isInstalled(root) {
  try {
    return readFileSync(stampFile(root), 'utf8') === wantedStamp(root);
  } catch {
    return false;
  }
}

export function writeStamp(root) {
  writeFileSync(stampFile(root), wantedStamp(root));
}
