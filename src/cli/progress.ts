import { Listr, ListrLogger, ProcessOutput } from 'listr2';

/**
 * Shows how far the work is, in a few words; may be called often.
 * @param isNews shown at once, however short ago the last line was
 */
export type ReportProgress = (text: string, isNews?: boolean) => void;

/** One step of long work. */
export interface ProgressTask {
  readonly title: string;
  readonly run: (report: ReportProgress) => Promise<void>;
}

const plainIntervalMs = 5_000;

/**
 * Runs tasks one after the other and shows how far they are, on standard error: listr2 on a terminal, otherwise plain
 * lines, at most one every five seconds within a task. The first error ends it and is thrown.
 */
export async function runWithProgress(tasks: readonly ProgressTask[]): Promise<void> {
  if (process.stderr.isTTY) await runOnTerminal(tasks);
  else await runPlain(tasks, (line) => process.stderr.write(`${line}\n`), Date.now);
}

async function runOnTerminal(tasks: readonly ProgressTask[]): Promise<void> {
  // Both streams are standard error: standard output is for the result.
  const logger = new ListrLogger({
    processOutput: new ProcessOutput(process.stderr, process.stderr),
  });
  const list = new Listr(
    tasks.map((task) => ({
      title: task.title,
      task: async (_context: unknown, row: { output: string }) =>
        task.run((text) => {
          row.output = text;
        }),
    })),
    {
      // Ctrl-C belongs to the command: it lets running work end.
      registerSignalListeners: false,
      rendererOptions: { logger, collapseErrors: false, showErrorMessage: false },
    },
  );
  await list.run();
}

/** @param nowMs clock of the five seconds between lines */
export async function runPlain(
  tasks: readonly ProgressTask[],
  writeLine: (line: string) => void,
  nowMs: () => number,
): Promise<void> {
  for (const { title, run } of tasks) {
    const startedMs = nowMs();
    let shownMs = startedMs;
    writeLine(`${title} …`);
    await run((text, isNews = false) => {
      if (!isNews && nowMs() - shownMs < plainIntervalMs) return;
      shownMs = nowMs();
      writeLine(`${title}: ${text}`);
    });
    writeLine(`${title}: done in ${((nowMs() - startedMs) / 1000).toFixed(1)} s`);
  }
}

/**
 * Progress of work that is short as a rule: nothing for five seconds, then a line on standard error at most every five.
 */
export function quietProgress(
  title: string,
  writeLine: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
  nowMs: () => number = Date.now,
): ReportProgress {
  let shownMs = nowMs();
  return (text) => {
    if (nowMs() - shownMs < plainIntervalMs) return;
    shownMs = nowMs();
    writeLine(`${title}: ${text}`);
  };
}
