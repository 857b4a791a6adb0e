#!/usr/bin/env node
// npm run build: WebAssembly kernels, then TypeScript to dist/. `--stamp` also records what node_modules was
// installed from (npm runs it as `prepare`).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeStamp } from './install-stamp.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** AssemblyScript, not TypeScript: compiled to wasm by build-kernels.mjs */
const assembly = join('neural', 'kernels', 'assembly');

try {
  await build({ stamp: process.argv.includes('--stamp') });
} catch (error) {
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}

/** Builds dist/ from src/; what has not changed is not built again. `dist/.built` dates the last good build. */
async function build({ stamp }) {
  // First: npm has installed everything by now, and a failed build must not cost another install.
  if (stamp) writeStamp(root);
  const startedAt = new Date();
  const source = join(root, 'src');
  const dist = join(root, 'dist');
  await compileKernels(dist);
  runTypeScript();
  copyAssets(source, dist);
  removeOrphans(dist, source);
  const binary = join(dist, 'main.js');
  if (existsSync(binary)) chmodSync(binary, 0o755);
  // Dated at the start: a file edited during the build is newer than the build.
  const marker = join(dist, '.built');
  writeFileSync(marker, '');
  utimesSync(marker, startedAt, startedAt);
}

/** Compiled again only if a source, the script or the compiler changed; the record lies beside the output. */
async function compileKernels(dist) {
  const folder = join(dist, 'neural', 'kernels');
  const record = join(folder, '.built-from');
  const wanted = kernelFingerprint();
  if (existsSync(record) && readFileSync(record, 'utf8') === wanted) return;
  const { buildKernels } = await import('./build-kernels.mjs');
  await buildKernels();
  writeFileSync(record, wanted);
}

function kernelFingerprint() {
  const hash = createHash('sha256');
  const sources = [
    ...filesUnder(join(root, 'src', assembly)).sort(),
    join(root, 'scripts', 'build-kernels.mjs'),
    join(root, 'node_modules', 'assemblyscript', 'package.json'),
  ];
  for (const file of sources) hash.update(`${relative(root, file)}\n`).update(readFileSync(file));
  return `${hash.digest('hex')}\n`;
}

function runTypeScript() {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(compiler))
    throw new Error(
      'TypeScript is not installed; run `npm ci --include=dev`, the build needs the development packages.',
    );
  const { status, error } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (error) throw error;
  if (status !== 0) throw new Error('TypeScript found errors (above); dist/ is not complete.');
}

/** Files beside the code that it reads at run time: wasm, templates, style sheets. */
function copyAssets(source, dist) {
  for (const file of filesUnder(source)) {
    const path = relative(source, file);
    if (/\.[cm]?ts$/.test(path) || path.startsWith(assembly)) continue;
    const target = join(dist, path);
    if (existsSync(target) && statSync(target).mtimeMs >= statSync(file).mtimeMs) continue;
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

/** Output of sources that are gone: a stale module must not keep an import alive. */
function removeOrphans(dist, source) {
  for (const file of filesUnder(dist)) {
    const path = relative(dist, file);
    const stem = path.replace(/(\.d\.ts|\.js)(\.map)?$/, '');
    if (stem !== path && !existsSync(join(source, `${stem}.ts`))) rmSync(file);
  }
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
