import { existsSync } from 'node:fs';
import path from 'node:path';

/** The same code over another library; whichever of the two is installed. */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** @returns the package to load, or null if none is installed in that folder */
export function findTensorflow(folder: string): string | null {
  const isThere = (name: string): boolean =>
    existsSync(path.join(folder, 'node_modules', name, 'package.json'));
  return PACKAGES.find(isThere) ?? null;
}
