// Time of one training step, ours beside PyTorch's in the same run, alternating; the share of the machine's
// multiply-add rate that our matrix products reach; and where the time of a step of recipe A goes.
//   npm run benchmark:step-time -- [--json FILE] [--rounds 3] [--steps 20] [--threads 2] [--cases recipe,64]
// TensorFlow's LSTM is timed as well if LOADCAST_TENSORFLOW names the folder that scripts/install-tensorflow.mjs
// installed it into. PyTorch runs if LOADCAST_PYTHON names a Python that has torch. Each of its settings (torch.ts) is tried on each case,
// and the fastest is what we compare with. Compare on an idle machine only: under load PyTorch's threads spin and its
// wall time explodes.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/core/random.js';
import type { EngineChoice } from '../src/neural/engines/engine.js';
import { trainSeq2Seq, type Batch } from '../src/neural/train.js';
import { cases, recipeA, warmupSteps, type Case } from './step-time/cases.js';
import { measureFmaRate } from './step-time/fma-rate.js';
import { profileStep } from './step-time/profile.js';
import { startTorch, torchSettings, type Torch, type TorchSetting } from './step-time/torch.js';

interface Result {
  readonly case: string;
  readonly threads: number;
  readonly steps: number;
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly torch: {
    readonly setting: string;
    readonly medianMs: number;
    readonly fastestMs: number;
    /** of the medians: ours ÷ PyTorch's */
    readonly ratio: number;
  } | null;
  /** our network on TensorFlow, where it is installed */
  readonly tensorflowMs: number | null;
  readonly aim: number;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '20' },
    threads: { type: 'string', default: '2' },
    cases: { type: 'string', default: '' },
  },
});
const rounds = Number(options.rounds);
const steps = Number(options.steps);
const threads = Number(options.threads);
const chosen = cases.filter(({ name }) =>
  options.cases.split(',').some((part) => name.includes(part)),
);

const python = process.env['LOADCAST_PYTHON'];
const tensorflow = process.env['LOADCAST_TENSORFLOW'];
const torch = python ? await startTorch(python) : null;
if (!torch) console.log('LOADCAST_PYTHON names no Python with torch: only our own times.');
const results: Result[] = [];
for (const benchmark of chosen) {
  const result = await measure(benchmark, torch);
  results.push(result);
  printResult(result);
}
torch?.end();

const rate = await measureFmaRate();
console.log(
  `\nmatrix products (${rate.kernels} kernels), multiply-adds a nanosecond on one thread` +
    (rate.ceiling ? `; ${rate.ceiling.toFixed(1)} is the ceiling of vectors of 4 floats` : ''),
);
for (const { size, rate: reached } of rate.products) {
  const share = rate.ceiling ? ` (${((100 * reached) / rate.ceiling).toFixed(0)} %)` : '';
  console.log(`  ${size}: ${reached.toFixed(1)}${share}`);
}

const profile = await profileStep(recipeA);
console.log(`\nrecipe A by operator, one thread, ${profile.stepMs.toFixed(1)} ms a step`);
for (const { name, ms, calls } of profile.kernels)
  console.log(`  ${name.padEnd(36)} ${ms.toFixed(2)} ms in ${calls} calls`);
const between = profile.kernels.reduce((left, { ms }) => left - ms, profile.stepMs);
console.log(`  ${'between the kernels'.padEnd(36)} ${between.toFixed(2)} ms`);

if (options.json) {
  const report = {
    node: process.version,
    processor: cpus()[0]?.model,
    torch: torch?.version ?? null,
    threads,
    results,
    multiplyAdds: rate,
    profile,
  };
  writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exit();

/** Rounds of ours and PyTorch's in turn, the setting of PyTorch found by one round of each before. */
async function measure(benchmark: Case, peer: Torch | null): Promise<Result> {
  const setting = peer && (await fastestSetting(benchmark, peer));
  const ours: number[] = [];
  const theirs: number[] = [];
  const onTensorflow: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(...(await ourSteps(benchmark)));
    if (peer && setting) theirs.push(...(await peer.steps(benchmark, setting, threads, steps)));
    if (tensorflow) onTensorflow.push(...(await ourSteps(benchmark, { tensorflow })));
  }
  return {
    case: benchmark.name,
    threads,
    steps: ours.length,
    medianMs: median(ours),
    fastestMs: Math.min(...ours),
    torch: setting && {
      setting: setting.name,
      medianMs: median(theirs),
      fastestMs: Math.min(...theirs),
      ratio: median(ours) / median(theirs),
    },
    tensorflowMs: tensorflow ? median(onTensorflow) : null,
    aim: benchmark.aim,
  };
}

async function fastestSetting(benchmark: Case, peer: Torch): Promise<TorchSetting | null> {
  let fastest: { setting: TorchSetting; ms: number } | null = null;
  for (const setting of torchSettings) {
    const ms = median(await peer.steps(benchmark, setting, threads, Math.ceil(steps / 2)));
    if (!fastest || ms < fastest.ms) fastest = { setting, ms };
  }
  return fastest?.setting ?? null;
}

async function ourSteps(benchmark: Case, engine: EngineChoice = 'wasm'): Promise<number[]> {
  const { network, loss, batchRows } = benchmark;
  const warmup = warmupSteps(benchmark);
  const times: number[] = [];
  let last = NaN;
  let filled = 0;
  const random = createRandom('step time');
  await trainSeq2Seq({
    network,
    loss,
    optimiser: { kind: 'adam', l2: 0 },
    learningRate: 1e-3,
    schedule: { kind: 'constant' },
    clip: { norm: 1 },
    inputNoise: null,
    steps: warmup + steps,
    batchRows,
    seed: 1,
    threads,
    engine,
    // two batches take turns; filling them is not what is timed, as it is not in PyTorch
    fillBatch: (_, batch) => {
      if (filled++ < 2) fillRandom(batch, () => random.normal());
    },
    validation: null,
    onStep: () => {
      const now = performance.now();
      times.push(now - last);
      last = now;
    },
  });
  return times.slice(warmup);
}

function fillRandom(batch: Batch, draw: () => number): void {
  for (const part of [batch.encoder, batch.decoder, batch.target])
    for (let i = 0; i < part.length; i++) part[i] = draw();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function printResult(result: Result): void {
  const { torch: peer } = result;
  const compared = peer
    ? `, PyTorch ${peer.medianMs.toFixed(1)} (${peer.fastestMs.toFixed(1)}; ${peer.setting}), ratio ${peer.ratio.toFixed(2)} (aim ${result.aim})`
    : '';
  const onTensorflow =
    result.tensorflowMs === null ? '' : `, on TensorFlow ${result.tensorflowMs.toFixed(1)}`;
  console.log(
    `${result.case}: ${result.medianMs.toFixed(1)} ms (fastest ${result.fastestMs.toFixed(1)} of ${result.steps})${compared}${onTensorflow}`,
  );
}
