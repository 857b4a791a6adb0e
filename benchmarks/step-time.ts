// Time of one training step, ours beside PyTorch's in the same run, alternating.
//   npm run benchmark:step-time -- [--json FILE] [--rounds 3] [--steps 20]
// TensorFlow runs if LOADCAST_TENSORFLOW names the folder that scripts/install-tensorflow.mjs installed it into;
// PyTorch runs if LOADCAST_PYTHON names a Python that has torch. Compare on an idle machine only: under load
// PyTorch's threads spin and its wall time explodes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/core/random.js';
import type { EngineChoice } from '../src/neural/engines/engine.js';
import { trainSeq2Seq, type Batch } from '../src/neural/train.js';
import type { Seq2SeqOptions } from '../src/neural/seq2seq.js';

interface Case {
  readonly name: string;
  readonly rows: number;
  readonly network: Seq2SeqOptions;
  readonly levels: readonly number[];
}

const WARMUP_STEPS = 3;

const LSTM_PAIR: Seq2SeqOptions = {
  encoderSteps: 168,
  decoderSteps: 72,
  encoderFeatures: 32,
  decoderFeatures: 32,
  units: 64,
  layers: 1,
  headUnits: 16,
  outputs: 1,
  dropout: 0,
  attention: false,
  bidirectionalEncoder: false,
  bidirectionalDecoder: false,
  normalisation: 'none',
};

const CASES: readonly Case[] = [
  {
    name: 'recipe A, batch 64 (encoder 168 × 8, decoder 72 × 29 both ways, attention, 32 units, 11 levels)',
    rows: 64,
    network: {
      encoderSteps: 168,
      decoderSteps: 72,
      encoderFeatures: 8,
      decoderFeatures: 29,
      units: 32,
      layers: 1,
      headUnits: 64,
      outputs: 11,
      dropout: 0.1,
      attention: true,
      bidirectionalEncoder: false,
      bidirectionalDecoder: true,
      normalisation: 'none' as const,
    },
    levels: [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
  },
  {
    name: 'LSTM pair, batch 64 (encoder 168 × 32, decoder 72 × 32, 64 units, small head)',
    rows: 64,
    network: LSTM_PAIR,
    levels: [0.5],
  },
  {
    name: 'LSTM pair, batch 256 (the same with 128 units)',
    rows: 256,
    network: { ...LSTM_PAIR, units: 128 },
    levels: [0.5],
  },
];

/** Times the given number of steps and returns each, in ms. */
type Stepper = (benchmark: Case, threads: number, steps: number) => Promise<number[]>;

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '20' },
    threads: { type: 'string', default: '1,2' },
  },
});
const tensorflow = process.env['LOADCAST_TENSORFLOW'];
const torch = startTorch();
const steppers: Record<string, Stepper> = {
  loadcast: (...run) => stepOurs('wasm', ...run),
  ...(tensorflow && { tensorflow: (...run) => stepOurs({ tensorflow }, ...run) }),
  ...(torch && { torch: torch.step }),
};

const results = [];
for (const benchmark of CASES) {
  for (const threads of options.threads.split(',').map(Number)) {
    const times: Record<string, number[]> = {};
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const [name, step] of Object.entries(steppers)) {
        (times[name] ??= []).push(...(await step(benchmark, threads, Number(options.steps))));
      }
    }
    for (const [name, milliseconds] of Object.entries(times)) {
      const sorted = milliseconds.toSorted((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
      const fastest = sorted[0] ?? NaN;
      results.push({
        case: benchmark.name,
        batchRows: benchmark.rows,
        engine: name,
        threads,
        steps: sorted.length,
        medianMs: median,
        fastestMs: fastest,
      });
      console.log(
        `${benchmark.name}, ${threads} thread(s), ${name}: median ${median.toFixed(1)} ms, fastest ${fastest.toFixed(1)} ms of ${sorted.length} steps`,
      );
    }
  }
}
torch?.end();
if (options.json) {
  const report = {
    node: process.version,
    processor: cpus()[0]?.model,
    results,
  };
  writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
}

async function stepOurs(
  engine: EngineChoice,
  benchmark: Case,
  threads: number,
  steps: number,
): Promise<number[]> {
  const source = randomBatch(benchmark);
  const times: number[] = [];
  let last = NaN;
  await trainSeq2Seq({
    network: benchmark.network,
    loss: { kind: 'pinball', levels: benchmark.levels },
    optimiser: { kind: 'adam', l2: 0 },
    learningRate: 1e-3,
    schedule: { kind: 'cosine', warmupShare: 0.1 },
    clip: { norm: 1 },
    inputNoise: null,
    steps: WARMUP_STEPS + steps,
    batchRows: benchmark.rows,
    seed: 1,
    threads,
    engine,
    validation: null,
    fillBatch: (_, batch) => {
      batch.encoder.set(source.encoder);
      batch.decoder.set(source.decoder);
      batch.target.set(source.target);
    },
    onStep: () => {
      const now = performance.now();
      times.push(now - last);
      last = now;
    },
  });
  return times.slice(WARMUP_STEPS);
}

function randomBatch({ network, rows }: Case): Batch {
  const random = createRandom('step time');
  const normal = (length: number): Float32Array =>
    Float32Array.from({ length }, () => random.normal());
  return {
    encoder: normal(rows * network.encoderSteps * network.encoderFeatures),
    decoder: normal(rows * network.decoderSteps * network.decoderFeatures),
    target: normal(rows * network.decoderSteps),
  };
}

/** One Python process for the whole run: it takes a JSON line per request and answers with its step times. */
function startTorch(): { step: Stepper; end: () => void } | null {
  const python = process.env['LOADCAST_PYTHON'];
  if (!python) return null;
  const script = fileURLToPath(new URL('step-time-torch.py', import.meta.url));
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout });
  return {
    step: async ({ network, levels, rows }, threads, steps) => {
      const request = { network, levels, threads, steps, warmup: WARMUP_STEPS, rows };
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const [line]: unknown[] = await Promise.race([
        once(answers, 'line'),
        once(child, 'exit').then(([code]) => {
          throw new Error(`${python} ended with code ${String(code)}: has it torch?`);
        }),
      ]);
      const times: unknown = JSON.parse(String(line));
      if (!Array.isArray(times)) throw new TypeError(`unreadable answer from ${python}`);
      return times.map(Number);
    },
    end: () => {
      child.stdin.end();
    },
  };
}
