// Compiles src/neural/kernels/assembly/ (AssemblyScript) to dist/neural/kernels/: one source, three binaries. `simd` runs
// wherever WebAssembly has vectors; `relaxed` has fused multiply-add; `wide` has that and register tiles for vectors of
// 8 floats, which newer versions of V8 make of pairs of 4. The loader picks what the machine can run.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import * as asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Writes kernels-*.wasm; throws with the compiler's message if it refuses. */
export async function buildKernels() {
  mkdirSync(path.join(root, 'dist/neural/kernels'), { recursive: true });
  await compile('kernels-wide.wasm', ['simd', 'relaxed-simd'], true);
  await compile('kernels-relaxed.wasm', ['simd', 'relaxed-simd'], false);
  await compile('kernels-simd.wasm', ['simd'], false);
}

async function compile(name, features, wide) {
  const options = ['--outFile', `dist/neural/kernels/${name}`, '-O3', '--noAssert'];
  // no runtime, no table, no data: the kernels live on TensorFlow.js's memory and allocate nothing
  const bare = [
    '--runtime',
    'stub',
    '--importMemory',
    '--use',
    'abort=',
    '--use',
    `WIDE=${wide ? 1 : 0}`,
  ];
  const source = 'src/neural/kernels/assembly/index.ts';
  let messages = '';
  const { error } = await asc.main(
    [
      source,
      ...options,
      ...bare,
      ...features.flatMap((feature) => ['--enable', feature]),
      '--baseDir',
      root,
    ],
    { stderr: { write: (chunk) => (messages += chunk) } },
  );
  if (error) throw new Error(`asc refused ${source}: ${messages}`, { cause: error });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
