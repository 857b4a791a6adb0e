import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { warmupSteps, type Case } from './cases.js';

/** One way to run PyTorch; the fastest is what we compare with. */
export interface TorchSetting {
  readonly name: string;
  readonly onednn: boolean;
  readonly fused: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

/** glibc keeps the memory of a step for the next one, as PyTorch's tuning guide has it from other allocators. */
const keptMemory = {
  MALLOC_MMAP_THRESHOLD_: '4294967296',
  MALLOC_TRIM_THRESHOLD_: '8589934592',
  MALLOC_TOP_PAD_: '268435456',
};

export const torchSettings: readonly TorchSetting[] = [
  { name: 'defaults', onednn: true, fused: false, environment: {} },
  { name: 'memory kept', onednn: true, fused: false, environment: keptMemory },
  { name: 'memory kept, fused Adam', onednn: true, fused: true, environment: keptMemory },
  { name: 'memory kept, without oneDNN', onednn: false, fused: true, environment: keptMemory },
];

export interface Torch {
  readonly version: string;
  /** times of the steps after the warm-up, ms */
  steps(benchmark: Case, setting: TorchSetting, threads: number, steps: number): Promise<number[]>;
  end(): void;
}

/** PyTorch in a process for each environment, idle while it is not asked. */
export async function startTorch(python: string): Promise<Torch> {
  const processes = new Map<object, Session>();
  for (const { environment } of torchSettings) {
    if (!processes.has(environment)) processes.set(environment, openSession(python, environment));
  }
  const versions = await Promise.all([...processes.values()].map((session) => session.next()));
  return {
    version: z.string().parse(JSON.parse(versions[0] ?? '')),
    async steps(benchmark, setting, threads, steps) {
      const { network, loss, batchRows } = benchmark;
      const session = processes.get(setting.environment);
      if (!session) throw new Error(`No PyTorch runs for "${setting.name}".`);
      const levels = loss.kind === 'pinball' ? loss.levels : [0.5];
      const { onednn, fused } = setting;
      const request = { network, levels, threads, steps, rows: batchRows };
      session.write(JSON.stringify({ ...request, warmup: warmupSteps(benchmark), onednn, fused }));
      return z.array(z.number()).parse(JSON.parse(await session.next()));
    },
    end: () => {
      for (const session of processes.values()) session.end();
    },
  };
}

interface Session {
  write(line: string): void;
  next(): Promise<string>;
  end(): void;
}

function openSession(python: string, environment: Readonly<Record<string, string>>): Session {
  const script = fileURLToPath(new URL('torch-steps.py', import.meta.url));
  const child = spawn(python, [script], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.on('error', (error) => {
    throw new Error(`${python} cannot be started: ${error.message}`, { cause: error });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    write: (line) => child.stdin.write(`${line}\n`),
    next: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${python} ended before it answered: has it torch?`);
      return value;
    },
    end: () => child.stdin.end(),
  };
}
