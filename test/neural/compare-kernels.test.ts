import { expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';
import { sameBytes } from '../../src/neural/kernels/compare-kernels.js';
import {
  instantiateKernels,
  joinsVectors,
  type KernelBinary,
  type KernelExports,
  type WasmMemory,
} from '../../src/neural/kernels/kernel-binary.js';

// the types of this one global come with the DOM
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const { WebAssembly: wasm } = globalThis as unknown as {
  WebAssembly: { Memory: new (size: { initial: number }) => WasmMemory };
};
const memory = new wasm.Memory({ initial: 64 });

function kernelsOf(binary: KernelBinary): KernelExports {
  const kernels = instantiateKernels(memory, binary);
  if (!kernels) throw new Error(`This machine does not run the ${binary} kernels.`);
  return kernels;
}

function compare(one: KernelBinary, other: KernelBinary): boolean {
  return sameBytes(
    memory,
    kernelsOf(one),
    kernelsOf(other),
    () => 1024,
    () => undefined,
  );
}

test('kernels with fused multiply-add compute the same bytes each time, and others than those without', () => {
  expect(compare('relaxed', 'relaxed')).toBe(true);
  expect(compare('relaxed', 'simd')).toBe(false);
});

test('the wide kernels compute the bytes of the relaxed ones, whether V8 joins their vectors or not', () => {
  expect(compare('wide', 'relaxed')).toBe(true);
});

test('vectors are joined from Node 24 on only', () => {
  const major = Number(process.versions.node.split('.')[0]);
  expect(joinsVectors() && major < 24).toBe(false);
});

test('the wide kernels are taken where vectors are joined, else those with fused multiply-add', async () => {
  expect(await initialiseBackend()).toBe(joinsVectors() ? 'wide' : 'relaxed');
});
