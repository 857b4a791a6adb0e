import { expect, test } from 'vitest';
import { quietProgress, runPlain, type ReportProgress } from '../../src/cli/progress.js';
import { showProgress } from '../../src/cli/run-watched.js';

test('plain progress: one line at the start and the end, in between at most one in five seconds', async () => {
  const lines: string[] = [];
  let nowMs = 0;
  const task = {
    title: 'training lstm',
    run: (report: (text: string) => void): Promise<void> => {
      for (let step = 1; step <= 12; step++) {
        nowMs += 1_000;
        report(`step ${step} of 12`);
      }
      return Promise.resolve();
    },
  };
  await runPlain(
    [task],
    (line) => lines.push(line),
    () => nowMs,
  );
  expect(lines).toEqual([
    'training lstm …',
    'training lstm: step 5 of 12',
    'training lstm: step 10 of 12',
    'training lstm: done in 12.0 s',
  ]);
});

const note = 'resumed at step 40';
const resumed = (report: ReportProgress): Promise<void> => {
  showProgress(report, { phase: 'serving fit', member: 'lstm', note });
  showProgress(report, { phase: 'serving fit', member: 'lstm', step: 41, steps: 60, note });
  return Promise.resolve();
};

test('news is shown at once', async () => {
  const lines: string[] = [];
  await runPlain(
    [{ title: 'Train', run: resumed }],
    (line) => lines.push(line),
    () => 0,
  );
  expect(lines).toEqual([
    'Train …',
    'Train: serving fit, lstm, resumed at step 40',
    'Train: done in 0.0 s',
  ]);
});

test('the first error ends it: later tasks do not run', async () => {
  const lines: string[] = [];
  const tasks = [
    { title: 'a', run: () => Promise.reject(new Error('no load')) },
    { title: 'b', run: () => Promise.resolve() },
  ];
  await expect(
    runPlain(
      tasks,
      (line) => lines.push(line),
      () => 0,
    ),
  ).rejects.toThrow('no load');
  expect(lines).toEqual(['a …']);
});

test('progress of work that is mostly short says nothing for five seconds', () => {
  const lines: string[] = [];
  let nowMs = 0;
  const report = quietProgress(
    'Importing',
    (line) => lines.push(line),
    () => nowMs,
  );
  for (const [atMs, text] of [
    [10, 'a'],
    [4_999, 'b'],
    [5_000, 'c'],
    [9_000, 'd'],
    [10_000, 'e'],
  ] as const) {
    nowMs = atMs;
    report(text);
  }
  expect(lines).toEqual(['Importing: c', 'Importing: e']);
});
