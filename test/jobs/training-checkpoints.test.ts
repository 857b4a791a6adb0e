import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TrainTask } from '../../src/jobs/thread/tasks.js';
import { checkpointFiles, createTrainingCheckpoints } from '../../src/jobs/training-checkpoints.js';
import { changed, sampleHistory } from '../forecast/sample-history.js';

const history = sampleHistory(20);
const task: TrainTask = {
  kind: 'train',
  seriesId: 'sample',
  history,
  weather: 'actual',
  weatherRuns: [],
  trainedAtMs: 1,
  issueTimes: ['00:00'],
  loadDelayHours: 0,
  seed: 1,
  threads: 1,
  members: ['all'],
  lstm: {},
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loadcast-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a slot gives back what it was given last, and nothing before', async () => {
  const problems: string[] = [];
  const files = path.join(folder, 'not', 'there', 'yet');
  const slot = checkpointFiles(files, (problem) => problems.push(problem))('lstm-seed-1');
  expect(await slot.load()).toBeNull();
  await slot.save(Uint8Array.of(1, 2));
  await slot.save(Uint8Array.of(3));
  expect([...((await slot.load()) ?? [])]).toEqual([3]);
  expect(await checkpointFiles(files, () => undefined)('lstm-seed-2').load()).toBeNull();
  expect(await readdir(files)).toEqual(['lstm-seed-1.checkpoint']);
  expect(problems).toEqual([]);
});

test('a checkpoint that cannot be read or written is told, and ends nothing', async () => {
  const problems: string[] = [];
  const files = path.join(folder, 'a file');
  await writeFile(files, '');
  const slot = checkpointFiles(files, (problem) => problems.push(problem))('lstm');
  await slot.save(Uint8Array.of(1));
  expect(await slot.load()).toBeNull();
  expect(problems).toEqual([
    expect.stringMatching(/^checkpoint not saved: .*a file/),
    expect.stringMatching(/^checkpoint not read: .*a file/),
  ]);
});

test('the same training has the same folder, whenever it runs and on how many threads', async () => {
  const checkpoints = createTrainingCheckpoints(folder, () => undefined);
  const wanted = await checkpoints.folderOf(task);
  expect(await checkpoints.folderOf({ ...task, trainedAtMs: 2, threads: 4 })).toBe(wanted);
  const load = changed(history, {
    loadMw: (mw, atMs) => (atMs === history.load.startMs ? mw + 1e-9 : mw),
  });
  const others: Partial<TrainTask>[] = [
    { seed: 2 },
    { members: ['lstm'] },
    { lstm: { units: 64 } },
    { weather: 'model' },
    { history: load },
    { history: changed(history, { temperatureC: (celsius) => celsius + 1 }) },
    { seriesId: '../sample' },
  ];
  for (const other of others) {
    const elsewhere = await checkpoints.folderOf({ ...task, ...other });
    expect(elsewhere).not.toBe(wanted);
    expect(path.relative(folder, elsewhere)).not.toMatch(/^\.\./);
  }
});

test("a series' earlier trainings are removed, other series' are left alone", async () => {
  const checkpoints = createTrainingCheckpoints(folder, () => undefined);
  const save = async (of: TrainTask): Promise<string> => {
    const files = await checkpoints.folderOf(of);
    await mkdir(files, { recursive: true });
    await checkpointFiles(files, () => undefined)('lstm').save(Uint8Array.of(1));
    return files;
  };
  const stale = await save(task);
  const other = await save({ ...task, seriesId: 'other' });
  const current = await save({ ...task, seed: 2 });
  await checkpoints.folderOf({ ...task, seed: 2 });
  expect(await readdir(path.dirname(current))).toEqual([path.basename(current)]);
  expect(path.dirname(stale)).toBe(path.dirname(current));
  await checkpoints.forget('sample');
  await checkpoints.forget('never trained');
  expect(await readdir(folder)).toEqual([path.basename(path.dirname(other))]);
});

test('checkpoints that cannot be removed are told, and end nothing', async () => {
  const problems: string[] = [];
  await writeFile(path.join(folder, 'series-sample'), 'in the way');
  const checkpoints = createTrainingCheckpoints(folder, (problem) => problems.push(problem));
  expect(path.dirname(await checkpoints.folderOf(task))).toBe(path.join(folder, 'series-sample'));
  expect(problems).toEqual([
    expect.stringMatching(/^old checkpoints not removed: .*series-sample/),
  ]);
});
