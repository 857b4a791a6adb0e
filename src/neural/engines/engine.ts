import type { Operators } from '../operators/operators.js';

/**
 * What computes the network: `wasm` is TensorFlow.js with our kernels, on any machine; `plain` is TensorFlow.js alone, the
 * reference.
 */
export type EngineName = 'wasm' | 'plain';

export interface Engine {
  readonly name: EngineName;
  readonly operators: Operators;
}

/** Starts an engine on the calling thread, once; a second one on the same thread takes its place as the backend. */
export async function startEngine(name: EngineName): Promise<Engine> {
  return { name, operators: await start[name]() };
}

// Loaded when asked for: each brings a backend of TensorFlow.js with it, and a thread needs one of them.
const start: Readonly<Record<EngineName, () => Promise<Operators>>> = {
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
