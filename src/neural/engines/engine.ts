import type { Operators } from '../operators/operators.js';

/**
 * What computes the network: `wasm` is TensorFlow.js with our kernels, on any machine; `plain` is TensorFlow.js alone,
 * the reference; `tensorflow` is TensorFlow itself, out of the folder it is installed in and in a worker thread only.
 */
export type EngineChoice = 'wasm' | 'plain' | TensorflowChoice;

export interface TensorflowChoice {
  readonly tensorflow: string;
}

export type EngineName = 'wasm' | 'plain' | 'tensorflow';

export interface Engine {
  readonly name: EngineName;
  readonly operators: Operators;
}

export function engineName(choice: EngineChoice): EngineName {
  return typeof choice === 'object' ? 'tensorflow' : choice;
}

/** For a person. */
export function engineTitle(choice: EngineChoice): string {
  if (typeof choice === 'object') return 'TensorFlow, its own LSTM';
  return choice === 'wasm' ? 'TensorFlow.js on WebAssembly, our kernels' : 'TensorFlow.js alone';
}

/**
 * Starts an engine on the calling thread, once; a second one on the same thread takes its place as the backend.
 * @throws LoadcastError INVALID_CONFIG if TensorFlow is not there or cannot be loaded
 */
export async function startEngine(choice: EngineChoice): Promise<Engine> {
  const name = engineName(choice);
  if (typeof choice === 'string') return { name, operators: await start[choice]() };
  const { startTensorflow } = await import('./tensorflow-engine.js');
  return { name, operators: startTensorflow(choice.tensorflow) };
}

// Loaded when asked for: each brings a backend of TensorFlow.js with it, and a thread needs one of them.
const start: Readonly<Record<'wasm' | 'plain', () => Promise<Operators>>> = {
  wasm: async () => {
    const { initialiseBackend } = await import('../backend.js');
    const { fusedOperators } = await import('../operators/fused/fused-operators.js');
    await initialiseBackend();
    return fusedOperators;
  },
  plain: async () => {
    const { startPlainBackend } = await import('./plain-engine.js');
    const { plainOperators } = await import('../operators/plain-operators.js');
    await startPlainBackend();
    return plainOperators;
  },
};
