import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { LoadcastError } from '../../core/errors.js';
import { sameBytes } from './compare-kernels.js';
import {
  instantiateKernels,
  joinsVectors,
  setVectorJoining,
  type KernelBinary,
  type KernelExports,
  type WasmMemory,
} from './kernel-binary.js';

/** The tensors of the wasm backend as our kernels see them: addresses in its memory. */
export interface KernelHeap {
  readonly binary: KernelBinary;
  readonly kernels: KernelExports;
  /** byte address of a tensor's values */
  readonly address: (tensor: TensorInfo) => number;
  /** a new float32 tensor, its values not set */
  readonly allocate: (shape: readonly number[]) => TensorInfo;
  /**
   * A block of floats that lives and dies as a tensor but that only kernels read. Its shape is [1]: for an
   * output without a gradient TensorFlow.js makes zeros of that shape, which would cost as much as the block.
   */
  readonly allocateBlock: (floats: number) => TensorInfo;
  /** address of a block that any kernel may use until it returns; it grows and is kept */
  readonly scratch: (floats: number) => number;
}

/** What we use of the Emscripten module behind the backend. */
interface EmscriptenModule {
  readonly asm: { readonly memory: WasmMemory };
  readonly _malloc: (bytes: number) => number;
  readonly _free: (address: number) => void;
}

/**
 * Puts our kernels on the memory of TensorFlow.js's wasm backend, so that nothing is copied.
 * @param binary forces one of the binaries; by default the fastest that this machine runs
 * @throws LoadcastError UNREADABLE_FILE if the kernels were not built, INVALID_CONFIG if no binary runs here
 */
export function createKernelHeap(backend: BackendWasm, binary?: KernelBinary): KernelHeap {
  // the backend's types name neither its memory nor its allocator, on which all its kernels rest
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const module = backend.wasm as unknown as EmscriptenModule;
  const { _free: free } = module;
  const allocateBytes = refuseNull(module);
  const malloc = (floats: number): number => allocateBytes(floats * 4) >>> 0;
  const chosen = chooseKernels(module.asm.memory, binary, malloc, free);
  let scratchAddress = 0;
  let scratchFloats = 0;
  return {
    ...chosen,
    address: (tensor) => backend.dataIdMap.get(tensor.dataId).memoryOffset,
    allocate: (shape) => backend.makeOutput([...shape], 'float32'),
    allocateBlock: (floats) => backend.makeOutput([1], 'float32', malloc(floats)),
    scratch: (floats) => {
      if (floats > scratchFloats) {
        if (scratchAddress !== 0) free(scratchAddress);
        // none until the next one is there: it may not be had
        scratchAddress = 0;
        scratchFloats = 0;
        scratchAddress = malloc(floats);
        scratchFloats = floats;
      }
      return scratchAddress;
    },
  };
}

/**
 * Puts in the place of the module's allocator one that throws. The backend would take whatever it gives, 0 included,
 * which would put a tensor over the memory of others.
 */
function refuseNull(module: EmscriptenModule): (bytes: number) => number {
  const { _malloc: stub, _free: free } = module;
  // Emscripten's own puts itself in the place of this stub when it is first called.
  free(stub(1));
  const { _malloc: allocate } = module;
  const checked = (bytes: number): number => {
    const address = allocate(bytes);
    if (address !== 0) return address;
    throw new LoadcastError(
      'INVALID_CONFIG',
      `Out of WebAssembly memory: ${bytes} bytes could not be had; use fewer units or a smaller batchRows.`,
    );
  };
  Object.assign(module, { _malloc: checked });
  return checked;
}

function chooseKernels(
  memory: WasmMemory,
  forced: KernelBinary | undefined,
  malloc: (floats: number) => number,
  free: (address: number) => void,
): { binary: KernelBinary; kernels: KernelExports } {
  const fastestFirst: readonly KernelBinary[] = forced ? [forced] : ['wide', 'relaxed', 'simd'];
  for (const binary of fastestFirst) {
    if (binary === 'wide' && !forced && !joinsVectors()) continue;
    const kernels = instantiateKernels(memory, binary);
    if (!kernels) continue;
    if (binary !== 'wide' || forced) return { binary, kernels };
    // an experiment of V8: used only where it computes what the proven binary does, to the last bit
    const proven = instantiateKernels(memory, 'relaxed');
    if (proven && sameBytes(memory, kernels, proven, malloc, free)) return { binary, kernels };
    setVectorJoining(false);
  }
  throw new LoadcastError(
    'INVALID_CONFIG',
    `Node ${process.versions.node} on this processor runs none of the kernels (${fastestFirst.join(', ')}): WebAssembly SIMD is needed.`,
  );
}
