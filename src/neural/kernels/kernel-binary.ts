import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import { LoadcastError } from '../../core/errors.js';

/**
 * `simd` runs wherever WebAssembly has vectors; `relaxed` has fused multiply-add; `wide` has that and is laid out for
 * vectors of 8 floats, which V8 makes of pairs of 4 from Node 24 on.
 */
export type KernelBinary = 'wide' | 'relaxed' | 'simd';

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
 * Instantiates our kernels on a memory, once the machine validates them.
 * @returns null if it does not
 * @throws LoadcastError UNREADABLE_FILE if the kernels were not built
 */
export function instantiateKernels(memory: WasmMemory, binary: KernelBinary): KernelExports | null {
  if (binary === 'wide' && joinsVectors()) setVectorJoining(true);
  const bytes = validKernels(binary);
  if (!bytes) return null;
  const wasm = wasmRuntime();
  const instance = new wasm.Instance(new wasm.Module(bytes), { env: { memory } });
  // the exports are those of our own build, made from the same sources
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return instance.exports as KernelExports;
}

/** Whether kernels run here that round once for a product and its sum, which is what their bytes depend on. */
export function fusesMultiplyAdd(): boolean {
  return validKernels('relaxed') !== null;
}

/** Sets V8's flag for vectors of 8 floats, for all that is compiled in this process from then on. */
export function setVectorJoining(on: boolean): void {
  v8.setFlagsFromString(`--${on ? '' : 'no-'}experimental-wasm-revectorize`);
}

/** Node versions that join vectors and that our tests have run on: 22 takes the flag and does nothing. */
const [firstJoiningNode, lastJoiningNode] = [24, 26];

/**
 * Whether V8 can make vectors of 8 floats here: in Node 24 to 26, on an x64 processor with AVX2 and fused multiply-add.
 * Only Linux says what its processor has.
 */
export function joinsVectors(): boolean {
  const major = Number(process.versions.node.split('.')[0]);
  if (process.arch !== 'x64' || process.platform !== 'linux') return false;
  if (major < firstJoiningNode || major > lastJoiningNode) return false;
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ');
    return flags !== undefined && flags.includes('avx2') && flags.includes('fma');
  } catch {
    return false; // a container may hide it; then 4 floats at a time it is
  }
}

/** Null where the machine does not validate them. */
function validKernels(binary: KernelBinary): Uint8Array<ArrayBuffer> | null {
  // Node 20 has relaxed SIMD behind a flag, which must be set before the first module is looked at
  if (process.versions.node.startsWith('20.')) {
    v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  }
  const bytes = readKernels(binary);
  return wasmRuntime().validate(bytes) ? bytes : null;
}

function wasmRuntime(): WasmRuntime {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (globalThis as unknown as { WebAssembly: WasmRuntime }).WebAssembly;
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
