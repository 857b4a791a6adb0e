import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { loadConfig, tensorflowFolder } from '../config.js';
import { LoadcastError, messageOf } from '../core/errors.js';
import { chooseEngine } from '../neural/engines/choose-engine.js';
import { engineTitle } from '../neural/engines/engine.js';
import { findTensorflow } from '../neural/engines/find-tensorflow.js';
import type { KernelBinary } from '../neural/kernels/kernel-binary.js';
import { jsonOption, printLine, writeJson, type JsonTarget } from './json-output.js';
import { version } from './version.js';

interface Finding {
  readonly subject: string;
  readonly ok: boolean;
  readonly text: string;
}

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check whether this machine and this folder can run loadcast')
    .addOption(jsonOption())
    .action(examine);
}

async function examine({ json }: { readonly json?: JsonTarget }): Promise<void> {
  const findings = [
    await finding('loadcast', () => Promise.resolve(version)),
    await finding('Node', () => Promise.resolve(`${process.versions.node} on ${process.platform}`)),
    await finding('machine', describeMachine),
    await finding('configuration', describeConfig),
    await finding('home', describeHome),
    await finding('neural engine', describeKernels),
    await finding('training', describeTraining),
  ];
  for (const { subject, ok, text } of findings)
    if (json !== true) printLine(json, `${ok ? 'ok  ' : 'FAIL'} ${subject.padEnd(14)} ${text}`);
  await writeJson(json, { findings });
  const failed = findings.filter(({ ok }) => !ok).map(({ subject }) => subject);
  if (failed.length > 0)
    throw new LoadcastError(
      'INVALID_CONFIG',
      `loadcast cannot run well here: ${failed.join(', ')}.`,
    );
}

/** What was found, or why it failed. */
async function finding(subject: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { subject, ok: true, text: await look() };
  } catch (error) {
    return { subject, ok: false, text: messageOf(error) };
  }
}

function describeMachine(): Promise<string> {
  const memoryGb = (totalmem() / 1024 ** 3).toFixed(1);
  return Promise.resolve(`${availableParallelism()} threads, ${memoryGb} GiB of memory`);
}

async function describeConfig(): Promise<string> {
  const { file, threads } = await currentConfig();
  return `${file ?? 'defaults, no loadcast.config file'}; ${threads} training threads`;
}

async function describeHome(): Promise<string> {
  const { home } = await currentConfig();
  await mkdir(home, { recursive: true });
  await access(home, constants.W_OK);
  const { bavail, bsize } = await statfs(home);
  return `${home} can be written, ${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`;
}

/** What serving computes with: our kernels, always. */
async function describeKernels(): Promise<string> {
  // Loaded here: TensorFlow.js takes half a second, which no other command should pay.
  const { initialiseBackend } = await import('../neural/backend.js');
  return `${engineTitle('wasm')} (${kernelNames[await initialiseBackend()]})`;
}

const kernelNames: Readonly<Record<KernelBinary, string>> = {
  wide: 'relaxed SIMD, vectors of 8',
  relaxed: 'relaxed SIMD',
  simd: 'SIMD; this machine or Node has no relaxed SIMD',
};

async function describeTraining(): Promise<string> {
  const config = await currentConfig();
  const folder = tensorflowFolder(config);
  const { engine, reason } = await chooseEngine(config.engine, folder);
  const hint =
    config.engine === 'auto' && findTensorflow(folder) === null ? howToInstall(folder) : '';
  return `engine "${config.engine}": ${engineTitle(engine)} (${reason}${hint})`;
}

function howToInstall(folder: string): string {
  const script = fileURLToPath(new URL('../../scripts/install-tensorflow.mjs', import.meta.url));
  return `; node ${relative(process.cwd(), script)} ${relative(process.cwd(), folder)} installs it`;
}

async function currentConfig(): ReturnType<typeof loadConfig> {
  return loadConfig({ cwd: process.cwd(), env: process.env });
}
