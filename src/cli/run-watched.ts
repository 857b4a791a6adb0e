import type { JobControl } from '../jobs/job-services.js';
import type { TaskProgress } from '../core/task-progress.js';
import { runWithProgress, type ReportProgress } from './progress.js';

/** Does one piece of work with its progress shown. The first Ctrl-C aborts its signal. */
export async function runWatched<T>(
  title: string,
  work: (control: Required<JobControl>) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const results: { readonly value: T }[] = [];
  try {
    await runWithProgress([
      {
        title,
        run: async (report) => {
          const onProgress = (progress: TaskProgress): void => {
            showProgress(report, progress);
          };
          results.push({ value: await work({ onProgress, signal: stopping.signal }) });
        },
      },
    ]);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
  const [result] = results;
  if (!result) throw new Error(`"${title}" gave no result.`);
  return result.value;
}

/** A note is news when it comes by itself; after that it stands behind each step. */
export function showProgress(report: ReportProgress, progress: TaskProgress): void {
  report(describeProgress(progress), progress.note !== undefined && progress.step === undefined);
}

/** One line on how far a job is. */
export function describeProgress(progress: TaskProgress): string {
  const { phase, member, step, steps } = progress;
  const parts = [member ? `${phase}, ${member}` : phase];
  if (step !== undefined && steps !== undefined) parts.push(`step ${step} of ${steps}`);
  if (progress.loss !== undefined) parts.push(`loss ${progress.loss.toFixed(4)}`);
  if (progress.validationLoss !== undefined && progress.validationLoss !== null)
    parts.push(`validation loss ${progress.validationLoss.toFixed(4)}`);
  if (progress.learningRate !== undefined)
    parts.push(`rate ${progress.learningRate.toExponential(1)}`);
  if (progress.gradientNorm !== undefined)
    parts.push(`gradient norm ${progress.gradientNorm.toFixed(2)}`);
  if (progress.secondsLeft !== undefined) parts.push(`${Math.ceil(progress.secondsLeft)} s left`);
  if (progress.note !== undefined) parts.push(progress.note);
  return parts.join(', ');
}
