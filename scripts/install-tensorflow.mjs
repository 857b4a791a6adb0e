#!/usr/bin/env node
// Installs @tensorflow/tfjs-node (--gpu: @tensorflow/tfjs-node-gpu) into a folder of its own, from npm and PyPI alone:
// its own installer fetches TensorFlow from a host that many networks do not reach. Linux x64.
// Usage: node scripts/install-tensorflow.mjs [--gpu] [folder]     folder: $LOADCAST_HOME/tensorflow, else ./var/tensorflow
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { takeLock } from './process-lock.mjs';

const pinned = fileURLToPath(new URL('./tensorflow/', import.meta.url));
const variants = {
  cpu: { package: '@tensorflow/tfjs-node', download: '0.2 GB', neededGb: 2 },
  gpu: { package: '@tensorflow/tfjs-node-gpu', download: '2.1 GB', neededGb: 9 },
};
/** Beside the packages: what was installed. Only a folder with this file is ever replaced. */
const recordName = 'installed.json';

const interrupted = new AbortController();
let signalCode = 0;
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.on(signal, () => {
    signalCode = code;
    interrupted.abort();
  });

try {
  await install();
} catch (error) {
  if (signalCode === 0) process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = signalCode || 1;
}

async function install() {
  const { kind, folder } = readArguments();
  refusePlatform();
  const wanted = recordOf(kind);
  const giveBack = await takeLock(`${folder}.lock`, (pid) =>
    say(`process ${pid} is installing there; waiting for it`),
  );
  try {
    if (readRecord(folder) === wanted) {
      const found = tryLoad(folder, kind);
      if (!found.error) return say(`${folder}: ${found.text}`);
      say(`${folder} cannot be loaded (${found.error}); installing it again`);
    }
    await replace(folder, kind, wanted);
  } finally {
    giveBack();
  }
}

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { gpu: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new Error(`One folder at most, not ${positionals.join(', ')}.`);
  const home = process.env.LOADCAST_HOME || 'var';
  return {
    kind: (values.gpu ?? process.env.GPU === '1') ? 'gpu' : 'cpu',
    folder: resolve(positionals[0] ?? join(home, 'tensorflow')),
  };
}

function refusePlatform() {
  const { platform, arch, report } = process;
  const isMusl =
    platform === 'linux' && report.getReport().header.glibcVersionRuntime === undefined;
  if (platform === 'linux' && arch === 'x64' && !isMusl) return;
  throw new Error(
    `this script knows Linux x64 with glibc only, this is ${platform} ${arch}${isMusl ? ' with musl' : ''}. ` +
      'Where storage.googleapis.com can be reached, npm can do it: in an empty folder, ' +
      '`npm init -y && npm install @tensorflow/tfjs-node@4.22.0`; name that folder as <home>/tensorflow',
  );
}

