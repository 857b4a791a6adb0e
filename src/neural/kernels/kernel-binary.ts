import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import { LoadcastError } from '../../core/errors.js';

/** `relaxed` has fused multiply-add; `simd` runs wherever WebAssembly has vectors. */
export type KernelBinary = 'relaxed' | 'simd';

/** What assembly/index.ts exports. Addresses and strides are in bytes, sizes in rows, steps and columns. */
export interface KernelExports {
  matmul(...operands: MatmulOperands): void;
  matmulScratchFloats(k: number, n: number): number;
  normaliseRows(...operands: readonly number[]): void;
  normaliseRowsGradient(...operands: readonly number[]): void;
  columnMoments(...operands: readonly number[]): void;
  normaliseColumns(...operands: readonly number[]): void;
  normaliseColumnsGradient(...operands: readonly number[]): void;
  lstmForward(...operands: readonly number[]): void;
  lstmBackward(...operands: readonly number[]): void;
  lstmInputGradient(...operands: readonly number[]): void;
  lstmTapeFloats(rows: number, steps: number, features: number, units: number): number;
  lstmScratchFloats(features: number, units: number): number;
  attentionForward(...operands: readonly number[]): void;
  attentionBackward(...operands: readonly number[]): void;
  attentionStride(keys: number): number;
  attentionScratchFloats(queries: number, keys: number, units: number): number;
  addBiasAndActivate(z: number, bias: number, rows: number, n: number, activation: number): void;
  activationGradient(dy: number, y: number, dz: number, size: number, activation: number): void;
  sumRows(z: number, rows: number, n: number, out: number): void;
}

export type MatmulOperands = readonly [
  a: number,
  aRow: number,
  aColumn: number,
  b: number,
  bRow: number,
  bColumn: number,
  c: number,
  cRow: number,
  m: number,
  n: number,
  k: number,
  accumulate: number,
  scratch: number,
];

/** A WebAssembly memory; the types of this one global come with the DOM, which a server does without. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}
interface WasmRuntime {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: unknown };
}

/**
 * Instantiates our kernels on a memory. The one file of this room that touches the disk.
 * @param binary forces one of the two; by default the fastest that this machine validates
 * @throws LoadcastError UNREADABLE_FILE if the kernels were not built, INVALID_CONFIG if no binary validates
 */
export function instantiateKernels(
  memory: WasmMemory,
  binary?: KernelBinary,
): { binary: KernelBinary; kernels: KernelExports } {
  // Node 20 has relaxed SIMD behind a flag, which must be set before the first module is looked at
  if (process.versions.node.startsWith('20.')) {
    v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WasmRuntime };
  const candidates: readonly KernelBinary[] = binary ? [binary] : ['relaxed', 'simd'];
  for (const candidate of candidates) {
    const bytes = readKernels(candidate);
    if (!wasm.validate(bytes)) continue;
    const instance = new wasm.Instance(new wasm.Module(bytes), { env: { memory } });
    // the exports are those of our own build, made from the same sources
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return { binary: candidate, kernels: instance.exports as KernelExports };
  }
  throw new LoadcastError(
    'INVALID_CONFIG',
    `Node ${process.versions.node} on this processor runs none of the kernels (${candidates.join(', ')}): WebAssembly SIMD is needed.`,
  );
}

function readKernels(binary: KernelBinary): Uint8Array<ArrayBuffer> {
  // src/neural/kernels/ and dist/neural/kernels/ lie equally deep, so one relative path serves both
  const url = new URL(`../../../dist/neural/kernels/kernels-${binary}.wasm`, import.meta.url);
  try {
    return new Uint8Array(readFileSync(url));
  } catch (cause) {
    throw new LoadcastError(
      'UNREADABLE_FILE',
      `The neural kernels are not built (${url.pathname} is missing): run npm run build.`,
      { cause },
    );
  }
}
