import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import * as asc from 'assemblyscript/asc';
import { initialiseBackend } from '../../src/neural/backend.js';
import {
  instantiateKernels,
  type KernelBinary,
  type WasmMemory,
} from '../../src/neural/kernels/kernel-binary.js';

export interface FmaRate {
  readonly kernels: KernelBinary;
  /**
   * multiply-adds of float32 a nanosecond that vectors of 4 reach in registers, nothing else to do; null where the
   * kernels use longer vectors
   */
  readonly ceiling: number | null;
  /** and that our matrix product reaches, by size */
  readonly products: readonly { readonly size: string; readonly rate: number }[];
}

// 12 sums that do not wait for each other: more than two multiply-adds a cycle with a latency of 4 need
const ceilingSource = `
export function run(n: i32): f32 {
  const x = f32x4.splat(1.0001), y = f32x4.splat(0.999);
  ${Array.from({ length: 12 }, (_, i) => `let s${i} = f32x4.splat(${i});`).join(' ')}
  for (; n > 0; n--) { ${Array.from({ length: 12 }, (_, i) => `s${i} = f32x4.relaxed_madd(s${i}, x, y);`).join(' ')} }
  return f32x4.extract_lane(${Array.from({ length: 12 }, (_, i) => `s${i}`).reduce((sum, s) => `f32x4.add(${sum}, ${s})`)}, 0);
}`;

/** One thread's rates: the best of many short runs. */
export async function measureFmaRate(): Promise<FmaRate> {
  const kernels = await initialiseBackend();
  return {
    kernels,
    ceiling: kernels === 'wide' ? null : await measureCeiling(),
    products: [
      [16, 256, 80],
      [64, 256, 96],
      [256, 256, 256],
    ].map(([m = 0, n = 0, k = 0]) => ({
      size: `${m} × ${k} by ${k} × ${n}`,
      rate: productRate(kernels, m, n, k),
    })),
  };
}

async function measureCeiling(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'loadcast-fma-'));
  try {
    await writeFile(join(folder, 'run.ts'), ceilingSource);
    const { error } = await asc.main(
      ['run.ts', '--baseDir', folder, '--outFile', 'run.wasm', '-O3', '--runtime', 'stub'].concat([
        '--enable',
        'simd',
        '--enable',
        'relaxed-simd',
      ]),
    );
    if (error) throw error;
    const { run } = instantiate(readFileSync(join(folder, 'run.wasm')));
    const loops = 2_000_000;
    return bestRate(12 * 4 * loops, () => run(loops));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function productRate(binary: KernelBinary, m: number, n: number, k: number): number {
  const memory = newMemory(256);
  const kernels = instantiateKernels(memory, binary);
  if (!kernels) throw new Error(`The ${binary} kernels do not run here.`);
  const [a, b, c, scratch] = [1 << 12, 1 << 20, 2 << 20, 4 << 20];
  new Float32Array(memory.buffer).fill(0.5);
  const repeat = Math.ceil(2e7 / (m * n * k));
  return bestRate(m * n * k * repeat, () => {
    for (let i = 0; i < repeat; i++)
      kernels.matmul(a, k * 4, 4, b, n * 4, 4, c, n * 4, m, n, k, 0, scratch);
  });
}

function bestRate(operations: number, run: () => unknown): number {
  let fastestMs = Infinity;
  for (let round = 0; round < 30; round++) {
    const startedMs = performance.now();
    run();
    fastestMs = Math.min(fastestMs, performance.now() - startedMs);
  }
  return operations / (fastestMs * 1e6);
}

// the types of this one global come with the DOM
interface WasmRuntime {
  readonly Memory: new (size: { initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

function wasm(): WasmRuntime {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (globalThis as unknown as { WebAssembly: WasmRuntime }).WebAssembly;
}

function newMemory(pages: number): WasmMemory {
  const { Memory } = wasm();
  return new Memory({ initial: pages });
}

function instantiate(bytes: Uint8Array): { readonly run: (loops: number) => number } {
  const { Module, Instance } = wasm();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return new Instance(new Module(bytes), { env: { abort: () => undefined } }).exports as ReturnType<
    typeof instantiate
  >;
}
