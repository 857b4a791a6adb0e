import { LoadcastError } from '../../core/errors.js';
import { describeTensorflow } from './describe-tensorflow.js';
import type { EngineChoice } from './engine.js';

/** `auto` takes TensorFlow where it finds a GPU, and our kernels everywhere else. */
export const enginePreferences = ['auto', 'wasm', 'tensorflow'] as const;
export type EnginePreference = (typeof enginePreferences)[number];

export interface ChosenEngine {
  readonly engine: EngineChoice;
  /** what else there was and why it is not used, or what it runs on */
  readonly reason: string;
}

/**
 * The engine to train with. TensorFlow is looked for, which takes a second where it is installed, unless `wasm` is
 * preferred.
 * @param folder where TensorFlow would be installed
 * @throws LoadcastError INVALID_CONFIG if TensorFlow is preferred and cannot be used
 */
export async function chooseEngine(
  preference: EnginePreference,
  folder: string,
): Promise<ChosenEngine> {
  if (preference === 'wasm') return { engine: 'wasm', reason: 'as configured' };
  const found = await describeTensorflow(folder);
  if (!found.available) {
    const reason = `TensorFlow: ${found.reason}`;
    if (preference === 'auto') return { engine: 'wasm', reason };
    throw new LoadcastError('INVALID_CONFIG', `The engine is to be tensorflow. ${reason}`);
  }
  const version = `TensorFlow ${found.version}`;
  if (found.gpu || preference === 'tensorflow') {
    const device = found.gpu ? 'a GPU found' : 'on the CPU, where it gains little or nothing';
    return { engine: { tensorflow: folder }, reason: `${version}, ${device}` };
  }
  return {
    engine: 'wasm',
    reason: `${version} finds no GPU, and on a CPU it gains little or nothing`,
  };
}
