#!/usr/bin/env node
// Holds the ONNX export to onnxruntime: installs onnxruntime-node (291 MB, so no dependency) into a folder of its own,
// once, and runs the tests that need it. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const version = '1.30.0';
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = resolve(
  process.env.LOADCAST_ONNXRUNTIME ?? join(root, 'node_modules/.cache/loadcast/onnxruntime'),
);

if (installedVersion() !== version) install();
const required = [process.env.LOADCAST_REQUIRE, 'onnxruntime'].filter(Boolean).join(',');
run('npx', ['vitest', 'run', 'test/onnx', ...process.argv.slice(2)], root, {
  LOADCAST_ONNXRUNTIME: folder,
  LOADCAST_REQUIRE: required,
});

function installedVersion() {
  const file = join(folder, 'node_modules/onnxruntime-node/package.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')).version;
  } catch {
    return null;
  }
}

/** The package brings its library for the CPU; its install script would fetch those for other devices. */
function install() {
  process.stderr.write(`loadcast: installing onnxruntime-node ${version} (291 MB) in ${folder}\n`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['--ignore-scripts', '--save-exact', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...flags, `onnxruntime-node@${version}`], folder, {});
}

/** Ends this process with the code of a command that fails. */
function run(command, args, cwd, env) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) process.stderr.write(`error: ${command} cannot be run: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
