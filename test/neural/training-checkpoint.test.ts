import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../src/core/training-event.js';
import { trainSeq2Seq, type TrainedSeq2Seq } from '../../src/neural/train.js';
import type { TrainSeq2SeqOptions } from '../../src/neural/training-options.js';
import { checkpointIn, resumableTraining } from './fixtures/resumable-training.js';
import { fillToyBatch } from './toy-task.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loadcast-checkpoint-'));
  file = path.join(folder, 'training.checkpoint');
});
afterEach(() => rm(folder, { recursive: true }));

/** Trains in this process, with the checkpoint of the file. */
async function train(
  changes: Partial<TrainSeq2SeqOptions> = {},
): Promise<TrainedSeq2Seq & { events: TrainingEvent[]; steps: number[] }> {
  const events: TrainingEvent[] = [];
  const steps: number[] = [];
  const trained = await trainSeq2Seq({
    ...resumableTraining,
    checkpoint: checkpointIn(file),
    onEvent: (event) => events.push(event),
    onStep: ({ step }) => steps.push(step),
    ...changes,
  });
  return { ...trained, events, steps };
}

/** Trains in a process of its own, and kills it with SIGKILL when it has done `kills` steps altogether. */
async function trainAndKill(kills: number): Promise<void> {
  const script = fileURLToPath(new URL('fixtures/resumable-training.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let steps = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    expect(line).toMatch(/^step \d+$/);
    if (++steps === kills) child.kill('SIGKILL');
  }
  expect(await ended).toEqual([null, 'SIGKILL']);
}

describe('a training that was killed', () => {
  let straight: TrainedSeq2Seq;
  beforeAll(async () => {
    straight = await trainSeq2Seq(resumableTraining);
  });

  test('resumes, and ends with the bytes of one that was not', async () => {
    expect(straight.retries).toBe(1);
    expect(straight.curve.events?.map((event) => event.kind)).toContain('plateau');
    await trainAndKill(24);
    await trainAndKill(15);
    const resumed = await train({ threads: 2 });
    const [event] = resumed.events;
    if (event?.kind !== 'resumed') throw new TypeError('did not resume');
    expect(event.step % 7).toBe(0);
    expect(event.step).toBeGreaterThan(14);
    expect(resumed.steps[0]).toBe(event.step + 1);
    expect(resumed.parameters).toEqual(straight.parameters);
    expect(resumed.curve).toEqual(straight.curve);
    expect(resumed.bestStep).toBe(straight.bestStep);
    expect(resumed.retries).toBe(1);
  });

  test.each([3, 5, 6, 20])('after %i steps in all, whatever it was about', async (steps) => {
    let done = 0;
    const stopped = train({
      checkpoint: { ...checkpointIn(file), every: 1 },
      onStep: () => done++,
      shouldStop: () => done === steps,
    });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    const resumed = await train();
    expect(resumed.events[0]).toMatchObject({ kind: 'resumed' });
    expect(resumed.parameters).toEqual(straight.parameters);
    expect(resumed.curve).toEqual(straight.curve);
  });
});

test('a training that is finished is not trained again', async () => {
  const first = await train({ steps: 10 });
  const again = await train({ steps: 10 });
  expect(again.steps).toEqual([]);
  expect(again.events).toEqual([{ kind: 'resumed', step: 10 }]);
  expect(again.parameters).toEqual(first.parameters);
  expect(again.curve).toEqual(first.curve);
});

describe('a checkpoint is left aside, with the reason,', () => {
  test.each<[string, Partial<TrainSeq2SeqOptions>]>([
    ['of another seed', { seed: 2 }],
    ['of another rate', { learningRate: 0.5 }],
    ['of another loss', { loss: { kind: 'mae' } }],
    ['of another network', { network: { ...resumableTraining.network, headUnits: 16 } }],
    ['of other data', { fillBatch: (step, batch) => fillToyBatch(step + 1, batch) }],
    ['of other validation', { validation: null, schedule: { kind: 'constant' } }],
  ])('%s', async (_, changes) => {
    await train({ steps: 3 });
    const other = { steps: 3, ...changes };
    const trained = await train(other);
    expect(trained.events[0]).toEqual({
      kind: 'checkpoint refused',
      reason: 'it is of another training: options or data differ.',
    });
    const fresh = await trainSeq2Seq({ ...resumableTraining, ...other });
    expect(trained.parameters).toEqual(fresh.parameters);
  });

  test.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
    ['one bit', (bytes) => flipped(bytes, 5000), /damaged: the SHA-256/],
    ['the last byte', (bytes) => flipped(bytes, bytes.length - 1), /damaged/],
    ['cut short', (bytes) => bytes.subarray(0, 1000), /1000 bytes are damaged/],
    ['empty', () => Buffer.alloc(0), /0 bytes are damaged/],
  ])('damaged: %s', async (_, damage, reason) => {
    const straight = await train({ steps: 3 });
    await writeFile(file, damage(await readFile(file)));
    const trained = await train({ steps: 3 });
    expect(trained.events[0]).toEqual({
      kind: 'checkpoint refused',
      reason: expect.stringMatching(reason),
    });
    expect(trained.steps).toEqual([1, 2, 3]);
    expect(trained.parameters).toEqual(straight.parameters);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
