#!/usr/bin/env node
// Runs before `npm start` and `npm test`, with Node alone: installs the packages when they are missing or stale,
// rebuilds dist/ when a source is newer. Nothing to do: a fraction of a second.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInstalled, stampFile } from './install-stamp.mjs';
import { isHeld, readLock, takeLock } from './process-lock.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const leastNode = [20, 19];
const heartbeatMs = 30_000;

ensureInstalled().catch((error) => {
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
});

async function ensureInstalled() {
  assertNodeVersion();
  if (isInstalled(root) && isBuilt()) return;
  const giveBack = await takeLock(join(root, '.cache', 'install.lock'), (pid) =>
    say(`another npm command (process ${pid}) is installing or building here; waiting for it`),
  );
  // Ctrl-C goes to npm as well; the lock must not outlive us.
  const interrupt = () => {
    giveBack();
    process.exit(130);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    if (!isInstalled(root)) await install();
    if (!isBuilt()) await rebuild();
  } finally {
    giveBack();
  }
}

function assertNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1]))
    throw new Error(
      `loadcast needs Node ${leastNode.join('.')} or newer, this is ${process.versions.node}; ` +
        'see https://nodejs.org/en/download',
    );
}

async function install() {
  refuseUnderRunningServer('installed again');
  const missing = missingBuildTools();
  if (missing.length > 0)
    say(
      `warning: ${missing.join(', ')} not found. If no ready-made SQLite can be fetched it is compiled and needs ` +
        'them; on Debian or Ubuntu: sudo apt-get install python3 make g++',
    );
  say('installing packages; compiling SQLite takes about 2 minutes');
  const startedMs = Date.now();
  rmSync(stampFile(root), { force: true });
  const flags = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await runNpm(['ci', ...flags], startedMs);
  if (code !== 0)
    throw new Error(
      `npm ci ended with code ${code} (its messages are above)` +
        (missing.length > 0 ? `; install ${missing.join(', ')} and try again` : ''),
    );
  await makeUpForIgnoredScripts(startedMs);
  say(`packages installed in ${secondsSince(startedMs)} s`);
}

/** With `ignore-scripts=true` in its settings npm compiles no SQLite and skips `prepare`: both are needed to run. */
async function makeUpForIgnoredScripts(startedMs) {
  const sqlite = join(root, 'node_modules', 'sqlite3');
  if (existsSync(sqlite) && !existsSync(join(sqlite, 'build', 'Release', 'node_sqlite3.node'))) {
    const code = await runNpm(['rebuild', 'sqlite3', '--ignore-scripts=false'], startedMs);
    if (code !== 0) throw new Error(`SQLite could not be built (npm rebuild: code ${code}).`);
  }
  if (!isInstalled(root)) await rebuild('--stamp');
}

async function rebuild(...flags) {
  refuseUnderRunningServer('built again');
  say('building');
  const child = spawn(process.execPath, [join(root, 'scripts', 'build.mjs'), ...flags], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await exitCode(child);
  if (code !== 0) throw new Error('the build failed (messages above)');
}

/** A server loads modules and starts workers at any time: files are never exchanged under it. */
function refuseUnderRunningServer(what) {
  const file = resolve(root, process.env.LOADCAST_HOME || 'var', 'loadcast.lock');
  const lock = readLock(file);
  if (!isHeld(lock)) return;
  const where = lock.port ? ` at http://127.0.0.1:${lock.port}` : '';
  throw new Error(
    `the program must be ${what}, but it is running (process ${lock.pid}${where}). ` +
      `Stop it first. If that process is not loadcast, delete ${file}`,
  );
}

function missingBuildTools() {
  if (process.platform === 'win32') return [];
  return ['python3', 'make', 'g++'].filter(
    (tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0,
  );
}

/** Built: no source, and nothing else the build reads, is newer than the last good build. */
function isBuilt() {
  const marker = join(root, 'dist', '.built');
  if (!existsSync(marker) || !existsSync(join(root, 'dist', 'main.js'))) return false;
  const builtMs = statSync(marker).mtimeMs;
  const isOlder = (path) => statSync(path).mtimeMs <= builtMs;
  return (
    ['package.json', 'tsconfig.json'].every((name) => isOlder(join(root, name))) &&
    ['src', 'scripts'].every((folder) => entriesUnder(join(root, folder)).every(isOlder))
  );
}

/** The folder itself, and all files and folders in it: a removed file shows in the time of its folder. */
function entriesUnder(folder) {
  const inside = readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
  return [folder, ...inside];
}

async function runNpm(args, startedMs) {
  // The npm that runs us, if it is one; another package manager has no `npm ci`.
  const running = process.env.npm_execpath;
  const [command, before] =
    running && /npm-cli\.[cm]?js$/.test(running) ? [process.execPath, [running]] : ['npm', []];
  const child = spawn(command, [...before, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: command === 'npm' && process.platform === 'win32',
  });
  const heartbeat = setInterval(
    () => say(`still installing, ${secondsSince(startedMs)} s so far`),
    heartbeatMs,
  );
  try {
    return await exitCode(child);
  } finally {
    clearInterval(heartbeat);
  }
}

function exitCode(child) {
  return new Promise((settle, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => settle(code ?? signal));
  });
}

function secondsSince(startedMs) {
  return Math.round((Date.now() - startedMs) / 1000);
}

/** To standard error: standard output belongs to the command that follows. */
function say(message) {
  process.stderr.write(`${message}\n`);
}