/** What an installation is made from; another is installed anew. */
function recordOf(kind) {
  const requirements = readFileSync(join(pinned, `${kind}.txt`), 'utf8');
  const packages = JSON.parse(readFileSync(join(pinned, 'package.json'), 'utf8')).dependencies;
  const wheels = [...requirements.matchAll(/^[^#\s]+/gm)].map(([name]) => name);
  return `${JSON.stringify({ kind, packages, wheels }, null, 2)}\n`;
}

function readRecord(folder) {
  try {
    return readFileSync(join(folder, recordName), 'utf8');
  } catch {
    return null;
  }
}

/** Builds beside the folder and renames: what is there stays whole until the new one has been loaded. */
async function replace(folder, kind, wanted) {
  const isForeign =
    existsSync(folder) && readdirSync(folder).length > 0 && readRecord(folder) === null;
  if (isForeign)
    throw new Error(
      `${folder} holds something else (no ${recordName}); name an empty folder or delete it`,
    );
  requireTools();
  removeLeftovers(folder);
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    requireSpace(partial, variants[kind].neededGb);
    await build(partial, kind);
    const found = tryLoad(partial, kind);
    if (found.error) throw new Error(`built, but it cannot be loaded: ${found.error}`);
    interrupted.signal.throwIfAborted();
    writeFileSync(join(partial, recordName), wanted);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
    say(`${folder}: ${found.text}`);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Of an installer that was killed. Its npm may still be writing there: then they go the next time. */
function removeLeftovers(folder) {
  for (const name of readdirSync(dirname(folder)))
    if (name.startsWith(`${basename(folder)}.partial-`))
      try {
        rmSync(join(dirname(folder), name), { recursive: true });
      } catch (error) {
        if (!['ENOTEMPTY', 'ENOENT'].includes(error.code)) throw error;
      }
}

function runs(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function requireTools() {
  const missing = [
    ...(runs('python3', '-m', 'pip', '--version') ? [] : ['python3-pip']),
    ...(runs('g++', '--version') ? [] : ['g++']),
  ];
  if (missing.length > 0)
    throw new Error(
      `${missing.join(' and ')} not found; on Debian or Ubuntu: sudo apt-get install ${missing.join(' ')}`,
    );
}

function requireSpace(folder, neededGb) {
  const { bavail, bsize } = statfsSync(folder);
  const freeGb = (bavail * bsize) / 1e9;
  if (freeGb < neededGb)
    throw new Error(`need ${neededGb} GB free at ${folder}, have ${freeGb.toFixed(1)} GB`);
}

async function build(folder, kind) {
  const { package: name, download } = variants[kind];
  const packageFolder = join(folder, 'node_modules', name);
  say(`1/4 ${name} from npm`);
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(pinned, file), join(folder, file));
  await runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  for (const other of Object.values(variants))
    if (other.package !== name)
      rmSync(join(folder, 'node_modules', other.package), { recursive: true, force: true });

  say(`2/4 TensorFlow from PyPI (about ${download})`);
  const wheels = join(folder, 'wheels');
  await run('python3', ['-m', 'pip', 'download', ...wheelOptions(kind), '--dest', wheels], folder);

  say('3/4 unpacking its library');
  const deps = join(packageFolder, 'deps');
  await run('python3', [join(pinned, 'unpack-wheels.py'), wheels, deps], folder);
  rmSync(wheels, { recursive: true });

  say('4/4 compiling the addon');
  await compileAddon(folder, packageFolder);
  rmSync(join(deps, 'include'), { recursive: true });
}

/** The library is the same in the wheel of each Python, so the Python at hand need not be the one named here. */
function wheelOptions(kind) {
  const platforms = ['manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux1_x86_64'];
  return [
    '--quiet --disable-pip-version-check --no-cache-dir --no-deps --only-binary=:all:'.split(' '),
    '--python-version 311 --implementation cp'.split(' '),
    platforms.flatMap((platform) => ['--platform', platform]),
    ['--require-hashes', '--requirement', join(pinned, `${kind}.txt`)],
  ].flat();
}

/** What binding.gyp says, without node-gyp, which fetches Node's headers from a host of its own. */
async function compileAddon(folder, packageFolder) {
  const { binary } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const napi = Math.max(
    ...binary.napi_versions.filter((version) => version <= Number(process.versions.napi)),
  );
  const target = join(packageFolder, 'lib', `napi-v${napi}`);
  mkdirSync(target, { recursive: true });
  const library = (name) => join(packageFolder, 'deps', 'lib', `libtensorflow_${name}.so.2`);
  const options = [
    `-shared -fPIC -O2 -std=c++17 -w -DNAPI_VERSION=${napi} -Wl,-rpath,$ORIGIN/../../deps/lib`.split(
      ' ',
    ),
    `-I${join(folder, 'node_modules', 'node-api-headers', 'include')}`,
    `-I${join(packageFolder, 'deps', 'include')}`,
    ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(packageFolder, 'binding', name)),
    [library('cc'), library('framework')],
    ['-o', join(target, `${binary.module_name}.node`)],
  ];
  await run('g++', options.flat(), packageFolder);
}

/** Loads it as the program does, in a worker thread, but in a process of its own, which may die. */
function tryLoad(folder, kind) {
  const inWorker = `
    const { createRequire } = require('node:module');
    const tf = createRequire(${JSON.stringify(join(folder, 'package.json'))})(${JSON.stringify(variants[kind].package)});
    const [sum] = tf.sum(tf.matMul(tf.eye(3), tf.ones([3, 3]))).dataSync();
    const { binding, isUsingGpuDevice } = tf.backend();
    if (sum !== 9 || tf.getBackend() !== 'tensorflow') throw new Error('wrong result: ' + sum);
    const gpu = isUsingGpuDevice ? 'a GPU found' : 'no GPU found';
    process.stdout.write('TensorFlow ' + binding.TF_Version + ' ready, ' + gpu);`;
  const code = `new (require('node:worker_threads').Worker)(${JSON.stringify(inWorker)}, { eval: true })`;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['-e', code], {
    encoding: 'utf8',
    timeout: 180_000,
    env: { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env },
  });
  const text = stdout.trim().split('\n').at(-1);
  if (status === 0 && text.startsWith('TensorFlow ')) return { text };
  const lines = stderr.trim().split('\n');
  const reason = lines.find((line) => /^\s*(?:\w*Error|error)\b/.test(line)) ?? lines.at(-1);
  return { error: reason?.trim() || `it ended with ${signal ?? status}` };
}

async function runNpm(args, cwd) {
  // The npm that runs us, if it is one.
  const running = process.env.npm_execpath;
  if (running && /npm-cli\.[cm]?js$/.test(running))
    await run(process.execPath, [running, ...args], cwd, 'npm');
  else await run('npm', args, cwd);
}

/** Messages of the command go to standard error; an interrupt ends it. */
async function run(command, args, cwd, name = command) {
  const child = spawn(command, args, {
    cwd,
    stdio: ['ignore', process.stderr, 'inherit'],
    signal: interrupted.signal,
  });
  const code = await new Promise((settle, reject) => {
    child.on('error', reject);
    child.on('exit', (exitCode, signal) => settle(exitCode ?? signal));
  });
  if (code === 0) return;
  const shown = name === 'python3' && args[1] === 'pip' ? 'pip download' : `${name} ${args[0]}`;
  const hint = shown === 'pip download' ? '; is PyPI reachable?' : '';
  throw new Error(
    `${shown} ended with ${code} (its messages are above)${name === 'npm' ? '; is the npm registry reachable?' : hint}`,
  );
}

function say(message) {
  process.stderr.write(`${message}\n`);
}
